"""plr_expansion_orphans: an expansion was earned and nobody, nor the product, moved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .contract import Row
from .events import movements_of
from .facts import COMPANY, AccountFacts, Facts, Scope, since
from .hollow_usage import HollowUsage
from .motion import LastMotion, Motion
from .ratios import median
from .renewals import Contracts
from .timeline import last_day, month_end
from .usage import AccountMonth, Usage
from .verdict import CLEAR, FLAGGED, NOT_ELIGIBLE, UNKNOWN, Finding, graded


class ExpansionOrphans:
    """The pattern's rows."""

    def __init__(
        self,
        facts: Facts,
        usage: Usage,
        motion: Motion,
        contracts: Contracts,
        hollow: HollowUsage,
    ) -> None:
        self.facts, self.usage, self.motion = facts, usage, motion
        self.contracts, self.hollow, self.config = contracts, hollow, facts.config
        self._rates: dict[tuple[Scope, date], Decimal | None] = {}
        self.rows: list[Row] = []
        for account in facts:
            self.rows += self._of(account)

    def _of(self, facts: AccountFacts) -> list[Row]:
        account = facts.account
        months = {
            row.month: row
            for row in self.usage.spine[account.account_id]
            if row.is_eligible or row.month == self.facts.months[-1]
        }
        moved = {month: self.motion.last(account.account_id, month) for month in months}
        rates = {month: self._rate(facts, month) for month in months}
        findings = {
            month: self._judge(facts, row, moved[month], rates[month])
            for month, row in months.items()
        }
        grades = graded(findings, self.config)
        return [
            {
                "account_id": account.account_id,
                "account_name": account.account_name,
                "month": month,
                "segment": account.segment,
                **grades[month],
                **self._evidence(facts, row, moved[month], rates[month]),
            }
            for month, row in months.items()
        ]

    def _judge(
        self, facts: AccountFacts, row: AccountMonth, moved: LastMotion | None, rate: Decimal
    ) -> Finding:
        month, begins = row.month, self.facts.crm_since
        if not row.is_eligible:
            return Finding(NOT_ELIGIBLE, "not_eligible")
        if begins is None:
            return Finding(UNKNOWN, "crm_not_covered")
        if self.facts.is_stale_in(month):
            return Finding(UNKNOWN, "stale_feed")
        if not row.earned:
            computable = sum(signal is not None for signal in row.others)
            if row.capacity is None and computable < self.config.orphan_signals:
                return Finding(UNKNOWN, "inputs_missing")
            return Finding(CLEAR, "not_earned")
        if row.streak < self.config.orphan_months:
            return Finding(CLEAR, "first_month")
        quiet = _days_since(moved, month)
        if quiet is not None and quiet < self.config.orphan_quiet_days:
            return Finding(CLEAR, "motion")
        if (facts.account.account_id, month) in self.hollow.flagged:
            return Finding(CLEAR, "hollow_usage")
        if begins > since(month, self.config.orphan_quiet_days):
            return Finding(UNKNOWN, "crm_not_covered")
        return Finding(FLAGGED, "no_motion", row.closing * rate)

    def _evidence(
        self, facts: AccountFacts, row: AccountMonth, moved: LastMotion | None, rate: Decimal
    ) -> Row:
        human = [
            touch.when.lo
            for touch in facts.touches
            if touch.is_human and touch.when.lo <= month_end(row.month)
        ]
        return {
            "closing_mrr": row.closing,
            "expansion_rate": rate,
            "seats": row.seats,
            "active_users": row.active_users,
            "utilisation": row.utilisation,
            "previous_utilisation": row.previous_utilisation,
            "usage_ratio": row.usage_ratio,
            "users_now": row.users_now,
            "users_before": row.users_before,
            "limit_events": row.limit_events,
            "limit_days": row.limit_days,
            "new_use_cases": row.new_use_cases,
            "is_capacity_reached": row.capacity,
            "is_usage_up": row.usage_up,
            "is_users_up": row.users_up,
            "is_breadth_new": row.breadth_new,
            "is_earned": row.earned,
            "earned_streak": row.streak,
            "earned_since": row.earned_since,
            "last_motion_at": moved.at if moved else None,
            "last_motion_type": moved.kind if moved else None,
            "days_since_motion": _days_since(moved, row.month),
            "last_human_touch_at": max(human, default=None),
            "renewal_date": self.contracts.renewal_date(
                facts.account.account_id, last_day(row.month)
            ),
        }

    def _rate(self, facts: AccountFacts, month: date) -> Decimal:
        """What expansions are usually worth: in the segment, the company, or by default."""
        rate = self._median_rate(("segment", facts.account.segment), month)
        if rate is None:
            rate = self._median_rate(COMPANY, month)
        return self.config.orphan_default_rate if rate is None else rate

    def _median_rate(self, scope: Scope, month: date) -> Decimal | None:
        if (scope, month) not in self._rates:
            rates = [
                move.expansion / move.opening
                for facts in self.facts.members(scope)
                for move in movements_of(facts, self.facts.last_year(month))
                if move.label == "expansion"
            ]
            enough = len(rates) >= self.config.orphan_rate_movements
            self._rates[scope, month] = median(rates) if rates and enough else None
        return self._rates[scope, month]


def _days_since(moved: LastMotion | None, month: date) -> int | None:
    return (last_day(month) - moved.at.date()).days if moved else None
