"""Usage month by month: growth, seats, limits, breadth and silence, at the patterns' thresholds."""

from __future__ import annotations

from datetime import date, datetime, time
from fractions import Fraction

from .company import Company
from .customers import Customer, last_month, month_end
from .dice import DAY, HOUR, INSTANT, midnight, month_later

BEFORE = [19, 20, 21, 40, 59, 60, 60, 61, 100, 100, 200]  # events in three months
RATIOS = [Fraction(text) for text in ("1.3", "1.3", "1.1", "1.1", "1.25", "2", "1", "0.9")]
LAGS = [Fraction(text) for text in ("0.9", "0.9", "0.8", "1", "0.5")]
TEAMS = [(4, 7), (4, 7), (3, 6), (4, 6), (12, 15), (5, 12), (5, 5), (0, 0)]  # users, then and now


def use(company: Company, customer: Customer, plots: int = 2) -> None:
    """A few plots, each at some time of a customer's life."""
    dice = company.dice
    first = month_later(customer.proven_at.date().replace(day=1), 1)
    last = last_month(company).replace(day=1)
    for _ in range(plots):
        span = (last.year - first.year) * 12 + last.month - first.month
        month = month_later(first, dice.number(0, max(span, 0)))
        dice.pick(PLOTS)(company, customer, month)
    _outgrow(company, customer)


def _outgrow(company: Company, customer: Customer) -> None:
    """Limits hit on the days before some expansions, of some on the day, too."""
    for turn in customer.turns(company.build):
        if turn.stage == "expansion" and turn.day.day % 4 == 0:
            for days_before in (2, 1, 0) if turn.day.month % 2 else (2, 1):
                at = midnight(turn.day - days_before * DAY) + 9 * HOUR
                log(company, customer, at, "quota", 2)


def log(
    company: Company,
    customer: Customer,
    at: datetime,
    name: str,
    count: int | None = None,
    user: str | None = None,
    *,
    is_automated: bool | None = None,
    precision: str | None = None,
) -> None:
    """A product event, or a row that stands for many."""
    has_account = user not in customer.users or company.dice.chance(0.9)
    company.add(
        "product_events",
        event_id=company.id("e"),
        occurred_at=at,
        event_name=name,
        account_id=customer.account_id if has_account else None,
        user_id=user,
        event_count=count,
        is_automated=is_automated,
        occurred_precision=precision,
    )


