"""plr_index_monthly: how much of the revenue the product starts, trailing twelve months."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .contract import Row
from .events import Events, RevenueEvent
from .facts import Facts, Scope
from .ratios import ZERO, at_least, ratio, total
from .timeline import shift

STAGES = ["acquisition", "conversion", "expansion", "reactivation", "retention"]
POOLED = {"conversion", "expansion", "retention"}


@dataclass(frozen=True)
class Tally:
    """Some events counted and added up by who started them."""

    events: list[RevenueEvent]
    assisted_weight: Decimal

    @property
    def n_observed(self) -> int:
        """Events somebody can be credited with."""
        return sum(event.is_observed for event in self.events)

    def amount(self, *initiations: str) -> Decimal:
        """MRR of the events so started; of all without a name."""
        return total(
            e.amount for e in self.events if not initiations or e.initiation in initiations
        )

    @property
    def observed(self) -> Decimal:
        """MRR of the observed events."""
        return total(e.amount for e in self.events if e.is_observed)

    @property
    def coverage(self) -> Decimal | None:
        """How much of the amount was observed."""
        return ratio(self.observed, self.amount())

    def shares(self) -> dict[str, Decimal | None]:
        """Started, carried and human, of the observed amount."""
        alone = self.amount("product_initiated")
        assisted = self.amount("product_sourced_human_assisted")
        return {
            "product_started_share": ratio(alone + assisted, self.observed),
            "product_carried_share": ratio(alone + self.assisted_weight * assisted, self.observed),
            "human_started_share": ratio(self.amount("human_initiated"), self.observed),
        }


def _scopes(event: RevenueEvent) -> list[Scope]:
    """The company, the account's segment and its channel."""
    return [*event.facts.scopes, ("acquisition_channel", event.facts.account.channel)]


class Index:
    """The index rows by month, scope and stage."""

    def __init__(self, facts: Facts, events: Events) -> None:
        self.facts, self.config = facts, facts.config
        self.events: dict[tuple[date, Scope], list[RevenueEvent]] = defaultdict(list)
        for event in events.all:
            for k in range(12):
                if shift(event.month, k) in facts.months:
                    for scope in _scopes(event):
                        self.events[shift(event.month, k), scope].append(event)
        self._rows: dict[tuple[date, Scope, str], Row] = {}
        for (month, scope), found in sorted(self.events.items()):
            for row in self._of_scope(month, scope, found):
                self._rows[month, scope, row["stage"]] = row

    def rows(self) -> list[Row]:
        """plr_index_monthly."""
        return list(self._rows.values())

    def row(self, month: date, scope: Scope, stage: str = "all") -> Row:
        """One row; empty where there is none."""
        return self._rows.get((month, scope, stage), {})

    def _of_scope(self, month: date, scope: Scope, events: list[RevenueEvent]) -> list[Row]:
        tallies = {stage: self._tally(events, {stage}) for stage in STAGES}
        pooled = self._tally(events, POOLED)
        rows = [
            self._row(month, scope, stage, tally, tally.shares())
            for stage, tally in tallies.items()
        ]
        shares = self._weighed(tallies)
        found = {stage: self._why_left_out(tally) for stage, tally in tallies.items()}
        names = [stage for stage in STAGES if self._weight(stage)]
        weighed = [stage for stage in names if not found[stage]]
        left_out = [f"{stage} ({found[stage]})" for stage in names if found[stage]]
        row = self._row(month, scope, "all", pooled, shares)
        row["stages_weighed"] = len(weighed)
        row["weighed_stages"] = ", ".join(weighed) or None
        row["left_out_stages"] = ", ".join(left_out) or None
        carried = row["product_carried_share"]
        enough = len(weighed) >= self.config.index_min_stages and at_least(
            pooled.coverage, self.config.index_min_coverage
        )
        row["plr_index"] = 100 * carried if enough and carried is not None else None
        return [*rows, row]

    def _tally(self, events: list[RevenueEvent], stages: set[str]) -> Tally:
        chosen = [event for event in events if event.stage in stages]
        return Tally(chosen, self.config.assisted_weight)

    def _weight(self, stage: str) -> Decimal:
        return Decimal(str(self.config.index_weights.get(stage, 0)))

    def _why_left_out(self, tally: Tally) -> str:
        """Why a stage does not weigh; empty where it does."""
        least = self.config.index_min_stage_events
        if tally.n_observed < least:
            events = "observed event" if tally.n_observed == 1 else "observed events"
            return f"{tally.n_observed} {events} of the {least} needed"
        return "" if tally.observed else "no MRR observed"

    def _weighed(self, tallies: dict[str, Tally]) -> dict[str, Decimal | None]:
        """Weighted means of the stages' shares, not of their pooled amounts."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        weights = ZERO
        for stage, tally in tallies.items():
            weight = self._weight(stage)
            if not weight or self._why_left_out(tally):
                continue
            weights += weight
            for name, value in tally.shares().items():
                sums[name] += weight * value
        names = tallies["conversion"].shares()
        return {name: ratio(sums[name], weights) for name in names}

    def _row(
        self,
        month: date,
        scope: Scope,
        stage: str,
        tally: Tally,
        shares: dict[str, Decimal | None],
    ) -> Row:
        return {
            "month": month,
            "scope": scope[0],
            "scope_value": scope[1],
            "stage": stage,
            "n_events": len(tally.events),
            "n_observed": tally.n_observed,
            "total_amount": tally.amount(),
            "observed_amount": tally.observed,
            "product_initiated_amount": tally.amount("product_initiated"),
            "product_sourced_amount": tally.amount("product_sourced_human_assisted"),
            "human_initiated_amount": tally.amount("human_initiated"),
            "stages_weighed": None,
            "weighed_stages": None,
            "left_out_stages": None,
            **shares,
            "coverage_share": tally.coverage,
            "plr_index": None,
            "months_of_history": self.facts.revenue.months_of_history(month),
        }
