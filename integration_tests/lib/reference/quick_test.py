"""plr_quick_test: seven questions, each worth two points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from .board import Board
from .config import Config
from .contract import Row
from .facts import COMPANY
from .index import Index
from .ratios import at_least, at_most, growth, ratio, total
from .timeline import shift
from .verdict import CLEAR, FLAGGED, NOT_ELIGIBLE, UNKNOWN, WATCH

LESS_IS_BETTER = {3, 4, 6}
PATTERN = {
    1: "product_passive_growth",
    2: "expansion_orphans",
    3: "conversion_black_holes",
    4: "hollow_usage",
    5: "borrowed_nrr",
    6: "architecture_drift",
    7: "architecture_drift",
}
USAGE_UP = {"value_falls", "renewal_value_down"}  # of Hollow Usage: its usage rises
VERDICT = {0: "weak", 1: "mixed", 2: "strong", None: "unanswered"}


@dataclass(frozen=True)
class Measure:
    """What a question looks at."""

    value: Any = None
    numerator: Any = None
    denominator: Any = None


class QuickTest:
    """Rows for every month: the questions, and 0 for the total."""

    def __init__(self, board: Board, index: Index, patterns: dict[str, list[Row]]) -> None:
        self.board, self.index, self.patterns = board, index, patterns
        self.config: Config = board.config
        self.rows: list[Row] = []
        for month in board.by_month:
            self.rows += self._of_month(month)

    def _of_month(self, month: date) -> list[Row]:
        measures = {
            1: self._started(month),
            2: self._caught(month),
            3: self._holes(month),
            4: self._hollow(month),
            5: Measure(),
            6: self._drifted(month),
            7: self._outgrown(month),
        }
        points = {n: self._points(n, measure.value) for n, measure in measures.items()}
        status = self._company_row("borrowed_nrr", month).get("status")
        points[5] = {FLAGGED: 0, WATCH: 1, CLEAR: 2}.get(status)
        rows = [
            _row(month, n, measures[n], points[n], VERDICT[points[n]]) for n in sorted(measures)
        ]
        return [self._total(month, points), *rows]

    def _points(self, question: int, value: Any) -> int | None:
        limits = self.config.quick_test_limits
        bounds = limits.get(question, limits.get(str(question)))
        if value is None or bounds is None:
            return None
        reached = at_most if question in LESS_IS_BETTER else at_least
        one, two = bounds
        return 2 if reached(value, two) else int(reached(value, one))

    def _total(self, month: date, points: dict[int, int | None]) -> Row:
        answered = {n: p for n, p in points.items() if p is not None}
        earned = sum(answered.values()) if answered else None
        score, verdict = None, UNKNOWN
        if answered and len(answered) >= self.config.quick_test_answers:
            score = 100 * Decimal(earned) / (2 * len(answered))
            if at_least(score, self.config.quick_test_strong):
                verdict = "strong"
            else:
                verdict = "mixed" if at_least(score, self.config.quick_test_mixed) else "weak"
        row = _row(month, 0, Measure(score, earned, 2 * len(answered)), earned, verdict)
        worst = min(answered, key=lambda n: (answered[n], n), default=None)
        if worst is not None and answered[worst] < 2:
            row["heaviest_pattern"] = PATTERN[worst]
        return row

    # ── the measures ─────────────────────────────────────────────────────────────────────────

    def _company_row(self, pattern: str, month: date) -> Row:
        for row in self.patterns[pattern]:
            if row["month"] == month and row["scope"] == "company":
                return row
        return {}

    def _of_enough(self, measure: Measure, population: int) -> Measure:
        """Unanswered where too few are asked."""
        if population < self.config.quick_test_population:
            return replace(measure, value=None)
        return measure

    def _started(self, month: date) -> Measure:
        row = self.index.row(month, COMPANY)
        if not at_least(row.get("coverage_share"), self.config.index_min_coverage):
            return Measure()
        return self._of_enough(Measure(row["product_started_share"]), row["n_observed"])

    def _drifted(self, month: date) -> Measure:
        """ARR per employee alone says nothing of the motion."""
        row = self._company_row("architecture_drift", month)
        return Measure(None if row.get("human_started_share") is None else row["gap"])

    def _caught(self, month: date) -> Measure:
        row = self.board.by_month[month]
        measure = Measure(
            row["expansion_caught_share"], row["caught_streaks"], row["earned_streaks"]
        )
        return self._of_enough(measure, row["earned_accounts"])

    def _holes(self, month: date) -> Measure:
        rows = [
            row
            for row in self.patterns["conversion_black_holes"]
            if row["month"] == month
            and row["entity_type"] == "account"
            and row["status"] not in {NOT_ELIGIBLE, UNKNOWN}
            and row["days_waiting"] >= self.config.black_hole_wait_days
            and row["value_events"] > 0
        ]
        flagged = sum(row["status"] == FLAGGED for row in rows)
        measure = Measure(ratio(flagged, len(rows)), flagged, len(rows)) if rows else Measure()
        return self._of_enough(measure, len(rows))

    def _hollow(self, month: date) -> Measure:
        rows = [
            row
            for row in self.patterns["hollow_usage"]
            if row["month"] == month and row["status"] in {FLAGGED, WATCH, CLEAR}
        ]
        flagged = total(row["closing_mrr"] for row in rows if row["reason"] in USAGE_UP)
        whole = total(row["closing_mrr"] for row in rows)
        measure = Measure(ratio(flagged, whole), flagged, whole) if rows else Measure()
        return self._of_enough(measure, len(rows))

    def _outgrown(self, month: date) -> Measure:
        now = self.board.by_month[month]["revenue_per_employee"]
        before = self.board.by_month.get(shift(month, -12), {}).get("revenue_per_employee")
        rise = growth(now, before)
        return Measure(rise, None if rise is None else now - before, before)


def _row(month: date, number: int, measure: Measure, points: int | None, verdict: str) -> Row:
    return {
        "month": month,
        "question_no": number,
        "measure_value": measure.value,
        "measure_numerator": measure.numerator,
        "measure_denominator": measure.denominator,
        "points": points,
        "verdict": verdict,
        "heaviest_pattern": None,
    }
