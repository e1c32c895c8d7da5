"""The demo's calendar: three years of months, numbered from 0, and the text of their days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

START = date(2023, 1, 1)
AS_OF = date(2025, 12, 31)
MONTHS = 36
LAST = MONTHS - 1

# How busy each calendar month is: summer and December are quiet, autumn is not.
SEASON = (1.06, 1.04, 1.05, 1.00, 0.99, 0.96, 0.88, 0.86, 1.06, 1.10, 1.06, 0.90)

DAY_TEXT = [(START + timedelta(days=n)).isoformat() for n in range(1500)]


def first_day(month: int) -> date:
    """The first day of a month."""
    return date(START.year + month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    """The last day of a month."""
    return first_day(month + 1) - timedelta(days=1)


def month_of(day: date) -> int:
    """The number of the month a day lies in."""
    return (day.year - START.year) * 12 + day.month - 1


def plus_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    month = month_of(day) + months
    return min(last_day(month), first_day(month) + timedelta(days=day.day - 1))


def text(moment: datetime) -> str:
    """A moment as an ISO timestamp without zone."""
    return moment.isoformat(sep=" ", timespec="seconds")


def at_any_hour(rng: Random, day: date) -> datetime:
    """A moment of that day: people sign up at all hours, rarely at night."""
    return datetime.combine(day, time()) + timedelta(seconds=int(21600 + rng.random() * 57600))


def workday(day: date) -> date:
    """That day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def in_office_hours(rng: Random, day: date) -> datetime:
    """A moment between 8 and 17 h on that day, or on the Monday after a weekend."""
    return datetime.combine(workday(day), time(8)) + timedelta(minutes=int(1 + rng.random() * 538))


def _working_days(month: int) -> list[int]:
    """Day numbers since START, weekdays five times as likely as weekend days."""
    days = range((first_day(month) - START).days, (first_day(month + 1) - START).days)
    return [n for n in days for _ in range(5 if (START.weekday() + n) % 7 < 5 else 1)]


WORKING_DAYS = [_working_days(month) for month in range(MONTHS)]
