"""What was spent to win customers: all companies' together, by kind, purpose and channel.

It has dice of its own, so that it changes nothing else.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .builds import Build
from .company import Row
from .dice import DAY, Dice, month_later
from .dirt import BEFORE_ALL, TOO_MUCH

KINDS = ["sales", "marketing", "product_growth", "other"]
PURPOSES = ["product_led", "product_led", "sales_led", "sales_led", "shared", None]
CHANNELS = ["referral", "search", "outbound", None, None]  # nobody comes by outbound
MISSPELT = ["Produkt-led", "plg", "Sales Led Growth"]
BLANKS = ["", "  "]
SPOILERS: list[Row] = [
    {"cost_type": None},
    {"cost_type": "rent"},
    {"cost_type": " "},
    {"amount": None},
    {"amount": -5},
    {"amount": TOO_MUCH},
    {"currency": None},
    {"month": None},
    {"month": BEFORE_ALL.date()},
]


def add_spending(build: Build) -> list[Row]:
    """Some rows a month, their keys repeated; in some builds a month is missing or has no value."""
    dice = Dice(f"{build.name}/spending")
    rows: list[Row] = []
    month, last = date(2022, 1, 1), build.as_of.replace(day=1)
    missing = dice.pick([None, None, None, date(2023, 5, 1)])
    while month <= last:
        for _ in range(dice.pick([3, 4, 5]) if month != missing else 0):
            rows.append(_row(build, dice, month))
        month = month_later(month, 1)
    if dice.chance(0.3):  # a currency that has no rate yet
        rows.append(_row(build, dice, date(2022, 6, 1)) | {"currency": "JPY"})
    if not build.is_clean:
        for change in SPOILERS:
            rows.append(dict(dice.pick(rows)) | change)
        for _ in range(6):
            rows.append(dict(dice.pick(rows)) | {"spent_on": dice.pick(MISSPELT)})
        for day in (build.as_of, build.as_of + DAY, build.as_of + 40 * DAY):
            rows.append(_row(build, dice, day))
    return rows


def _row(build: Build, dice: Dice, day: date) -> Row:
    currencies = ["USD"] if "fx_rates" in build.feeds_off else ["USD", "USD", "EUR", "GBP", " eur"]
    kind, purpose, channel = dice.pick(KINDS), dice.pick(PURPOSES), dice.pick(CHANNELS)
    return {
        "month": day + DAY * dice.pick([0, 0, 13]) if day.day == 1 else day,
        "cost_type": dice.pick([kind] * 4 + [kind.upper(), f" {kind.replace('_', '-')} "]),
        "spent_on": _written(dice, purpose),
        "acquisition_channel": channel or dice.pick([None, None, *BLANKS]),
        "amount": dice.pick([0, 100, 250, Decimal("0.01"), Decimal("1234.56")]),
        "currency": dice.pick(currencies),
    }


def _written(dice: Dice, purpose: str | None) -> str | None:
    if purpose is None:
        return dice.pick([None, *BLANKS])
    return dice.pick([purpose] * 4 + [purpose.replace("_", " ").title(), purpose.upper()])
