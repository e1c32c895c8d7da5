"""Revenue rows of an account in each of the three shapes."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from .accounts import FIRST_PAID
from .company import Company, Story
from .dice import DAY

AMOUNTS = [Decimal(text) for text in ("100", "80", "120", "99.99", "1200.5", "30", "0.35")]
# beside the label band (0.005) of 100, and beside the zero band
CLOSE_TO_100 = [Decimal(text) for text in ("100.004", "100.005", "100.006", "99.995", "99.994")]
RESIDUES = [Decimal(text) for text in ("0.004", "0.0049", "0.005", "0.0051", "0")]


def add_revenue(company: Company) -> None:
    """A few lives as a customer for every account."""
    lives = {"periods": PERIODS, "invoices": INVOICES, "snapshots": SNAPSHOTS}[company.build.shape]
    for story in company.stories:
        if story.pays_from is None:
            if company.build.shape == "periods" and company.dice.chance(0.2):
                _period(company, story, story.proven_at.date(), None, is_trial=True)
            continue
        for _ in range(company.dice.pick([1, 1, 1, 2])):
            company.dice.pick(lives)(company, story, story.pays_from)


def month_later(day: date, months: int) -> date:
    """Calendar arithmetic; a day that the month lacks becomes its last."""
    years, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, index + 1, min(day.day, monthrange(years, index + 1)[1]))


def _later(company: Company, day: date) -> date:
    """A day some time after, often at a month's edge."""
    dice = company.dice
    edge = month_later(day.replace(day=1), dice.number(1, 14))
    return dice.pick(
        [
            edge,
            edge - DAY,
            edge + DAY,
            day + DAY * dice.number(1, 400),
            day + DAY * dice.number(1, 27),
        ]
    )


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
    _period(company, story, start, company.dice.pick([None, _later(company, start)]))


def _change(company: Company, story: Story, start: date) -> None:
    """Up, down or hardly at all."""
    end, currency = _later(company, start), company.currency(start)
    amount = company.dice.pick(AMOUNTS + CLOSE_TO_100 * 2)
    _period(company, story, start, end, Decimal(100), currency=currency)
    _period(
        company,
        story,
        end,
        company.dice.pick([None, _later(company, end)]),
        amount,
        currency=currency,
    )


def _come_back(company: Company, story: Story, start: date) -> None:
    end = _later(company, start)
    again = _later(company, end)
    _period(company, story, start, end)
    _period(company, story, again, company.dice.pick([None, _later(company, again)]))


