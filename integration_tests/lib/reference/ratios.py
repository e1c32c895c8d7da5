"""Fractions and their comparison with thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

Number = Decimal | int
ZERO = Decimal(0)


def ratio(part: Number | None, whole: Number | None) -> Decimal | None:
    """A fraction; undefined is NULL, never 0."""
    return None if part is None or not whole else Decimal(part) / Decimal(whole)


def difference(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """The change, if both ends are known."""
    return None if now is None or before is None else now - before


def change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """The same to a thousandth of a point, so that rounded amounts don't decide."""
    moved = difference(now, before)
    return None if moved is None else round(moved, 5)


def growth(now: Number | None, before: Number | None) -> Decimal | None:
    """The relative change."""
    return None if now is None or not before else Decimal(now) / Decimal(before) - 1


def at_least(value: Number | None, limit: Any) -> bool:
    """value ≥ limit, on nine decimals so that a rounding does not decide; NULL is not."""
    return value is not None and round(Decimal(value), 9) >= Decimal(str(limit))


def at_most(value: Number | None, limit: Any) -> bool:
    """value ≤ limit, likewise."""
    return value is not None and round(Decimal(value), 9) <= Decimal(str(limit))


def both(*answers: bool | None) -> bool | None:
    """All of them; no answer counts as unknown, unless another one is no."""
    if False in answers:
        return False
    return None if None in answers else True


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle value, or the mean of the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def total(amounts: Any) -> Decimal:
    """A sum in which NULL adds nothing."""
    return sum((amount for amount in amounts if amount is not None), ZERO)


def nearest_rank(values: Sequence[int], part: int, whole: int, least: int) -> int | None:
    """The value below or at which this part of them lies; too few tell nothing."""
    if len(values) < max(least, 1):
        return None
    return sorted(values)[-(-len(values) * part // whole) - 1]
