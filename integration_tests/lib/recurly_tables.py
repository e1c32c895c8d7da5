"""Invoices as Recurly keeps them, in the tables of histories that Fivetran makes of it.

    tables, told = kept(invoices)

An account has one subscription in a currency, its other items are add-ons; some lines do not say
which subscription. A line has its discount and, of those who pay in euros, its tax within the
amount. What is given back is a credit of negative amount, in an invoice of its own. Everything was
something else before: an invoice pending or paid, a line dearer. Recurly deletes no invoice, and a
test is a site of its own. Its terms are the years that are billed at once. `told` are the
contract's rows of it all, by input.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from billing import TAX, Invoice, Line, accounts_of, in_major_units, later
from harness import Row, Rows

VARS = {"plr_connector_account_fields": {"recurly": "code"}}
TYPES = {
    "account_history": {
        "id": "text",
        "code": "text",
        "company": "text",
        "created_at": "timestamptz",
        "updated_at": "timestamptz",
    },
    "invoice_history": {"id": "text", "state": "text", "updated_at": "timestamp"},
    "line_item_history": {
        "id": "text",
        "account_id": "text",
        "invoice_id": "text",
        "original_line_item_invoice_id": "text",
        "subscription_id": "text",
        "type": "text",
        "state": "text",
        "origin": "text",
        "plan_code": "text",
        "add_on_code": "text",
        "add_on_id": "text",
        "currency": "text",
        "subtotal": "double",
        "discount": "double",
        "tax": "double",
        "tax_inclusive": "boolean",
        "proration_rate": "double",
        "refund": "boolean",
        "start_date": "timestamptz",
        "end_date": "timestamptz",
        "updated_at": "timestamp",
    },
    "plan_add_on_history": {"id": "text", "add_on_type": "text", "updated_at": "timestamp"},
}
# the state of an invoice that pays for nothing
FATES = {"draft": "pending", "void": "voided", "uncollectible": "failed"}
STATES = ("paid", "past_due", "processing")  # of what is served
BEFORE, NOW = "2026-01-01 00:00:00+00", "2026-01-02 00:00:00+00"
CREATED = "2026-01-01 02:00:00+02"


@dataclass(frozen=True)
class Document:
    """An invoice of charges or of credits."""

    number: str
    state: str
    lines: list[Line]
    said: Row = field(default_factory=dict)  # what its lines say besides
    counts: bool = True


def documents_of(invoice: Invoice) -> Iterator[Document]:
    """The invoice of what is charged, and that of what is given back, refunded or carried on."""
    charged = [line for line in invoice.lines if line.share > 0]
    back = [line for line in invoice.lines if line.share < 0]
    number, credit = f"{invoice.number:05d}", f"{invoice.number:05d}c"
    state = FATES.get(invoice.fate, STATES[invoice.number % 3])
    if charged:
        said = {"state": "pending"} if state == "pending" else {}
        yield Document(number, state, charged, said, invoice.fate == "paid")
    if back:
        said = {"original_line_item_invoice_id": f"{invoice.changes:05d}", "refund": not charged}
        yield Document(credit, "closed", back, said)
    [first, *_] = invoice.lines
    given = [replace(first, price=-first.price, net=-first.net, kind="refund")]
    said = {"original_line_item_invoice_id": number, "refund": True}
    if invoice.fate == "uncollectible":
        yield Document(credit, "closed", given, said, counts=False)
    elif first.kind == "one_time":
        yield Document(credit, "closed", given, said)
    elif first.kind == "usage":
        yield Document(credit, "closed", given, {"origin": "carryforward"}, counts=False)


def item_of(line: Line, number: str, place: int) -> Row:
    """A line; whether a credit's discount is negative, too, nobody says."""
    period = line.period
    account, currency = period["account_id"], period["currency"]
    is_inclusive = currency == "EUR"
    is_plan = period["subscription_id"].split("-")[1] == "seats" and line.kind != "usage"
    sign = -1 if line.net < 0 else 1
    tax = round(abs(line.net) * TAX)
    subtotal = abs(line.price) + (round(abs(line.price) * TAX) if is_inclusive else 0)
    discount = subtotal - abs(line.net) - (tax if is_inclusive else 0)
    by_hand = {"origin": "debit", "plan_code": None, "add_on_code": None, "end_date": None}
    kind = "plan" if is_plan else "add_on"
    return {
        "id": f"{number}-{place}",
        "account_id": account,
        "invoice_id": number,
        "subscription_id": None if account.endswith("3") else f"{account}-{currency}",
        "type": "credit" if line.net < 0 else "charge",
        "state": "invoiced",
        "origin": f"{kind}_trial" if period["is_trial"] and line.net == 0 else kind,
        "plan_code": f"team-{period['interval_months']}",
        "add_on_code": None if is_plan else "calls" if line.kind == "usage" else "analytics",
        "add_on_id": "ao_calls" if line.kind == "usage" else None if is_plan else "ao_analytics",
        "currency": currency.lower(),
        "subtotal": in_major_units(sign * subtotal, currency),
        "discount": in_major_units(discount * (sign if currency == "USD" else 1), currency),
        "tax": in_major_units(sign * tax, currency),
        "tax_inclusive": is_inclusive,
        "proration_rate": float(abs(line.share)) if line.kind == "proration" else None,
        "refund": False,
        "start_date": f"{line.start} 02:00:00+02",
        "end_date": f"{line.end} 02:00:00+02",
    } | (by_hand if line.kind in ("one_time", "refund") else {})


