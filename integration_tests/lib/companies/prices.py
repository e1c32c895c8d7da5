"""Amounts and days that lie on edges, for revenue of any shape."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .company import Company
from .dice import DAY, month_later

AMOUNTS = [Decimal(text) for text in ("100", "80", "120", "99.99", "1200.5", "30", "0.35")]
# beside the label band (0.005) of 100, and beside the zero band
CLOSE_TO_100 = [Decimal(text) for text in ("100.004", "100.005", "100.006", "99.995", "99.994")]
RESIDUES = [Decimal(text) for text in ("0.004", "0.0049", "0.005", "0.0051", "0")]
CENT = Decimal("0.01")


def later(company: Company, day: date) -> date:
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


def in_cents(amount: Decimal) -> Decimal:
    """As it would stand on a bill."""
    return amount.quantize(CENT)
