"""Motion: anything by which somebody, or the product itself, acts on an account."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .events import Events
from .facts import AccountFacts, Facts
from .initiation import PROMPTED
from .timeline import midnight, month_end


@dataclass(frozen=True)
class Move:
    """A point, or a stretch of time in which something runs."""

    start: datetime
    end: datetime
    kind: str


@dataclass(frozen=True)
class LastMotion:
    """The latest instant of motion, and what it was."""

    at: datetime
    kind: str


class Motion:
    """Every account's motion."""

    def __init__(self, facts: Facts, events: Events) -> None:
        self.config = facts.config
        self._moves: dict[str, list[Move]] = defaultdict(list)
        for account_id, account in facts.by_account.items():
            self._moves[account_id] = self._of(account)
        for event in events.all:
            if event.stage in {"conversion", "expansion"} and not event.is_too_small:
                at = midnight(event.day)
                account_id = event.facts.account.account_id
                self._moves[account_id].append(Move(at, at, "movement"))

    def last(self, account: str, month: date) -> LastMotion | None:
        """The latest motion by the month's end; what still runs lasts until then."""
        end = month_end(month)
        seen = [
            (min(move.end, end), move.kind) for move in self._moves[account] if move.start <= end
        ]
        if not seen:
            return None
        latest = max(at for at, _ in seen)
        return LastMotion(latest, min(kind for at, kind in seen if at == latest))

    def any_after(self, account: str, instant: datetime, month: date) -> bool:
        """Whether anything moved after an instant, up to the month's end."""
        return any(
            move.end > instant and move.start <= month_end(month) for move in self._moves[account]
        )

    def acted_between(self, account: str, after: datetime, until: datetime) -> bool:
        """Whether somebody or the product acted, or still did; a movement of revenue is no act."""
        return any(
            move.kind != "movement" and move.end > after and move.start <= until
            for move in self._moves[account]
        )

    def _of(self, facts: AccountFacts) -> list[Move]:
        moves = [
            Move(touch.when.lo, touch.when.lo, "touch")
            for touch in facts.touches
            if touch.is_human and touch.is_commercial
        ]
        moves += [
            Move(event.when.lo, event.when.lo, role)
            for event in facts.of_role(*PROMPTED)
            for role in PROMPTED
            if role in event.roles
        ]
        for o in facts.opportunities:
            start = o.created.lo
            end = start + timedelta(days=self.config.open_opportunity_days)
            if o.closed is not None:
                end = max(start, min(end, o.closed.lo))
            elif o.is_closed:
                end = start
            moves.append(Move(start, end, "opportunity"))
        return moves
