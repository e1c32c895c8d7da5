"""Invoices and contracts as Chargebee keeps them, in the tables that Fivetran makes of it.

    tables, told = kept(invoices, contracts)

Each item is a subscription of its own. A line has its discount and, of those who pay in euros, its
tax within the amount. What a change gives back is a credit note on the invoice that billed it, and
only what it charges a line. Some are paid for by another customer. Chargebee has no test mode: a
test is a site of its own. `told` are the contract's rows of it all, by input.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from billing import TAX, Invoice, Line, accounts_of, in_units, later
from harness import Row, Rows

VARS = {"plr_connector_account_fields": {"chargebee": "cf_workspace_id"}}
DOCUMENT = {
    "id": "text",
    "customer_id": "text",
    "status": "text",
    "currency_code": "text",
    "price_type": "text",
    "deleted": "boolean",
}
ITEM = {
    "id": "text",
    "customer_id": "text",
    "subscription_id": "text",
    "entity_type": "text",
    "entity_id": "text",
    "metered": "boolean",
    "date_from": "timestamptz",
    "date_to": "timestamptz",
    "amount": "bigint",
    "discount_amount": "bigint",
    "tax_amount": "bigint",
}
TYPES = {
    "customer": {
        "id": "text",
        "company": "text",
        "created_at": "timestamptz",
        "cf_workspace_id": "text",
        "meta_data": "json",
    },
    "invoice": DOCUMENT,
    "invoice_line_item": ITEM | {"invoice_id": "text"},
    "credit_note": DOCUMENT | {"reference_invoice_id": "text", "reason_code": "text"},
    "credit_note_line_item": ITEM | {"credit_note_id": "text"},
    "subscription": {"id": "text", "customer_id": "text", "currency_code": "text"},
    "contract_term": {
        "id": "text",
        "subscription_id": "text",
        "contract_start": "timestamp",
        "contract_end": "timestamp",
        "total_contract_value": "bigint",
        "total_contract_value_before_tax": "bigint",
        "action_at_term_end": "text",
    },
}
# what the invoice says that pays for nothing
FATES: dict[str, Row] = {
    "draft": {"status": "pending"},
    "void": {"status": "voided"},
    "uncollectible": {"status": "not_paid"},
    "deleted": {"status": "paid", "deleted": True},
}
STATUSES = ("paid", "posted", "payment_due")  # of what is served
ENTITIES = {"usage": "addon_item_price", "one_time": "charge_item_price"}


def subscription_of(row: Row) -> str:
    """The subscription of a period or a contract; it has one currency."""
    return f"{row['subscription_id']}-{row['currency']}"


def document(number: str, line: Line, said: Row) -> Row:
    """An invoice or a credit note; every fifth account is paid for by a reseller."""
    account = line.period["account_id"]
    currency = line.period["currency"]
    return {
        "id": number,
        "customer_id": "reseller" if account.endswith(("0", "5")) else account,
        "currency_code": currency,
        "price_type": "tax_inclusive" if currency == "EUR" else "tax_exclusive",
    } | said


def item(line: Line, place: int) -> Row:
    """A line of either; of what is given back the amounts are positive, too."""
    period = line.period
    price, net = abs(line.price), abs(line.net)
    tax = round(net * TAX)
    amount = price + (round(price * TAX) if period["currency"] == "EUR" else 0)
    every = "Yearly" if period["interval_months"] == 12 else "Monthly"
    name = period["subscription_id"].split("-")[1] if line.kind != "usage" else "calls"
    return {
        "id": f"li_{place}",
        "customer_id": period["account_id"],
        "subscription_id": subscription_of(period),
        "entity_type": ENTITIES.get(line.kind, "plan_item_price"),
        "entity_id": f"{name}-{period['currency']}-{every}",
        "metered": line.kind == "usage",
        "date_from": f"{line.start} 02:00:00+02",
        "date_to": f"{line.end} 02:00:00+02",
        "amount": amount,
        "discount_amount": amount - net - (tax if period["currency"] == "EUR" else 0),
        "tax_amount": tax,
    }


def row(number: str, of_line: Row, line: Line, kind: str) -> Row:
    """The contract's row of a line."""
    return line.row() | {
        "invoice_line_id": f"chargebee:{number}:{of_line['id']}",
        "account_id": f"chargebee:{line.period['account_id']}",
        "subscription_id": f"chargebee:{of_line['subscription_id']}:{of_line['entity_id']}",
        "line_type": kind,
    }


