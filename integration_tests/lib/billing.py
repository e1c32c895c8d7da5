"""Periods of subscriptions as any billing tool bills them: invoices and lines of no tool's shape.

    invoices = billed(periods, until)

Each item is billed when its period begins, a month or a year at a time. What changes within a
period is given back and charged for the rest of it. A trial is billed at zero. Beside what pays for
a service lie invoices that pay for none (drafts, voids, deleted ones, those of test mode), metered
usage and charges by hand. A tool's own module renders them into its tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import duckdb

from harness import Row, Rows, rows_of

TAX = Decimal("0.2")
YEN = 150  # of a dollar or a euro
AS_OF = date(2025, 12, 31)  # of the demo


def periods_of(connection: duckdb.DuckDBPyConnection) -> Rows:
    """The demo's periods, by days, and how many months are billed at once."""
    periods = rows_of(
        connection,
        "select delivered.*, greatest(raw.interval_months, 1) as interval_months "
        "from stg_plr__revenue as delivered "
        "inner join (select distinct version_id, interval_months from 'data/revenue.parquet')"
        " as raw "
        "on delivered.subscription_period_id = raw.version_id "
        "where delivered.reject_code is null order by delivered.subscription_period_id",
    )
    for period in periods:
        for name in ("valid_from", "valid_to"):
            period[name] = period[name] and period[name].date()
    return periods


def in_units(amount: Decimal, currency: str) -> int:
    """An amount in the currency's smallest unit."""
    return int((amount * (1 if currency == "JPY" else 100)).quantize(Decimal(1)))


def in_major_units(amount: int, currency: str) -> Decimal:
    """An amount of the currency's smallest unit, as the contract has it."""
    return Decimal(amount) / (1 if currency == "JPY" else 100)


def later(day: date, months: int) -> date:
    """A day so many months on; the last of a month where that has fewer days."""
    month = day.year * 12 + day.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


@dataclass(frozen=True)
class Line:
    """What a line bills: time of an item, and its price before and after the discount."""

    period: Row
    start: date
    end: date
    price: int  # in the currency's smallest unit, without tax, as is `net`
    net: int
    kind: str = "recurring"  # or proration, usage, one_time
    share: Decimal = Decimal(1)  # of the time billed at once, where it is a proration

    def row(self) -> Row:
        """The contract's row of it, but for ids, which each tool has of its own."""
        return {
            "service_start": self.start,
            "service_end": self.end,
            "amount": in_major_units(self.net, self.period["currency"]),
            "currency": self.period["currency"],
            "line_type": self.kind,
        }


@dataclass(frozen=True)
class Invoice:
    """An invoice of one item, and whether it pays for a service."""

    number: int
    lines: list[Line]
    fate: str = "paid"  # or draft, void, uncollectible, deleted, test
    changes: int | None = None  # the number of the invoice that its prorations give back of


def tax_on(lines: Iterable[Line]) -> int:
    """The tax on lines; on what is given back there is none."""
    net = sum(line.net for line in lines)
    return round(net * TAX) if net > 0 else 0


def accounts_of(invoices: list[Invoice]) -> list[str]:
    """Who is billed."""
    return sorted({line.period["account_id"] for invoice in invoices for line in invoice.lines})


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


def part_of(period: Row, start: date, end: date, share: Decimal, kind: str = "recurring") -> Line:
    """So much of what a period bills at once, or of it given back."""
    months = 0 if period["is_trial"] else period["interval_months"]
    listed = max(period["list_mrr"] or period["mrr"], period["mrr"])
    price, net = (
        in_units(monthly * months * share, period["currency"])
        for monthly in (listed, period["mrr"])
    )
    return Line(period, start, end, price, net, kind, share)


def billed_run(run: Rows, until: date, numbers: count[int]) -> list[Invoice]:
    """A run of an item's periods, billed from its first day on."""
    invoices: list[Invoice] = []
    ends = run[-1]["valid_to"]
    start, step = run[0]["valid_from"], 0
    while start <= until and (ends is None or start < ends):
        now = max((p for p in run if p["valid_from"] <= start), key=lambda p: p["valid_from"])
        months = now["interval_months"]
        end = now["valid_to"] if now["is_trial"] else later(run[0]["valid_from"], step + months)
        last = Invoice(next(numbers), [part_of(now, start, end, Decimal(1))])
        invoices.append(last)
        for change in [p["valid_from"] for p in run if start < p["valid_from"] < end] + [ends]:
            if change is None or not start < change < end or change > until:
                continue
            rest = Decimal((end - change).days) / (end - start).days
            then = next((p for p in run if p["valid_from"] == change), None)
            parts = [(now, -rest)] + ([(then, rest)] if then else [])
            lines = [part_of(period, change, end, share, "proration") for period, share in parts]
            last = Invoice(next(numbers), lines, changes=last.number)
            invoices.append(last)
            now = then or now
        start, step = end, step + months
    return invoices


def billed(periods: Rows, until: date) -> list[Invoice]:
    """All invoices of these periods, billed up to a day."""
    numbers = count()
    items: dict[tuple[str, str, str], Rows] = defaultdict(list)
    for period in periods:
        items[period["account_id"], period["subscription_id"], period["currency"]].append(period)
    invoices = [
        invoice
        for periods_of_item in items.values()
        for run in runs_of(periods_of_item)
        for invoice in billed_run(run, until, numbers)
    ]
    # what pays for no service, of every tenth period
    for period in periods[::10]:
        end = later(period["valid_from"], 1)
        for kind, fate in (
            ("recurring", "draft"),
            ("recurring", "void"),
            ("recurring", "uncollectible"),
            ("recurring", "deleted"),
            ("recurring", "test"),
            ("usage", "paid"),
            ("one_time", "paid"),
        ):
            line = Line(period, period["valid_from"], end, 9900, 9900, kind)
            invoices.append(Invoice(next(numbers), [line], fate))
    return invoices


def in_yen(rows: Rows, account: str) -> Rows:
    """An account's rows once more, as those of another account that pays in yen."""
    copies = []
    for row in rows:
        if row["account_id"] != account:
            continue
        copy = row | {"currency": "JPY"}
        for name in row:
            if name.endswith("_id") and row[name]:
                copy[name] = f"{row[name]}-jp"
            elif name.endswith("mrr"):
                copy[name] = row[name] and row[name] * YEN
        copies.append(copy)
    return copies
