"""Revenue rows of an account in each of the three shapes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from .accounts import FIRST_PAID
from .company import Company, Story
from .dice import DAY, month_later
from .invoices import INVOICES
from .prices import AMOUNTS, CLOSE_TO_100, RESIDUES, later
from .prorations import PRORATIONS
from .times import end_inclusively, move_clock


def add_revenue(company: Company) -> None:
    """A few lives as a customer for every account."""
    lives = {
        "periods": PERIODS,
        "invoices": INVOICES + PRORATIONS,
        "snapshots": SNAPSHOTS,
    }[company.build.shape]
    for story in company.stories:
        if story.pays_from is None:
            if company.build.shape == "periods" and company.dice.chance(0.2):
                _period(company, story, story.proven_at.date(), None, is_trial=True)
            continue
        for _ in range(company.dice.pick([1, 1, 1, 2])):
            company.dice.pick(lives)(company, story, story.pays_from)
        if company.build.has_times:
            _vary_times(company, story)


def _vary_times(company: Company, story: Story) -> None:
    """A bill that works by the clock, by local days, or up to a day's last second."""
    rows = [row for row in company.rows["revenue"] if row["account_id"] == story.account_id]
    dice = company.dice
    if company.build.shape != "snapshots":
        if dice.chance(0.3):
            move_clock(dice, rows)
        if dice.chance(0.2):
            end_inclusively(dice, rows)


# ── periods ──────────────────────────────────────────────────────────────────────────────────


def _period(
    company: Company,
    story: Story,
    start: date,
    end: date | None,
    mrr: Decimal | None = None,
    *,
    subscription: str = "s1",
    currency: str | None = None,
    is_trial: bool | None = None,
) -> None:
    dice = company.dice
    company.add(
        "revenue",
        subscription_period_id=company.id("p"),
        account_id=story.account_id,
        subscription_id=f"{story.account_id}_{subscription}",
        valid_from=max(start, FIRST_PAID),
        valid_to=end if end is None or end > max(start, FIRST_PAID) else None,
        mrr=dice.pick(AMOUNTS) if mrr is None else mrr,
        currency=currency or company.currency(start),
        seats=dice.pick([None, 5]),
        list_mrr=None,
        is_trial=dice.pick([None, False]) if is_trial is None else is_trial,
    )


def _steady(company: Company, story: Story, start: date) -> None:
    _period(company, story, start, company.dice.pick([None, later(company, start)]))


def _change(company: Company, story: Story, start: date) -> None:
    """Up, down or hardly at all."""
    end, currency = later(company, start), company.currency(start)
    amount = company.dice.pick(AMOUNTS + CLOSE_TO_100 * 2)
    _period(company, story, start, end, Decimal(100), currency=currency)
    _period(
        company,
        story,
        end,
        company.dice.pick([None, later(company, end)]),
        amount,
        currency=currency,
    )


def _come_back(company: Company, story: Story, start: date) -> None:
    end = later(company, start)
    again = later(company, end)
    _period(company, story, start, end)
    _period(company, story, again, company.dice.pick([None, later(company, again)]))


