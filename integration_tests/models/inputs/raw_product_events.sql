{{ empty_input('product_events') }}
