"""Times within the day on revenue rows that were dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from .accounts import FIRST_PAID
from .company import Row
from .dice import HOUR, INSTANT, SECOND, Dice, midnight

STARTS = ("valid_from", "service_start")
ENDS = ("valid_to", "service_end")


def move_clock(dice: Dice, rows: list[Row]) -> None:
    """Local midnights, with their summer, or one time of day for all."""
    at_night = dice.pick([HOUR, 2 * HOUR])
    of_day = dice.pick([9 * HOUR, dice.number(0, 86_399) * SECOND, 24 * HOUR - INSTANT])
    is_local = dice.chance(0.5)

    def moved(day: date) -> datetime:
        summer = HOUR if 4 <= day.month <= 10 else timedelta(0)
        at = midnight(day) - at_night - summer if is_local else midnight(day) + of_day
        return max(at, midnight(FIRST_PAID))

    # its first rate is of a month that a local midnight may miss
    _change([row for row in rows if row["currency"] != "JPY"], STARTS + ENDS, moved)


def end_inclusively(dice: Dice, rows: list[Row]) -> None:
    """Up to a day's last second, or for ever."""
    last = dice.pick([SECOND, SECOND, INSTANT])
    _change(rows, ENDS, lambda day: midnight(day) - last)
    for row in rows:
        if "valid_to" in row and row["valid_to"] is None and dice.chance(0.3):
            row["valid_to"] = datetime(9999, 12, 31, 23, 59, 59)


def _change(rows: list[Row], columns: tuple[str, ...], moved: Callable[[date], datetime]) -> None:
    """Of rows that begin and end on different days, those given as days."""
    for row in rows:
        interval = [row.get(column) for column in STARTS + ENDS]
        if len({at for at in interval if at is not None}) < 2 and None not in interval:
            continue
        for column in columns:
            at = row.get(column)
            if at is not None and not isinstance(at, datetime):
                row[column] = moved(at)