def _overlap(company: Company, story: Story, start: date) -> None:
    """Periods of one subscription on top of each other."""
    end = later(company, start)
    currency = company.currency(start)
    for _ in range(company.dice.number(2, 3)):
        _period(company, story, start, company.dice.pick([None, end]), currency=currency)
        start = company.dice.pick([start, start + (end - start) // 2, end, end - DAY])


def _two_subscriptions(company: Company, story: Story, start: date) -> None:
    other = company.dice.pick([start, later(company, start)])
    _period(company, story, start, company.dice.pick([None, later(company, start)]))
    _period(company, story, other, later(company, other), subscription="s2")


def _two_alike(company: Company, story: Story, start: date) -> None:
    """Two subscriptions, or one in two rows, of one price from one day on."""
    dice, currency = company.dice, company.currency(start)
    amount, end = dice.pick(AMOUNTS), dice.pick([None, later(company, start)])
    for subscription in dice.pick([("s1", "s2"), ("s1", "s2"), ("s1", "s1")]):
        _period(company, story, start, end, amount, currency=currency, subscription=subscription)


def _switch_currency(company: Company, story: Story, start: date) -> None:
    """About the same value in another currency."""
    end = later(company, start)
    _period(company, story, start, end, Decimal(100), currency="USD")
    _period(company, story, end, None, Decimal("91.7"), currency=company.currency(end))


def _fade(company: Company, story: Story, start: date) -> None:
    """What is left is nearly nothing."""
    end = later(company, start)
    currency = company.currency(start)
    _period(company, story, start, end, Decimal(100), currency=currency)
    _period(company, story, end, None, company.dice.pick(RESIDUES), currency=currency)


def _blink(company: Company, story: Story, start: date) -> None:
    """Starts and stops inside a month; perhaps comes to stay later."""
    _period(company, story, start, start + DAY * company.dice.number(1, 12))
    if company.dice.chance(0.6):
        _period(company, story, start + DAY * company.dice.number(5, 40), None)


def _try_first(company: Company, story: Story, start: date) -> None:
    """Trials that reach the first payment, overlap it or miss it by a day."""
    dice = company.dice
    begins = start - 14 * DAY
    if begins >= FIRST_PAID:
        ends = dice.pick([start, start, start, start - DAY, start + 5 * DAY])
        subscription = dice.pick(["s1", "s2"])
        _period(company, story, begins, ends, is_trial=True, subscription=subscription)
        if dice.chance(0.4) and begins - 9 * DAY >= FIRST_PAID:
            _period(
                company,
                story,
                begins - 9 * DAY,
                begins - dice.pick([0, 0, 1]) * DAY,
                is_trial=True,
                subscription=dice.pick(["s1", "s3"]),
            )
    _steady(company, story, start)


def _start_free(company: Company, story: Story, start: date) -> None:
    end = start + DAY * company.dice.pick([1, 2, 5, company.dice.number(1, 50)])
    _period(company, story, start, end, company.dice.pick(RESIDUES))
    _period(company, story, end, None)


def _discounted(company: Company, story: Story, start: date) -> None:
    """Discount items beside what they discount, one of them larger than it."""
    dice = company.dice
    end, currency = later(company, start), company.currency(start)
    amount = dice.pick(AMOUNTS)
    _period(company, story, start, dice.pick([None, end]), amount, currency=currency)
    if dice.chance(0.3):
        _period(company, story, end, None, dice.pick(AMOUNTS), currency=currency)
    for _ in range(dice.pick([1, 1, 2])):
        begins = dice.pick([start, later(company, start)])
        ends = dice.pick([end, None, begins + DAY * dice.number(1, 60)])
        discount = -amount * dice.pick([Decimal("0.2"), Decimal("0.5"), 1, 1, 2])
        _period(company, story, begins, ends, discount, currency=currency)


def _cancel_at_once(company: Company, story: Story, start: date) -> None:
    """Periods that end on the day they begin on, beside one that lasts."""
    _steady(company, story, start)
    for _ in range(2):
        _period(company, story, later(company, start), None, subscription="s9")
        row = company.rows["revenue"][-1]
        row["valid_to"] = row["valid_from"]


PERIODS: list[Callable[[Company, Story, date], None]] = [
    _steady,
    _change,
    _come_back,
    _overlap,
    _two_subscriptions,
    _two_alike,
    _switch_currency,
    _fade,
    _blink,
    _try_first,
    _try_first,
    _start_free,
    _discounted,
    _cancel_at_once,
]


# ── snapshots ────────────────────────────────────────────────────────────────────────────────


def last_snapshot(company: Company) -> date:
    """The last month that is loaded."""
    as_of = company.build.as_of
    complete = ((as_of + DAY).replace(day=1) - DAY).replace(day=1)
    return company.build.last_snapshot or complete


def _snapshots(company: Company, story: Story, start: date) -> None:
    """Month by month, with holes, changes, several subscriptions and currencies."""
    dice = company.dice
    month, amount = start.replace(day=1), dice.pick(AMOUNTS)
    currency = company.currency(month)
    subscription = dice.pick([None, None, story.account_id, f"{story.account_id}_s1"])
    last = dice.pick([last_snapshot(company), later(company, start)])
    while month <= min(last, last_snapshot(company)):
        if not dice.chance(0.1):
            company.add(
                "revenue",
                account_id=story.account_id,
                month=month + DAY * dice.pick([0, 0, 14, 27]),
                mrr=amount,
                currency=currency,
                subscription_id=subscription,
            )
        if dice.chance(0.2):
            amount = dice.pick(AMOUNTS + CLOSE_TO_100 + RESIDUES)
        if dice.chance(0.05):
            currency = company.currency(month)
        month = month_later(month, 1)


SNAPSHOTS = [_snapshots]