def _overlap(company: Company, story: Story, start: date) -> None:
    """Periods of one subscription on top of each other."""
    end = _later(company, start)
    currency = company.currency(start)
    for _ in range(company.dice.number(2, 3)):
        _period(company, story, start, company.dice.pick([None, end]), currency=currency)
        start = company.dice.pick([start, start + (end - start) // 2, end, end - DAY])


def _two_subscriptions(company: Company, story: Story, start: date) -> None:
    other = company.dice.pick([start, _later(company, start)])
    _period(company, story, start, company.dice.pick([None, _later(company, start)]))
    _period(company, story, other, _later(company, other), subscription="s2")


def _two_alike(company: Company, story: Story, start: date) -> None:
    """Two subscriptions, or one in two rows, of one price from one day on."""
    dice, currency = company.dice, company.currency(start)
    amount, end = dice.pick(AMOUNTS), dice.pick([None, _later(company, start)])
    for subscription in dice.pick([("s1", "s2"), ("s1", "s2"), ("s1", "s1")]):
        _period(company, story, start, end, amount, currency=currency, subscription=subscription)


def _switch_currency(company: Company, story: Story, start: date) -> None:
    """About the same value in another currency."""
    end = _later(company, start)
    _period(company, story, start, end, Decimal(100), currency="USD")
    _period(company, story, end, None, Decimal("91.7"), currency=company.currency(end))


def _fade(company: Company, story: Story, start: date) -> None:
    """What is left is nearly nothing."""
    end = _later(company, start)
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
]


# ── invoices ─────────────────────────────────────────────────────────────────────────────────


def _line(
    company: Company,
    story: Story,
    start: date,
    end: date,
    amount: Decimal | int,
    line_type: str = "recurring",
    *,
    subscription: str = "s1",
    currency: str = "USD",
) -> None:
    start = max(start, FIRST_PAID)
    company.add(
        "revenue",
        invoice_line_id=company.id("l"),
        account_id=story.account_id,
        subscription_id=f"{story.account_id}_{subscription}",
        service_start=start,
        service_end=end if end > start else start + DAY,
        amount=amount,
        currency=currency,
        line_type=line_type,
    )


def _pay_monthly(company: Company, story: Story, start: date) -> None:
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
        _line(company, story, begins, ends, amount, currency=currency)
        if dice.chance(0.2):
            anchor, count = ends + DAY * (grace + dice.pick([-1, 0, 0, 1, 1, 25])), 0
        if dice.chance(0.2):
            amount = dice.pick(AMOUNTS)
    if dice.chance(0.3):  # the next invoice is due about now
        edge = company.build.as_of + DAY - DAY * (grace + dice.pick([-1, 0, 1]))
        if edge > anchor:
            _line(
                company, story, max(anchor, month_later(edge, -2)), edge, amount, currency=currency
            )


def _pay_yearly(company: Company, story: Story, start: date) -> None:
    """A year, perhaps changed half-way by a credit and a new charge."""
    dice = company.dice
    end = month_later(start, 12)
    _line(company, story, start, end, 1200)
    if dice.chance(0.7):
        middle = dice.pick([month_later(start, 6), _later(company, start)])
        if middle < end:
            _line(company, story, middle, end, dice.pick([-600, -1200, -100]), "credit")
            if dice.chance(0.6):
                _line(company, story, middle, end, dice.pick([1200, 300]), "proration")


def _pay_odd(company: Company, story: Story, start: date) -> None:
    """Lengths that are no whole months; 1000/12 − 333.33/4 leaves almost nothing."""
    dice = company.dice
    for _ in range(dice.number(1, 4)):
        end = start + DAY * dice.pick([1, 10, 17, 28, 30, 31, 45, 59, 100, 365, 366])
        _line(
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
        _line(company, story, start, month_later(start, 12), 1000)
        _line(company, story, start, month_later(start, 4), Decimal("-333.33"), "credit")


def _pay_and_take_back(company: Company, story: Story, start: date) -> None:
    """Credits about as large as the charges or larger, in one currency or across two."""
    dice = company.dice
    if dice.chance(0.4):
        end = month_later(start, 1)
        _line(company, story, start, end, 100)
        _line(company, story, start, end, -dice.pick(CLOSE_TO_100), "credit")
        start = dice.pick([start, end])
    if dice.chance(0.2):  # in the red until the month's last day
        edge = month_later(start.replace(day=1), 1) - DAY
        _line(company, story, start, month_later(start, 6), 300)
        _line(company, story, start, edge, dice.pick([-300, -40]), "credit")
    end = month_later(start, dice.number(2, 8))
    _line(company, story, start, end, 300)
    _line(
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
        _line(
            company,
            story,
            start,
            end,
            dice.pick([50, 20, -20]),
            kind,
            subscription=dice.pick(["s1", "s2"]),
        )
        if dice.chance(0.3):
            row = company.rows["revenue"][-1]
            row["service_end"] = row["service_start"]
        start = end
    if dice.chance(0.6):
        _pay_monthly(company, story, start)


def _pay_alike(company: Company, story: Story, start: date) -> None:
    """Two lines of one amount and one time, of one subscription or of two."""
    dice, currency = company.dice, company.currency(start)
    amount = dice.pick(AMOUNTS)
    for begins in (start, month_later(start, 2)):
        for subscription in dice.pick([("s1", "s2"), ("s1", "s2"), ("s1", "s1")]):
            _line(
                company,
                story,
                begins,
                month_later(begins, 2),
                amount,
                currency=currency,
                subscription=subscription,
            )


INVOICES = [
    *[_pay_monthly] * 3,
    _pay_yearly,
    *[_pay_odd] * 2,
    _pay_and_take_back,
    _pay_by_use,
    _pay_alike,
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
    last = dice.pick([last_snapshot(company), _later(company, start)])
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
