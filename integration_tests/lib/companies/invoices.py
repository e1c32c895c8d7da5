"""Invoice lines of an account: by the month, the year, odd lengths, use."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from .accounts import FIRST_PAID
from .company import Company, Row, Story
from .dice import DAY, midnight, month_later
from .prices import AMOUNTS, CLOSE_TO_100, later


def add_line(
    company: Company,
    story: Story,
    start: date,
    end: date,
    amount: Decimal | int,
    line_type: str = "recurring",
    *,
    subscription: str = "s1",
    currency: str = "USD",
    seats: int | None = None,
) -> Row:
    """One line; nothing is billed before the first data month."""
    start = max(start, midnight(FIRST_PAID) if isinstance(start, datetime) else FIRST_PAID)
    return company.add(
        "revenue",
        invoice_line_id=company.id("l"),
        account_id=story.account_id,
        subscription_id=f"{story.account_id}_{subscription}",
        service_start=start,
        service_end=end if end > start else start + DAY,
        amount=amount,
        currency=currency,
        line_type=line_type,
        seats=seats,
    )


def pay_monthly(company: Company, story: Story, start: date) -> None:
    """A month at a time from any day on, with gaps around the grace and prices that change."""
    dice = company.dice
    if dice.chance(0.5):
        start = max(start.replace(day=1) - DAY, FIRST_PAID)  # the 28th to the 31st
    currency, amount = company.currency(start), dice.pick(AMOUNTS)
    grace = company.build.settings.get("plr_gap_grace_days", 15)
    anchor, count = start, 0
    for _ in range(dice.number(1, 14)):
        begins = month_later(anchor, count)
        count += dice.pick([1, 1, 1, 3])
        ends = month_later(anchor, count)
        add_line(company, story, begins, ends, amount, currency=currency)
        if dice.chance(0.2):
            anchor, count = ends + DAY * (grace + dice.pick([-1, 0, 0, 1, 1, 25])), 0
        if dice.chance(0.2):
            amount = dice.pick(AMOUNTS)
    if dice.chance(0.3):  # the next invoice is due about now
        edge = company.build.as_of + DAY - DAY * (grace + dice.pick([-1, 0, 1]))
        if edge > anchor:
            add_line(
                company, story, max(anchor, month_later(edge, -2)), edge, amount, currency=currency
            )


def _pay_yearly(company: Company, story: Story, start: date) -> None:
    """A year, perhaps changed half-way by a credit and a new charge."""
    dice = company.dice
    end = month_later(start, 12)
    add_line(company, story, start, end, 1200)
    if dice.chance(0.7):
        middle = dice.pick([month_later(start, 6), later(company, start)])
        if middle < end:
            add_line(company, story, middle, end, dice.pick([-600, -1200, -100]), "credit")
            if dice.chance(0.6):
                add_line(company, story, middle, end, dice.pick([1200, 300]), "proration")


def _pay_odd(company: Company, story: Story, start: date) -> None:
    """Lengths that are no whole months; 1000/12 − 333.33/4 leaves almost nothing."""
    dice = company.dice
    for _ in range(dice.number(1, 4)):
        end = start + DAY * dice.pick([1, 10, 17, 28, 30, 31, 45, 59, 100, 365, 366])
        add_line(
            company,
            story,
            start,
            end,
            dice.pick(AMOUNTS),
            currency=company.currency(start),
            subscription=dice.pick(["s1", "s1", "s2"]),
        )
        start = dice.pick([end, end, end + DAY, end - DAY, end + 15 * DAY])
    if dice.chance(0.3):
        add_line(company, story, start, month_later(start, 12), 1000)
        add_line(company, story, start, month_later(start, 4), Decimal("-333.33"), "credit")


def _pay_and_take_back(company: Company, story: Story, start: date) -> None:
    """Credits about as large as the charges or larger, in one currency or across two."""
    dice = company.dice
    if dice.chance(0.4):
        end = month_later(start, 1)
        add_line(company, story, start, end, 100)
        add_line(company, story, start, end, -dice.pick(CLOSE_TO_100), "credit")
        start = dice.pick([start, end])
    if dice.chance(0.2):  # in the red until the month's last day
        edge = month_later(start.replace(day=1), 1) - DAY
        add_line(company, story, start, month_later(start, 6), 300)
        add_line(company, story, start, edge, dice.pick([-300, -40]), "credit")
    end = month_later(start, dice.number(2, 8))
    add_line(company, story, start, end, 300)
    add_line(
        company,
        story,
        month_later(start, 1),
        end,
        dice.pick([-300, -900, -250]),
        "credit",
        currency=dice.pick(["USD", company.currency(start)]),
    )


def _pay_by_use(company: Company, story: Story, start: date) -> None:
    """Usage, one-time and refund lines, some within a single day, with or without a plan."""
    dice = company.dice
    for _ in range(dice.number(1, 4)):
        kind = dice.pick(["usage", "usage", "one_time", "refund"])
        end = dice.pick([month_later(start, 1), start + DAY * dice.number(1, 20)])
        row = add_line(
            company,
            story,
            start,
            end,
            dice.pick([50, 20, -20]),
            kind,
            subscription=dice.pick(["s1", "s2"]),
        )
        if dice.chance(0.3):
            row["service_end"] = row["service_start"]
        start = end
    if dice.chance(0.6):
        pay_monthly(company, story, start)


def _pay_alike(company: Company, story: Story, start: date) -> None:
    """Two lines of one amount and one time, of one subscription or of two."""
    dice, currency = company.dice, company.currency(start)
    amount = dice.pick(AMOUNTS)
    for begins in (start, month_later(start, 2)):
        for subscription in dice.pick([("s1", "s2"), ("s1", "s2"), ("s1", "s1")]):
            add_line(
                company,
                story,
                begins,
                month_later(begins, 2),
                amount,
                currency=currency,
                subscription=subscription,
            )


INVOICES = [
    *[pay_monthly] * 3,
    _pay_yearly,
    *[_pay_odd] * 2,
    _pay_and_take_back,
    _pay_by_use,
    _pay_alike,
]
