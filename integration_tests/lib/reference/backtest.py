"""plr_pattern_backtest: what became of accounts after each verdict on them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from .black_holes import BlackHoles
from .comparison import wilson
from .contract import Row
from .facts import Facts
from .motion import Motion
from .origin import members_in_scope
from .ratios import ratio, total
from .timeline import month_end, shift
from .verdict import CLEAR, FLAGGED, UNKNOWN, WATCH

PAYERS = ("churn", "contraction_or_churn", "expansion")
OUTCOMES = {
    "expansion_orphans": PAYERS,
    "hollow_usage": PAYERS,
    "conversion_black_holes": ("conversion",),
}


@dataclass(frozen=True)
class Verdict:
    """A pattern's verdict on an account in a month."""

    account: str
    month: date
    status: str
    reason: str
    mrr: Decimal | None

    @property
    def is_judged(self) -> bool:
        """Where too little is known, there is none."""
        return self.status in (FLAGGED, WATCH, CLEAR)


class Backtest:
    """The rows."""

    def __init__(
        self, facts: Facts, motion: Motion, black_holes: BlackHoles, patterns: dict[str, list[Row]]
    ) -> None:
        self.facts, self.motion, self.config = facts, motion, facts.config
        self._members = members_in_scope(facts.staged, self.config.activity_scope)
        self._happened, self._first_after = cache(self._months_of), cache(self._next_of)
        self.rows: list[Row] = []
        for pattern, outcomes in OUTCOMES.items():
            self._verdicts: dict[tuple[str, date], Verdict] = {}
            for row in patterns[pattern]:
                account, month = row["account_id"], row["month"]
                if account is None:
                    continue
                mrr = row.get("closing_mrr")
                if pattern == "conversion_black_holes":
                    mrr = black_holes.price(facts[account], month)
                verdict = Verdict(account, month, row["status"], row["reason"], mrr)
                self._verdicts[account, month] = verdict
            self._clear: dict[date, list[str]] = defaultdict(list)
            self._base = cache(self._clear_rate)
            for verdict in self._verdicts.values():
                if verdict.status == CLEAR:
                    self._clear[verdict.month].append(verdict.account)
            episodes: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
            for verdict in self._verdicts.values():
                if verdict.is_judged and self._is_first(verdict):
                    episodes[verdict.status, verdict.reason].append(verdict)
            for outcome in outcomes:
                for months in self.config.backtest_horizons:
                    seen = self._recalled(outcome, months)
                    for (status, reason), starts in sorted(episodes.items()):
                        key = {"pattern": pattern, "status": status, "reason": reason}
                        found = self._row(starts, outcome, months)
                        recalled = seen if status == FLAGGED else dict.fromkeys(seen)
                        self.rows.append({**key, **found, **recalled})

    def _is_first(self, verdict: Verdict) -> bool:
        """No month before it was of the same status and reason; missing data ends no streak."""
        month = shift(verdict.month, -1)
        while (before := self._verdicts.get((verdict.account, month))) is not None:
            if before.status != UNKNOWN:
                return (before.status, before.reason) != (verdict.status, verdict.reason)
            month = shift(month, -1)
        return True

    def _months_of(self, account: str, outcome: str) -> set[date]:
        """When it happened to an account."""
        if outcome == "conversion":  # whoever of those that share its value pays first
            paid = self.facts.revenue.first_paid_month
            firsts = [paid[member] for member in self._members[account] if member in paid]
            return {min(firsts)} if firsts else set()
        labels = {"contraction", "churn"} if outcome == "contraction_or_churn" else {outcome}
        moves = self.facts[account].movements
        return {month for month, move in moves.items() if move.label in labels}

    def _next_of(self, account: str, outcome: str, month: date, months: int) -> date | None:
        """The first month of an outcome within so many months after one."""
        last = shift(month, months)
        return min((m for m in self._happened(account, outcome) if month < m <= last), default=None)

    def _row(self, starts: list[Verdict], outcome: str, months: int) -> Row:
        known = self.facts.months[-1]
        closed = [s for s in starts if shift(s.month, months) <= known]
        came = {s: self._first_after(s.account, outcome, s.month, months) for s in closed}
        with_outcome = [s for s in closed if came[s]]
        acted = [
            s
            for s in closed
            if self.motion.acted_between(
                s.account, month_end(s.month), month_end(came[s] or shift(s.month, months))
            )
        ]
        acted_with_outcome = [s for s in acted if came[s]]
        based = [s for s in closed if self._clear[s.month]]
        expected = total(self._base(s.month, outcome, months) for s in based)
        n, hits = len(closed), len(with_outcome)
        low, high = wilson(hits, n) if n else (None, None)
        rate, base = ratio(hits, n), ratio(expected, len(based))
        return {
            "outcome": outcome,
            "horizon_months": months,
            "is_horizon_over": n > 0,
            "episodes": n,
            "open_episodes": len(starts) - n,
            "accounts": len({s.account for s in closed}),
            "outcomes": hits,
            "rate": rate,
            "rate_ci_low": low,
            "rate_ci_high": high,
            "base_episodes": len(based),
            "base_outcomes": expected,
            "base_rate": base,
            "lift": ratio(rate, base),
            "acted_on_episodes": len(acted),
            "acted_on_outcomes": len(acted_with_outcome),
            "acted_on_rate": ratio(len(acted_with_outcome), len(acted)),
            "left_alone_rate": ratio(hits - len(acted_with_outcome), n - len(acted)),
            "mrr_concerned": total(s.mrr for s in closed),
            "outcome_mrr": total(s.mrr for s in with_outcome),
            "confidence": self.config.confidence(n),
        }

    def _clear_rate(self, month: date, outcome: str, months: int) -> Decimal:
        """What became of those that were clear in the month."""
        clear = self._clear[month]
        hits = sum(self._first_after(a, outcome, month, months) is not None for a in clear)
        return ratio(hits, len(clear))

    def _recalled(self, outcome: str, months: int) -> Row:
        """Of the outcomes of accounts judged in all months before, those that were flagged."""
        judged, flagged = 0, 0
        for account in sorted({account for account, _ in self._verdicts}):
            for month in self._happened(account, outcome):
                before = [
                    self._verdicts.get((account, shift(month, -k))) for k in range(1, months + 1)
                ]
                if all(verdict and verdict.is_judged for verdict in before):
                    judged += 1
                    flagged += any(verdict.status == FLAGGED for verdict in before)
        return {
            "judged_outcomes": judged,
            "flagged_outcomes": flagged,
            "recall": ratio(flagged, judged),
        }