def keep_invoice(tables: dict[str, Rows], rows: Rows, invoice: Invoice) -> None:
    """The invoice of what is charged."""
    charged = [line for line in invoice.lines if line.share > 0]
    number = f"INV-{invoice.number:05d}"
    if not charged:
        return
    said = FATES.get(invoice.fate, {"status": STATUSES[invoice.number % 3]})
    tables["invoice"].append(document(number, charged[0], said))
    for place, line in enumerate(charged):
        of_line = item(line, place)
        tables["invoice_line_item"].append(of_line | {"invoice_id": number})
        if invoice.fate == "paid":
            # the charge for the rest of a period is a line as any other
            kind = "recurring" if line.kind == "proration" else line.kind
            rows.append(row(number, of_line, line, kind))


def keep_credits(tables: dict[str, Rows], rows: Rows, invoice: Invoice) -> None:
    """The credit notes of what is given back, and of what is written off or was never given."""
    back = [line for line in invoice.lines if line.share < 0]
    is_change = len(back) < len(invoice.lines)
    reason = "subscription_change" if is_change else "subscription_cancellation"
    notes = [(reason, {"status": "refunded"}, line, "proration") for line in back]
    on = invoice.changes if back else invoice.number
    [first, *_] = invoice.lines
    given = replace(first, price=-first.price, net=-first.net)
    if invoice.fate == "uncollectible":
        notes.append(("write_off", {"status": "adjusted"}, given, None))
    elif first.kind == "one_time":
        notes += [
            ("service_unsatisfactory", {"status": "refunded"}, given, "refund"),
            ("service_unsatisfactory", {"status": "voided"}, given, None),
            ("service_unsatisfactory", {"status": "refunded", "deleted": True}, given, None),
        ]
    for place, (why, said, line, kind) in enumerate(notes):
        number = f"CN-{invoice.number:05d}-{place}"
        said = said | {"reference_invoice_id": f"INV-{on:05d}", "reason_code": why}
        tables["credit_note"].append(document(number, line, said))
        of_line = item(line, 0)
        tables["credit_note_line_item"].append(of_line | {"credit_note_id": number})
        if kind:
            rows.append(row(number, of_line, line, kind))


def keep_terms(tables: dict[str, Rows], contracts: Rows) -> Rows:
    """The terms of contracts, each worth its price for its months."""
    rows = []
    for contract in contracts:
        start, end = contract["term_start"], contract["term_end"]
        months = next(n for n in range(1, 99) if later(start, n) >= end)
        value = in_units(contract["contract_mrr"] * months, contract["currency"])
        number = contract["contract_id"]
        tables["contract_term"].append(
            {
                "id": number,
                "subscription_id": subscription_of(contract),
                "contract_start": start,
                "contract_end": datetime(end.year, end.month, end.day) - timedelta(seconds=1),
                "total_contract_value": value + round(value * TAX),
                "total_contract_value_before_tax": value,
                "action_at_term_end": "renew" if contract["auto_renew"] else "evergreen",
            }
        )
        previous = contract["previous_contract_id"]
        names = ("currency", "term_start", "term_end", "contract_mrr", "auto_renew")
        rows.append(
            {name: contract[name] for name in names}
            | {
                "contract_id": f"chargebee:{number}",
                "account_id": f"chargebee:{contract['account_id']}",
                "subscription_id": f"chargebee:{subscription_of(contract)}",
                "previous_contract_id": previous and f"chargebee:{previous}",
            }
        )
    return rows


def kept(invoices: list[Invoice], contracts: Rows) -> tuple[dict[str, Rows], dict[str, Rows]]:
    """Chargebee's tables of these, and the contract's rows of them."""
    tables: dict[str, Rows] = {name: [] for name in TYPES}
    told: dict[str, Rows] = {"revenue": [], "accounts": [], "account_links": []}
    for invoice in invoices:
        if invoice.fate != "test":
            keep_invoice(tables, told["revenue"], invoice)
            keep_credits(tables, told["revenue"], invoice)
    subscriptions = {
        subscription_of(line.period): line.period for invoice in invoices for line in invoice.lines
    }
    for subscription, period in subscriptions.items():
        tables["subscription"].append(
            {
                "id": subscription,
                "customer_id": period["account_id"],
                "currency_code": period["currency"].lower(),
            }
        )
    told["contracts"] = keep_terms(tables, contracts)
    for place, account in enumerate(accounts_of(invoices)):
        own = "meta_data" if place % 2 else "cf_workspace_id"
        tables["customer"].append(
            {
                "id": account,
                "company": f"{account} at Chargebee",
                "created_at": "2026-01-01 02:00:00+02",
                own: {"cf_workspace_id": account} if place % 2 else account,
            }
        )
        ours = f"chargebee:{account}"
        told["account_links"].append({"account_id": ours, "same_as_account_id": account})
        told["accounts"].append(
            {
                "account_id": ours,
                "account_name": f"{account} at Chargebee",
                "created_at": date(2026, 1, 1),
            }
        )
    return tables, told