def log_month(
    company: Company, customer: Customer, month: date, usage: int, users: int, value: int = 0
) -> None:
    """So many usage events by so many users, some of them value; rolled up by day or by user."""
    dice = company.dice
    value = min(value, usage)
    names = [("fix", value), (dice.pick(["login", "browse", "throttle"]), usage - value)]
    number = 0
    for name, total in names:
        rows = max(1, users - number if name != "fix" else users // 2)
        for count in dice.split(total, rows):
            if count:
                is_known = users and number < users
                _log_in(
                    company,
                    customer,
                    month,
                    name,
                    count,
                    customer.user(number) if is_known else None,
                )
                number += 1
    if dice.chance(0.1):
        _log_in(
            company,
            customer,
            month,
            dice.pick(["fix", "login"]),
            500,
            customer.user(99),
            is_automated=True,
        )
    if dice.chance(0.1):
        _log_in(company, customer, month, "ping", 500, customer.user(98))


def _log_in(
    company: Company,
    customer: Customer,
    month: date,
    name: str,
    count: int,
    user: str | None,
    is_automated: bool | None = None,
) -> None:
    """Somewhere in the month, its first and last instant included."""
    dice = company.dice
    day = dice.pick([month, month_end(month), month + DAY * dice.number(0, 27)])
    precision = dice.pick([None, None, "date"])
    at = midnight(day) if precision == "date" else dice.moment(day)
    log(company, customer, at, name, count, user, is_automated=is_automated, precision=precision)


# ── plots ────────────────────────────────────────────────────────────────────────────────────


def _grow(company: Company, customer: Customer, first: date) -> None:
    """Three months over the three before: at a threshold, or an event or a user beside it."""
    dice = company.dice
    before, ratio = dice.pick(BEFORE), dice.pick(RATIOS)
    now = int(before * ratio) + dice.pick([0, 0, 0, 1, -1])
    value = dice.pick([0, 1, before // 2, before // 2, before // 5, 20, 10])
    value = min(value, before)
    later = value * dice.pick([*LAGS, ratio, ratio * Fraction(4, 5), ratio * Fraction(4, 5)])
    value_now = max(int(later) + dice.pick([0, 0, 0, 1, -1]), 0)
    then, since = dice.pick(TEAMS)
    used = dice.split(before, 3) + dice.split(now, 3)
    valued = dice.split(value, 3) + dice.split(value_now, 3)
    for index in range(6):
        users = (then if index < 3 else since) + dice.pick([0] * 8 + [1])
        month = month_later(first, index)
        log_month(company, customer, month, used[index], users, valued[index])
    if dice.chance(0.4):
        _widen(company, customer, month_later(first, dice.pick([3, 4])))


def _double(company: Company, customer: Customer, first: date) -> None:
    """Twice the users and the usage from one month to the next, and it stays that way."""
    dice = company.dice
    value, later = dice.pick([(10, 10), (10, 20), (0, 0), (10, 5)])
    for index in range(6):
        is_later = index > 2
        log_month(
            company,
            customer,
            month_later(first, index),
            60 if is_later else 30,
            12 if is_later else 5,
            later if is_later else value,
        )


def _fill_seats(company: Company, customer: Customer, first: date) -> None:
    """Four users of five seats, or one user beside that, for some months."""
    dice = company.dice
    usual = dice.pick([0, 0, 0, -1, 1])
    rises = dice.chance(0.4)  # usage, with or without value
    value, gain = dice.pick([4, 8, 0]), dice.pick([0, 0, 2, -2])
    for index in range(dice.number(2, 8)):
        month = month_later(first, index)
        seats = customer.seats_on(month_end(month)) or 5
        active = max(seats * 4 // 5 + usual + dice.pick([0] * 8 + [-1]), 0)
        usage = 24 + (6 * index if rises else 0)
        log_month(company, customer, month, usage, active, max(value + gain * index, 0))


def _hollow_out(company: Company, customer: Customer, first: date) -> None:
    """Seats stay full and usage rises while value falls: no orphan."""
    for index in range(9):
        month = month_later(first, index)
        seats = customer.seats_on(month_end(month)) or 5
        log_month(company, customer, month, 25 + 5 * index, min(seats, 5), max(20 - 4 * index, 0))


def _hit_limits(company: Company, customer: Customer, first: date) -> None:
    """Two or three times, on one day or two, around the first day that counts."""
    dice = company.dice
    for index in range(dice.number(1, 5)):
        end = midnight(month_end(month_later(first, index))) + DAY
        counts = dice.pick([(1, 1), (2, 1), (2, 1), (1, 1, 1), (3,)])
        opens = end - 30 * DAY
        for number, count in enumerate(counts):
            at = dice.pick([end - (2 + 3 * number) * DAY, end - INSTANT, end - 10 * DAY])
            if not number:
                at = dice.pick([dice.at_edge(opens), at, at])
            log(
                company,
                customer,
                at,
                dice.pick(["quota", "quota", "throttle"]),
                count,
                is_automated=True if dice.chance(0.05) else None,
            )


def _widen(company: Company, customer: Customer, first: date) -> None:
    """A new use case, by one user or two, around the first day that counts."""
    dice = company.dice
    end = midnight(month_end(first)) + DAY
    name = dice.pick(["share", "share", "publish"])
    begins = dice.pick([dice.at_edge(end - 90 * DAY), end - 20 * DAY, end - 50 * DAY])
    log(company, customer, begins, name, user=customer.user(0))
    for _ in range(dice.number(0, 2)):
        at = dice.pick([begins, end - INSTANT, end, end - 5 * DAY])
        log(company, customer, at, name, user=customer.user(dice.pick([0, 1, 1, 2])))


def _fall_silent(company: Company, customer: Customer, first: date) -> None:
    """Steady value until 30 or 90 days before some month's end; plain usage may go on."""
    dice = company.dice
    for index in range(4):
        log_month(company, customer, month_later(first, index), 25, 2, 12)
    end = midnight(month_end(month_later(first, dice.pick([5, 6])))) + DAY
    last = dice.at_edge(end - dice.pick([30, 90]) * DAY)
    log(company, customer, last, "fix", dice.pick([1, 30]), customer.user(0))
    if dice.chance(0.8):
        for index in range(4, 9):
            log_month(company, customer, month_later(first, index), 30 + 2 * index, 1)


def _hum(company: Company, customer: Customer, first: date) -> None:
    """About the same every month."""
    amount = company.dice.pick([20, 25, 40])
    for index in range(company.dice.number(6, 14)):
        log_month(company, customer, month_later(first, index), amount, 1, amount // 2)


PLOTS = [
    *[_grow] * 4,
    _double,
    *[_fill_seats] * 2,
    _hollow_out,
    *[_hit_limits] * 2,
    _widen,
    _fall_silent,
    _hum,
]


# ── prospects ────────────────────────────────────────────────────────────────────────────────


def prove(company: Company, customer: Customer, at: datetime) -> None:
    """Meaningful activity by any build's rules, the last event of it at an instant."""
    for days, user in ((2, 0), (1, 1), (0, 0)):
        log(company, customer, at - days * DAY, "fix", user=customer.user(user))


def linger(company: Company, customer: Customer) -> None:
    """A prospect that found value about 30 days before a month's end, and perhaps again."""
    dice = company.dice
    month = customer.proven_at.date().replace(day=1)
    day = month_end(month) - dice.pick([29, 30, 31, 5, 12]) * DAY
    at = datetime.combine(day, time(9))
    customer.proven_at = at
    prove(company, customer, at)
    for index in range(dice.pick([0, 1, 3, 6, 10])):
        end = midnight(month_end(month_later(month, index + 1))) + DAY
        when = dice.pick([end - 10 * DAY, end - HOUR, dice.at_edge(end - 30 * DAY)])
        log(company, customer, when, dice.pick(["fix", "publish"]), user=customer.user(0))
