"""Invoice lines as billing systems write them: cadences, prorations, credits, swapped plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from .company import Company, Story
from .dice import DAY, HOUR, SECOND, midnight, month_later
from .invoices import add_line, pay_monthly
from .prices import AMOUNTS, CENT, in_cents


def _instant(company: Company, day: date) -> date:
    """Some instant of the day; the day itself where bills know no times."""
    dice = company.dice
    if not company.build.has_times:
        return day
    at = midnight(day)
    return at + dice.pick([0 * HOUR, 0 * HOUR, 18 * HOUR, dice.number(0, 86_399) * SECOND])


def _grace(company: Company) -> int:
    return company.build.settings.get("plr_gap_grace_days", 15)


# ── a steady cadence ─────────────────────────────────────────────────────────────────────────


def _pay_by_cadence(company: Company, story: Story, start: date) -> None:
    """Weeks, 28 or 30 days; stubs, last bills, clocks that change, gaps, two items side by side."""
    dice = company.dice
    days, count = dice.pick([7, 7, 14, 28, 28, 30, 30, 31, 365]), dice.pick([1, 2, 2, 3, 8, 16])
    currency, amount = company.currency(start - 31 * DAY), dice.pick(AMOUNTS)
    at = _instant(company, start)
    if dice.chance(0.3):
        stub = at - DAY * dice.pick([1, 5, min(days, 31)])
        add_line(company, story, stub, at, in_cents(amount / 3), currency=currency)
    for _ in range(count if days < 365 else 2):
        end = at + DAY * days
        if company.build.has_times and dice.chance(0.15):
            end += dice.pick([-2, -1, 1, 2, 3]) * HOUR
        row = add_line(
            company, story, at, end, amount, currency=currency, seats=dice.pick([None, 5])
        )
        if dice.chance(0.1):
            add_line(company, story, at, end, dice.pick([20, -5, 0]), currency=currency)
        if dice.chance(0.05):
            row["service_months"] = dice.pick([1, Decimal("0.25")])
        at = end
        if dice.chance(0.1):
            at += DAY * dice.pick([1, _grace(company), _grace(company) + 1, -1])
        if dice.chance(0.1):
            amount = dice.pick(AMOUNTS)
    if dice.chance(0.4):
        add_line(company, story, at, at + DAY * dice.pick([1, 3, days]), amount, currency=currency)


# ── changes within a term ────────────────────────────────────────────────────────────────────


def _change_midterm(company: Company, story: Story, start: date) -> None:
    """Upgrades and downgrades, each a credit for the rest and a charge; then perhaps the end."""
    dice = company.dice
    begin = _instant(company, start)
    months = dice.pick([1, 1, 3, 12, 12])
    end, by_months = month_later(begin, months), months > 1 and dice.chance(0.4)
    amount, seats = Decimal(dice.pick(["100", "1200", "99.99", "60000"])), dice.pick([None, 5])
    add_line(company, story, begin, end, amount, seats=seats)
    if dice.chance(0.15):  # a discount, or a second item, in the same subscription
        add_line(
            company, story, begin, end, dice.pick([-10, 25]), dice.pick(["credit", "recurring"])
        )
    if dice.chance(0.1):
        other = month_later(begin, dice.pick([1, 24]))
        add_line(company, story, begin, other, dice.pick([20, 240]))
    at, passed = begin, 0
    for _ in range(dice.pick([1, 1, 2, 3, 5])):
        passed += dice.number(1, 3)
        at = month_later(begin, passed) if by_months else _between(company, at, end)
        if not begin < at < end:
            break
        rest = Decimal(months - passed) / months if by_months else (end - at) / (end - begin)
        given = in_cents(amount * Decimal(rest)) + dice.pick([0] * 8 + [1, 2, -1]) * CENT
        add_line(
            company,
            story,
            at,
            end,
            -given,
            dice.pick(["credit", "proration", "recurring"]),
            seats=seats,
        )
        if dice.chance(0.15):
            _give_away(company, story, at, end, amount)
        if dice.chance(0.2):
            return
        amount *= dice.pick([2, 3, Decimal("0.5"), Decimal("1.1")])
        seats = seats and seats + 3
        charge = in_cents(amount * Decimal(rest))
        add_line(
            company, story, at, end, charge, dice.pick(["proration", "recurring"]), seats=seats
        )
    if dice.chance(0.6):
        add_line(company, story, end, month_later(end, months), in_cents(amount), seats=seats)


def _between(company: Company, start: date, end: date) -> date:
    """An instant strictly between, where there is one."""
    if isinstance(start, datetime):
        return start + company.dice.number(1, int((end - start) / SECOND)) * SECOND
    return start + company.dice.number(1, (end - start).days) * DAY


def _give_away(company: Company, story: Story, start: date, end: date, amount: Decimal) -> None:
    """A credit about as large as what is paid, or far larger."""
    dice = company.dice
    share = dice.pick([Decimal("0.3"), Decimal("1.2"), Decimal("1.3"), 3, 10])
    end = dice.pick([end, start + DAY * dice.number(1, 60)])
    begin = dice.pick([start, _between(company, start, end)])
    add_line(company, story, begin, end, in_cents(-amount * share), "credit")


# ── one subscription after another ───────────────────────────────────────────────────────────


def _swap(company: Company, story: Story, start: date) -> None:
    """Plans replaced under a new id: at once, within the grace, too late, near the as-of edge."""
    dice, grace = company.dice, _grace(company)
    if dice.chance(0.5):
        start = month_later(company.build.as_of + DAY - DAY * dice.number(0, grace + 3), -2)
    names = ["s1", "s2"] if dice.chance(0.3) else ["s1"]
    end = month_later(start, 2)
    for name in names:
        add_line(company, story, start, end, dice.pick(AMOUNTS), subscription=name, seats=3)
    edges = [0, 0, 1, 5, grace - 1, grace, grace + 1, -1, -grace, -grace - 1]
    begin = _instant(company, end + DAY * dice.pick(edges))
    for name in ["s3", "s4"][: len(names)]:
        add_line(
            company, story, begin, month_later(begin, 1), dice.pick(AMOUNTS), subscription=name
        )
    if dice.chance(0.3):
        add_line(company, story, end - 40 * DAY, end + 5 * DAY, 12, subscription="s5")


def _start_free(company: Company, story: Story, start: date) -> None:
    """Free lines before the first paid one, that reach it, miss it, or go on for long."""
    dice = company.dice
    subscription = dice.pick(["s1", "s1", "s2"])
    gap = dice.pick([0, 0, 0, 1, 1 + _grace(company)]) * DAY
    days = dice.pick([[0, 14], [0, 14], [0, 90, 150], [0, 5, 89], [0, 30, 60, 91]])
    for newer, older in pairwise(days):
        begin, end = start - gap - older * DAY, start - gap - newer * DAY
        add_line(company, story, begin, end, 0, subscription=subscription)
    pay_monthly(company, story, start)


# ── odd rows ─────────────────────────────────────────────────────────────────────────────────


def _pay_ahead(company: Company, story: Story, start: date) -> None:
    """Lines that say how many months they pay for, some of them without an end."""
    dice = company.dice
    for _ in range(dice.number(1, 3)):
        months = dice.pick([1, 3, 12, Decimal("0.5"), Decimal("1.25")])
        end = dice.pick([month_later(start, 1), month_later(start, 12), start + 45 * DAY])
        row = add_line(company, story, start, end, dice.pick(AMOUNTS))
        row["service_months"] = months
        if dice.chance(0.5):
            row["service_end"] = row["service_start"]
        if dice.chance(0.3):
            add_line(company, story, start, end, -20, "credit")["service_months"] = months
        start = end


def _pay_once(company: Company, story: Story, start: date) -> None:
    """One-time lines without dates, and rows that begin and end at once."""
    dice = company.dice
    for _ in range(dice.number(1, 3)):
        kind = dice.pick(["one_time", "refund", "one_time", "usage"])
        row = add_line(company, story, start, start + DAY, dice.pick([500, -30]), kind)
        if kind != "usage" or not company.build.settings.get("plr_include_usage_in_mrr"):
            row |= dict.fromkeys(["subscription_id", "service_start", "service_end"])
    for kind, amount in (("recurring", 0), ("proration", 40), ("credit", -40)):
        if dice.chance(0.4):
            row = add_line(company, story, start, start + DAY, amount, kind)
            row["service_end"] = row["service_start"]
    pay_monthly(company, story, start)


PRORATIONS: list[Callable[[Company, Story, date], None]] = [
    *[_pay_by_cadence] * 3,
    *[_change_midterm] * 5,
    *[_swap] * 2,
    _start_free,
    _pay_ahead,
    _pay_once,
]
