"""Months, and instants known only to the day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple

from .words import read

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
FOREVER = datetime.max
LAST_SECOND = time(23, 59, 59)


class Interval(NamedTuple):
    """Something happened no earlier than lo and no later than hi."""

    lo: datetime
    hi: datetime

    @property
    def precision(self) -> str:
        """`timestamp` when the instant is known, else `date`."""
        return "timestamp" if self.lo == self.hi else "date"


def midnight(day: date) -> datetime:
    """The first instant of a day."""
    return datetime.combine(day, time.min)


Offsets = tuple[int, int]  # of local time from UTC in minutes, the lesser and the greater
UTC: Offsets = (0, 0)


def whole_day(day: date, offsets: Offsets = UTC) -> Interval:
    """A local day as an interval in UTC: as early and as late as the clock may have been."""
    lesser, greater = (timedelta(minutes=offset) for offset in offsets)
    return Interval(midnight(day) - greater, midnight(day + DAY) - lesser - INSTANT)


def states_day(precision: str | None) -> bool:
    """Any word says that only the day is known, but those that mean an instant."""
    return (
        precision is not None and read("product_events", "occurred_precision", precision) == "date"
    )


def event_interval(occurred_at: datetime, precision: str | None) -> Interval:
    """When a product event happened: an instant unless declared date-only."""
    if states_day(precision):
        return whole_day(occurred_at.date())
    return Interval(occurred_at, occurred_at)


def crm_interval(value: datetime, precision: str | None, offsets: Offsets) -> Interval:
    """When a CRM row happened.

    A bare midnight stamp of unknown precision, UTC's or local, is a whole local day: the day that
    begins with it. What is said to be a date at no midnight is its UTC date.
    """
    local = [value + timedelta(minutes=offset) for offset in (0, *offsets)]
    days = [stamp.date() for stamp in local if stamp.time() == time.min]
    if states_day(precision) or (precision is None and days):
        return whole_day(days[0] if days else value.date(), offsets)
    return Interval(value, value)


def separately(intervals: list[Interval]) -> Interval | None:
    """Earliest lo and earliest hi, each on its own."""
    if not intervals:
        return None
    return Interval(min(i.lo for i in intervals), min(i.hi for i in intervals))


@cache
def month_of(day: date) -> date:
    """The first of the day's month."""
    return date(day.year, day.month, 1)


@cache
def shift(month: date, count: int) -> date:
    """A first-of-month date moved by whole months."""
    years, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(years, index + 1, 1)


def next_month(month: date) -> date:
    """The first day after the month."""
    return shift(month, 1)


def last_day(month: date) -> date:
    """The month's last day."""
    return next_month(month) - DAY


def month_end(month: date) -> datetime:
    """The month's last instant."""
    return midnight(next_month(month)) - INSTANT


def months_between(first: date, last: date) -> list[date]:
    """Every month from first to last, both included."""
    months = []
    while first <= last:
        months.append(first)
        first = next_month(first)
    return months


def add_months(day: date, count: int) -> date:
    """Calendar month arithmetic; a day the target month lacks becomes its last day."""
    month = shift(month_of(day), count)
    return month.replace(day=min(day.day, monthrange(month.year, month.month)[1]))


def move_months(at: datetime, count: int) -> datetime:
    """The date moved by calendar months, at the same time of day."""
    return datetime.combine(add_months(at.date(), count), at.time())


def month_count(start: datetime, end: datetime) -> int:
    """By how many the number of one's month is above that of the other."""
    return (end.year - start.year) * 12 + end.month - start.month


def lifted(end: datetime) -> datetime:
    """An end in a day's last second is the next midnight; after the last day there is none."""
    if end.time() < LAST_SECOND or end.date() == date.max:
        return end
    return midnight(end.date() + DAY)


def to_timestamp(value: Any) -> datetime | None:
    """A naive UTC timestamp from what was delivered."""
    if value is None or isinstance(value, datetime):
        return value
    return midnight(value) if isinstance(value, date) else datetime.fromisoformat(value)


def to_date(value: Any) -> date | None:
    """A date from what was delivered."""
    stamp = to_timestamp(value)
    return None if stamp is None else stamp.date()
