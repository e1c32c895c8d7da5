"""plr_architecture_drift: the company has grown into a stage its motion does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .config import DEFAULT_STAGE_EXPECTATIONS
from .contract import Row, to_number
from .costs import Costs
from .facts import COMPANY, Facts
from .index import Index
from .ratios import ZERO, at_least, at_most, ratio
from .timeline import shift
from .verdict import CLEAR, FLAGGED, UNKNOWN, WATCH, Finding, graded


@dataclass(frozen=True)
class Stage:
    """What a stage of growth asks of a company."""

    idx: int
    name: str
    arr_from: Decimal
    max_human: Decimal
    min_arr_per_fte: Decimal


def read_stages(rows: list[Row] | None) -> list[Stage]:
    """The stage table in order."""
    stages = [
        Stage(
            int(row["stage_idx"]),
            row["stage"],
            to_number(row["arr_from"]),
            to_number(row["max_human_started_share"]),
            to_number(row["min_arr_per_fte"]),
        )
        for row in (DEFAULT_STAGE_EXPECTATIONS if rows is None else rows)
    ]
    return sorted(stages, key=lambda stage: stage.idx)


class ArchitectureDrift:
    """The pattern's rows."""

    def __init__(self, facts: Facts, costs: Costs, index: Index, stages: list[Stage]) -> None:
        self.facts, self.costs, self.index, self.stages = facts, costs, index, stages
        self.config = facts.config
        months = facts.months
        evidence: dict[date, Row] = {}
        for month in months:
            evidence[month] = self._evidence(month, evidence.get(shift(month, -1)))
        findings = {month: self._judge(month, evidence) for month in months}
        grades = graded(findings, self.config, "excess_fte")
        self.rows = [
            {
                "month": month,
                "scope": "company",
                "scope_value": "all",
                **grades[month],
                **evidence[month],
            }
            for month in months
        ]
        self.by_month = {row["month"]: row for row in self.rows}

    def _evidence(self, month: date, before: Row | None) -> Row:
        arr = 12 * self.facts.company_mrr(month)
        headcount = self.costs.headcount(month)
        row = self.index.row(month, COMPANY)
        is_known = at_least(row.get("coverage_share"), self.config.index_min_coverage)
        human = row["human_started_share"] if is_known else None
        per_fte = ratio(arr, headcount)
        actual = max(
            (s for s in self.stages if at_least(arr, s.arr_from)),
            key=lambda s: s.idx,
            default=self.stages[0],
        )
        operating = self._operating(human, per_fte)
        stays = before is not None and before["actual_stage_idx"] == actual.idx
        return {
            "arr": arr,
            "headcount_fte": headcount,
            "arr_per_fte": per_fte,
            "human_started_share": human,
            "actual_stage": actual.name,
            "actual_stage_idx": actual.idx,
            "operating_stage": operating.name if operating else None,
            "operating_stage_idx": operating.idx if operating else None,
            "gap": actual.idx - operating.idx if operating else None,
            "months_in_stage": before["months_in_stage"] + 1 if stays else 1,
        }

    def _operating(self, human: Decimal | None, per_fte: Decimal | None) -> Stage | None:
        """The highest stage the company behaves like, or was designed for."""
        if human is None and per_fte is None:
            return None
        holding = [
            s
            for s in self.stages
            if (human is None or at_most(human, s.max_human))
            and (per_fte is None or at_least(per_fte, s.min_arr_per_fte))
        ]
        operating = holding[-1] if holding else self.stages[0]
        designed = [s for s in self.stages if s.name == self.config.designed_for_stage]
        return min([operating, *designed], key=lambda s: s.idx)

    def _judge(self, month: date, evidence: dict[date, Row]) -> Finding:
        row, config = evidence[month], self.config
        metrics = [row["human_started_share"], row["arr_per_fte"]]
        if row["gap"] is None:
            return Finding(UNKNOWN, "no_metric")
        if row["gap"] < 1:
            return Finding(CLEAR, "fits_stage")
        excess = self._excess(row)
        if None in metrics:
            return Finding(WATCH, "one_metric", excess)
        gaps = [evidence.get(shift(month, -k), {}).get("gap") for k in range(config.drift_months)]
        lasting = all(gap is not None and gap >= 1 for gap in gaps)
        if lasting and row["months_in_stage"] >= config.drift_months_in_stage:
            return Finding(FLAGGED, "drift", excess, is_high=row["gap"] >= 2)
        return Finding(WATCH, "too_recent", excess)

    def _excess(self, row: Row) -> Decimal | None:
        """People beyond what the stage's ARR per person allows."""
        floor = next(s.min_arr_per_fte for s in self.stages if s.idx == row["actual_stage_idx"])
        if row["headcount_fte"] is None or not floor:
            return None
        return max(ZERO, row["headcount_fte"] - row["arr"] / floor)
