"""A company being made: its rows, its ids, and the stories of its accounts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .builds import Build
from .dice import Dice

Row = dict[str, Any]


@dataclass
class Story:
    """One account: the instants everything else is placed around."""

    account_id: str
    signed_up_at: datetime | None
    proven_at: datetime  # about when meaningful activity happens
    pays_from: date | None  # about when it first pays; None = a prospect
    users: list[str] = field(default_factory=list)


class Company:
    """Collects delivered rows; every id starts with the company's name."""

    def __init__(self, build: Build, seed: int | str) -> None:
        self.build = build
        self.name = seed if isinstance(seed, str) else f"c{seed:04d}"
        self.dice = Dice(f"{build.name}/{seed}")
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.stories: list[Story] = []
        self._ids = 0

    def add(self, relation: str, **row: Any) -> Row:
        """Deliver a row."""
        self.rows[relation].append(row)
        return row

    def id(self, letter: str) -> str:
        """A new id."""
        self._ids += 1
        return f"{self.name}_{letter}{self._ids:03d}"

    def is_lost(self, share: float) -> bool:
        """Whether a row names an owner that nobody delivered."""
        return not self.build.is_clean and self.dice.chance(share)

    def currency(self, since: date) -> str:
        """A currency that has a rate from that day's month on."""
        if "fx_rates" in self.build.feeds_off:
            return "USD"
        known = ["USD", "USD", "USD", "EUR", "EUR", "GBP"]
        return self.dice.pick(known + (["JPY"] if since >= date(2023, 10, 1) else []))
