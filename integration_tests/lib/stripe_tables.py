"""Periods of subscriptions as Stripe bills them, in the tables that Fivetran makes of it.

    tables, lines = billed(periods, until)

Each item is billed when its period begins, a month or a year at a time. What changes within a
period is credited and charged for the rest of it. A discount stands on the invoice, a trial is
billed at zero. Beside what pays for a service lie invoices that pay for none (drafts, voids,
deleted ones, those of test mode), metered usage and charges by hand. `lines` are the contract's
rows of it all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from harness import Row, Rows

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
TAX = Decimal("0.2")


def cents(amount: Decimal) -> int:
    """An amount in the currency's smallest unit."""
    return int((amount * 100).quantize(Decimal(1)))


def later(day: date, months: int) -> date:
    """A day so many months on; the last of a month where that has fewer days."""
    month = day.year * 12 + day.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


@dataclass
class Books:
    """What is billed so far: Stripe's rows, and what they mean."""

    tables: dict[str, Rows] = field(default_factory=lambda: {name: [] for name in TYPES})
    lines: Rows = field(default_factory=list)
    numbers: count[int] = field(default_factory=count)

    def bill(self, period: Row, parts: Rows, status: str = "paid", **more: object) -> str:
        """An invoice of an account, with its lines; `net` is what a line pays without tax."""
        number = f"in_{next(self.numbers):05d}"
        net = sum(part["net"] for part in parts)
        tax = round(net * TAX) if net > 0 else 0
        invoice = {"id": number, "customer_id": f"cus_{period['account_id']}", "status": status}
        self.tables["invoice"].append(invoice | {"total": net + tax, "tax": tax} | more)
        for n, part in enumerate(parts):
            line = {
                "id": f"sli_{n}",
                "unique_id": f"il_{n}" if n % 2 else None,
                "invoice_id": number,
                "subscription_id": f"sub_{period['account_id']}",
                "subscription_item_id": f"si_{period['subscription_id']}",
                "type": "subscription",
                "proration": False,
                "discountable": True,
                "price_id": "price_seats" if period["seats"] else "price_flat",
                "quantity": period["seats"] or 1,
                "currency": period["currency"].lower(),
            }
            line |= {name: value for name, value in part.items() if name != "net"}
            self.tables["invoice_line_item"].append(line)
            if status == "paid" and not more:
                self.keep(number, period, line, part["net"])
        return number

    def keep(self, number: str, period: Row, line: Row, net: int) -> None:
        """The contract's row of a line."""
        kind = {"price_calls": "usage"}.get(line["price_id"])
        kind = kind or ("proration" if line["proration"] else None)
        kind = kind or ("recurring" if line["type"] == "subscription" else "one_time")
        self.lines.append(
            {
                "invoice_line_id": f"stripe:{number}:{line['unique_id'] or line['id']}",
                "account_id": f"stripe:cus_{period['account_id']}",
                "subscription_id": f"stripe:{line['subscription_item_id']}",
                "service_start": line["period_start"],
                "service_end": line["period_end"],
                "amount": Decimal(net) / 100,
                "currency": period["currency"],
                "line_type": kind,
                "seats": line["quantity"] if line["price_id"] == "price_seats" else None,
            }
        )


def gross(period: Row, months: int) -> int:
    """The price of so many months before the discount."""
    listed = period["list_mrr"] or period["mrr"]
    return cents(max(listed, period["mrr"]) * months)


def runs_of(periods: Rows) -> list[Rows]:
    """Periods without a gap between them; whoever has tried begins to be billed anew."""
    runs: list[Rows] = []
    for period in sorted(periods, key=lambda row: row["valid_from"]):
        before = runs[-1][-1] if runs else None
        if before and before["valid_to"] == period["valid_from"] and not before["is_trial"]:
            runs[-1].append(period)
        else:
            runs.append([period])
    return runs


def bill_run(books: Books, run: Rows, until: date) -> None:
    """Bill a run of an item's periods from its first day on."""
    ends = run[-1]["valid_to"]
    start, step = run[0]["valid_from"], 0
    while start <= until and (ends is None or start < ends):
        now = max((p for p in run if p["valid_from"] <= start), key=lambda p: p["valid_from"])
        months = now["interval_months"]
        end = now["valid_to"] if now["is_trial"] else later(run[0]["valid_from"], step + months)
        times = {"period_start": start, "period_end": end}
        net = 0 if now["is_trial"] else cents(now["mrr"] * months)
        price = 0 if now["is_trial"] else gross(now, months)
        books.bill(now, [times | {"amount": price, "net": net}])
        for change in [p["valid_from"] for p in run if start < p["valid_from"] < end] + [ends]:
            if change is None or not start < change < end or change > until:
                continue
            rest = Decimal((end - change).days) / (end - start).days
            then = next((p for p in run if p["valid_from"] == change), None)
            parts = [(now, -1)] + ([(then, 1)] if then else [])
            made = []
            for period, sign in parts:
                amount = sign * cents(period["mrr"] * months * rest)
                line = {"amount": amount, "net": amount, "proration": True, "discountable": False}
                quantity = {"quantity": period["seats"] or 1}
                made.append({"period_start": change, "period_end": end} | line | quantity)
            books.bill(then or now, made)
            now = then or now
        start, step = end, step + months


def billed(periods: Rows, until: date) -> tuple[dict[str, Rows], Rows]:
    """Stripe's tables of these periods, billed up to a day, and the contract's rows of them."""
    books = Books()
    items: dict[tuple[str, str, str], Rows] = defaultdict(list)
    for period in periods:
        items[period["account_id"], period["subscription_id"], period["currency"]].append(period)
    for periods_of_item in items.values():
        for run in runs_of(periods_of_item):
            bill_run(books, run, until)
    for account in sorted({period["account_id"] for period in periods}):
        books.tables["customer"].append(
            {
                "id": f"cus_{account}",
                "name": f"{account} at Stripe",
                "created": date(2026, 1, 1),
                "metadata": {"workspace_id": account},
            }
        )
    books.tables["price"] += [
        {"id": "price_calls", "recurring_usage_type": "metered"},
        {"id": "price_flat", "recurring_usage_type": "licensed"},
    ]
    # what pays for no service, of every tenth account
    for period in periods[::10]:
        day = period["valid_from"]
        times = {"period_start": day, "period_end": later(day, 1), "amount": 9900, "net": 9900}
        for status in ("draft", "void", "uncollectible"):
            books.bill(period, [times], status)
        books.bill(period, [times], is_deleted=True)
        books.bill(period, [times], livemode=False)
        books.bill(period, [times | {"price_id": "price_calls"}])
        books.bill(period, [times | {"type": "invoiceitem", "price_id": None}])
    return books.tables, books.lines
