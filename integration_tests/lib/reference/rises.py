"""The day on which a month's MRR rose most, by daily MRR at the rates of the month before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .facts import Facts
from .ratios import ZERO
from .timeline import DAY, last_day, shift


def total_on(facts: Facts, account: str, day: date, month: date) -> Decimal:
    """MRR on a day, at the rates that date the month's events."""
    return sum(
        (
            piece.mrr * _rate(facts, piece.currency, month)
            for piece in facts.revenue.pieces.get(account, [])
            if piece.covers(day) and not piece.is_trial
        ),
        ZERO,
    )


def day_of_rise(facts: Facts, account: str, month: date) -> date:
    """The day with the month's largest rise; a snapshot only knows the month's end."""
    if facts.config.revenue_shape == "snapshots":
        return last_day(month)
    best, best_rise = month, None
    before = total_on(facts, account, month - DAY, month)
    day = month
    while day <= last_day(month):
        now = total_on(facts, account, day, month)
        rise = round(now - before, 6)
        if best_rise is None or rise > best_rise:
            best, best_rise = day, rise
        before, day = now, day + DAY
    return best if best_rise > 0 else month  # lifted above zero by rates alone


def _rate(facts: Facts, currency: str, month: date) -> Decimal:
    """The rate of the month before, else the month's own, else nothing counts."""
    rates = facts.revenue.rates
    return rates.at(currency, shift(month, -1)) or rates.at(currency, month) or ZERO
