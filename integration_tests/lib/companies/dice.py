"""Random choices that land on edges far more often than chance would."""

from __future__ import annotations

import random
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar

T = TypeVar("T")

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
INSTANT = timedelta(microseconds=1)


def midnight(day: date) -> datetime:
    """The day's first instant."""
    return datetime.combine(day, time.min)


def month_later(day: date, months: int) -> date:
    """Calendar arithmetic, at the same time of day; a day that the month lacks becomes its last."""
    years, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(
        year=years, month=index + 1, day=min(day.day, monthrange(years, index + 1)[1])
    )


def day_of(at: date) -> date:
    """The UTC day of a date or an instant."""
    return at.date() if isinstance(at, datetime) else at


class Dice:
    """random.Random with the few throws the generator needs."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def chance(self, share: float) -> bool:
        """True in this share of throws."""
        return self._random.random() < share

    def pick(self, options: Sequence[T]) -> T:
        """One of these; repeat an option to make it likelier."""
        return options[self._random.randrange(len(options))]

    def shuffle(self, rows: list[T]) -> None:
        """Put them in any order, in place."""
        self._random.shuffle(rows)

    def number(self, low: int, high: int) -> int:
        """A whole number, both bounds included."""
        return self._random.randint(low, high)

    def split(self, total: int, parts: int) -> list[int]:
        """Whole numbers of about the same size that add up to the total."""
        base, rest = divmod(total, parts)
        return [base + (index < rest) for index in range(parts)]

    def day(self, first: date, last: date) -> date:
        """A day, both bounds included; month edges are common."""
        day = first + DAY * self.number(0, (last - first).days)
        if self.chance(0.25):
            day = self.pick([day.replace(day=1), day.replace(day=1) - DAY])
        return min(max(day, first), last)

    def moment(self, day: date) -> datetime:
        """An instant of the day; its edges are common."""
        at = datetime.combine(day, time.min)
        return at + self.pick(
            [
                timedelta(0),
                9 * HOUR + HOUR / 2,
                DAY - INSTANT,
                SECOND * self.number(0, 86_399),
                INSTANT * self.number(0, 86_400_000_000 - 1),
            ]
        )

    def near(self, at: datetime, offset_minutes: int = 0) -> datetime:
        """An instant that just ties with, precedes or follows another, or shares its local day."""
        local = timedelta(minutes=offset_minutes)
        morning = datetime.combine((at + local).date(), time.min)
        return self.pick(
            [
                *[at] * 4,
                *[at - INSTANT] * 2,
                *[at + INSTANT] * 2,
                at + self.pick([-1, 1]) * SECOND,
                at + self.pick([-1, 1]) * HOUR * self.number(1, 30),
                at + self.pick([-1, 1]) * DAY,
                at + self.pick([-1, 1]) * DAY * self.number(2, 45),
                datetime.combine(at.date(), time.min),
                morning,
                morning - local,
                morning - local + self.pick([-INSTANT, DAY, DAY - INSTANT]),
                morning + self.pick([-DAY, DAY]),
            ]
        )

    def at_edge(self, at: datetime) -> datetime:
        """An instant at a window's edge: on it, or a microsecond beside it."""
        return at + self.pick([timedelta(0), timedelta(0), -INSTANT, INSTANT])
