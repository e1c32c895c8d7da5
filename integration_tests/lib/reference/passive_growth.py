"""plr_product_passive_growth: revenue grows, and people start almost all of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .contract import Row
from .costs import Costs
from .facts import Facts, Scope
from .index import Index
from .ratios import at_least, growth, ratio, total
from .timeline import month_of, shift
from .usage import Usage
from .verdict import CLEAR, FLAGGED, UNKNOWN, Finding, graded

MONEY_STAGES = ["conversion", "expansion", "reactivation"]


class PassiveGrowth:
    """The pattern's rows; `others` holds the flagged entities of the other patterns."""

    def __init__(
        self,
        facts: Facts,
        usage: Usage,
        costs: Costs,
        index: Index,
        others: set[tuple[str, date, Scope]],
    ) -> None:
        self.facts, self.usage, self.costs, self.index = facts, usage, costs, index
        self.config, self._others = facts.config, others
        self.rows: list[Row] = []
        for scope in facts.scopes:
            self.rows += self._of(scope)

    def _of(self, scope: Scope) -> list[Row]:
        months = [m for m in self.facts.months if scope in self.facts.scopes_of(m)]
        evidence = {month: self._evidence(scope, month) for month in months}
        findings = {month: self._judge(scope, month, evidence[month]) for month in months}
        grades = graded(findings, self.config)
        return [
            {
                "month": month,
                "scope": scope[0],
                "scope_value": scope[1],
                **grades[month],
                **evidence[month],
            }
            for month in months
        ]

    def _arr(self, scope: Scope, month: date) -> Decimal:
        return 12 * total(self.facts.mrr(facts, month) for facts in self.facts.members(scope))

    def _evidence(self, scope: Scope, month: date) -> Row:
        config, ago = self.config, shift(month, -12)
        paying = [f for f in self.facts.members(scope) if self.facts.mrr(f, month) > 0]
        active = [
            f
            for f in paying
            if self.usage.value_events(f.account.account_id, month, config.passive_value_days)
        ]
        is_known = ago in self.facts.months
        people_ago = self.costs.headcount(ago) if is_known else None
        row = self.index.row(month, scope)
        touches = human_touches(self.facts, scope, month)
        observed = row.get("n_observed", 0)
        shares = {
            f"{stage}_human_share": self.index.row(month, scope, stage).get("human_started_share")
            for stage in ("acquisition", "conversion", "expansion", "retention")
        }
        return {
            "arr": self._arr(scope, month),
            "arr_year_ago": self._arr(scope, ago) if is_known else None,
            "arr_growth": growth(self._arr(scope, month), self._arr(scope, ago)),
            "headcount_growth": growth(self.costs.headcount(month), people_ago),
            "n_observed": observed,
            "coverage_share": row.get("coverage_share"),
            "human_started_share": row.get("human_started_share"),
            **shares,
            "paying_accounts": len(paying),
            "value_active_accounts": len(active),
            "value_active_share": ratio(len(active), len(paying)),
            "human_touches": touches,
            "touches_per_event": ratio(touches, observed),
            "other_patterns_flagged": len(
                {
                    pattern
                    for pattern, flagged, where in self._others
                    if flagged == month and where == scope
                }
            ),
        }

    def _judge(self, scope: Scope, month: date, row: Row) -> Finding:
        config = self.config
        if row["n_observed"] < config.passive_events:
            return Finding(UNKNOWN, "few_events")
        if not at_least(row["coverage_share"], config.passive_coverage):
            return Finding(UNKNOWN, "low_coverage")
        if row["arr_growth"] is None:
            return Finding(UNKNOWN, "no_base_year")
        if "value" not in self.usage.configured:
            return Finding(UNKNOWN, "no_value_role")
        if row["human_started_share"] is None:
            return Finding(UNKNOWN, "no_share")
        if not at_least(row["arr_growth"], config.passive_growth):
            return Finding(CLEAR, "no_growth")
        if not at_least(row["human_started_share"], config.passive_human_share):
            return Finding(CLEAR, "product_starts")
        if not at_least(row["value_active_share"], config.passive_value_share):
            return Finding(CLEAR, "product_unused")
        amount = total(
            self.index.row(month, scope, stage)["human_initiated_amount"] for stage in MONEY_STAGES
        )
        people, pace = row["headcount_growth"], config.passive_headcount_pace
        is_high = people is not None and at_least(people - pace * row["arr_growth"], 0)
        return Finding(FLAGGED, "people_start", amount, is_high)


def human_touches(facts: Facts, scope: Scope, month: date) -> int | None:
    """Human touches of the last twelve months on any account; unknown without a CRM feed."""
    if facts.crm_since is None:
        return None
    year = facts.last_year(month)
    return sum(
        touch.is_human and month_of(touch.when.lo.date()) in year
        for account in facts.members(scope)
        for touch in account.touches
    )
