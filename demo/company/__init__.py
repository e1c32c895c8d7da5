"""The made-up company behind the demo: Kestrel sells shared planning boards, by the seat."""