def row_of(line: Line, item: Row) -> Row:
    """The contract's row of a line; without a subscription it belongs to its account's plan."""
    what = item["add_on_code"] or item["plan_code"]
    whose = item["subscription_id"] or (what and item["account_id"])
    of = ":".join(part for part in (whose, what) if part)
    return line.row() | {
        "invoice_line_id": f"recurly:{item['id']}",
        "account_id": f"recurly:{item['account_id']}",
        "subscription_id": f"recurly:{of or item['invoice_id']}",
        "service_end": item["end_date"] and line.end,
    }


def terms_of(lines: list[tuple[Line, Row]]) -> Rows:
    """The years that are billed at once, each after the one before it of its item."""
    last: dict[str, str] = {}
    terms = []
    for line, row in sorted(lines, key=lambda told: told[0].start):
        if line.kind != "recurring" or line.end != later(line.start, 12):
            continue
        item = row["subscription_id"]
        terms.append(
            {name: row[name] for name in ("account_id", "subscription_id", "currency")}
            | {
                "contract_id": row["invoice_line_id"],
                "previous_contract_id": last.get(item),
                "term_start": line.start,
                "term_end": line.end,
                "contract_mrr": row["amount"] / 12,
                "discount_share": 1 - Decimal(line.net) / line.price,
            }
        )
        last[item] = row["invoice_line_id"]
    return terms


def kept(invoices: list[Invoice]) -> tuple[dict[str, Rows], dict[str, Rows]]:
    """Recurly's tables of these, and the contract's rows of them."""
    tables: dict[str, Rows] = {name: [] for name in TYPES}
    told: dict[str, Rows] = {"accounts": [], "account_links": []}
    lines: list[tuple[Line, Row]] = []

    def write(table: str, now: Row, **before: object) -> None:
        tables[table] += [now | {"updated_at": NOW}, now | before | {"updated_at": BEFORE}]

    for invoice in invoices:
        if invoice.fate in ("deleted", "test"):
            continue
        for document in documents_of(invoice):
            was = "paid" if document.state in ("voided", "failed") else "pending"
            write("invoice_history", {"id": document.number, "state": document.state}, state=was)
            for place, line in enumerate(document.lines):
                item = item_of(line, document.number, place) | document.said
                write("line_item_history", item, subtotal=item["subtotal"] + 1)
                if document.counts:
                    lines.append((line, row_of(line, item)))
    told["revenue"] = [row for _, row in lines]
    told["contracts"] = terms_of(lines)
    for account in accounts_of(invoices):
        company = f"{account} at Recurly"
        write(
            "account_history",
            {"id": account, "code": account, "company": company, "created_at": CREATED},
            code=f"{account} before",
        )
        ours = f"recurly:{account}"
        told["account_links"].append({"account_id": ours, "same_as_account_id": account})
        told["accounts"].append(
            {"account_id": ours, "account_name": company, "created_at": date(2026, 1, 1)}
        )
    for add_on, kind in {"ao_calls": "usage", "ao_analytics": "fixed"}.items():
        write("plan_add_on_history", {"id": add_on, "add_on_type": kind})
    return tables, told
