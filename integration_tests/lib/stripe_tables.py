"""Invoices as Stripe keeps them, in the tables that Fivetran makes of it.

    tables, lines = kept(invoices)

A discount stands on the invoice, in its total; a proration is a line, already discounted. Metered
usage is told by its price, a charge by hand by its type. `lines` are the contract's rows of it all.
"""

from __future__ import annotations

from datetime import date

from billing import Invoice, Line, accounts_of, tax_on
from harness import Row, Rows

VARS = {
    "plr_connector_account_fields": {"stripe": "workspace_id"},
    "plr_stripe_seat_prices": ["price_seats"],
}
TYPES = {
    "customer": {"id": "text", "name": "text", "created": "timestamp", "metadata": "json"},
    "invoice": {
        "id": "text",
        "customer_id": "text",
        "status": "text",
        "total": "bigint",
        "tax": "bigint",
        "is_deleted": "boolean",
        "livemode": "boolean",
    },
    "invoice_line_item": {
        "id": "text",
        "unique_id": "text",
        "invoice_id": "text",
        "subscription_id": "text",
        "subscription_item_id": "text",
        "price_id": "text",
        "type": "text",
        "proration": "boolean",
        "discountable": "boolean",
        "period_start": "timestamp",
        "period_end": "timestamp",
        "quantity": "bigint",
        "amount": "bigint",
        "currency": "text",
    },
    "price": {"id": "text", "recurring_usage_type": "text"},
}
# what the invoice says that pays for nothing
FATES: dict[str, Row] = {
    "deleted": {"status": "paid", "is_deleted": True},
    "test": {"status": "paid", "livemode": False},
}


def invoice_kept(invoice: Invoice) -> Row:
    """An invoice, with the discount in its total."""
    tax = tax_on(invoice.lines)
    return {
        "id": f"in_{invoice.number:05d}",
        "customer_id": f"cus_{invoice.lines[0].period['account_id']}",
        "total": sum(line.net for line in invoice.lines) + tax,
        "tax": tax,
    } | FATES.get(invoice.fate, {"status": invoice.fate})


def line_kept(invoice: Invoice, place: int, line: Line) -> Row:
    """A line of an invoice; newer ones have an id of their own, older ones one of their invoice."""
    period = line.period
    is_proration = line.kind == "proration"
    price = "price_seats" if period["seats"] else "price_flat"
    return {
        "id": f"sli_{place}",
        "unique_id": f"il_{place}" if place % 2 else None,
        "invoice_id": f"in_{invoice.number:05d}",
        "subscription_id": f"sub_{period['account_id']}",
        "subscription_item_id": f"si_{period['subscription_id']}",
        "price_id": {"usage": "price_calls", "one_time": None}.get(line.kind, price),
        "type": "invoiceitem" if line.kind == "one_time" else "subscription",
        "proration": is_proration,
        "discountable": not is_proration,
        "period_start": line.start,
        "period_end": line.end,
        "quantity": period["seats"] or 1,
        "amount": line.net if is_proration else line.price,
        "currency": period["currency"].lower(),
    }


def kept(invoices: list[Invoice]) -> tuple[dict[str, Rows], Rows]:
    """Stripe's tables of these invoices, and the contract's rows of them."""
    tables: dict[str, Rows] = {name: [] for name in TYPES}
    rows: Rows = []
    for invoice in invoices:
        tables["invoice"].append(invoice_kept(invoice))
        for place, line in enumerate(invoice.lines):
            item = line_kept(invoice, place, line)
            tables["invoice_line_item"].append(item)
            if invoice.fate == "paid":
                rows.append(
                    line.row()
                    | {
                        "invoice_line_id": f"stripe:{item['invoice_id']}:"
                        f"{item['unique_id'] or item['id']}",
                        "account_id": f"stripe:cus_{line.period['account_id']}",
                        "subscription_id": f"stripe:{item['subscription_item_id']}",
                        "seats": item["quantity"] if item["price_id"] == "price_seats" else None,
                    }
                )
    for account in accounts_of(invoices):
        tables["customer"].append(
            {
                "id": f"cus_{account}",
                "name": f"{account} at Stripe",
                "created": date(2026, 1, 1),
                "metadata": {"workspace_id": account},
            }
        )
    tables["price"] += [
        {"id": "price_calls", "recurring_usage_type": "metered"},
        {"id": "price_flat", "recurring_usage_type": "licensed"},
    ]
    return tables, rows
