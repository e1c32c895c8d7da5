"""plr_hollow_usage: usage rises while the value it stood for does not."""

from __future__ import annotations

from datetime import date, timedelta

from .contract import Row
from .events import movements_of
from .facts import AccountFacts, Facts, since
from .quality import find_tracking_breaks
from .ratios import at_least, at_most, ratio
from .renewals import Contracts
from .timeline import last_day, month_of, shift
from .usage import AccountMonth, Usage
from .verdict import CLEAR, FLAGGED, NOT_ELIGIBLE, UNKNOWN, WATCH, Finding, graded


class HollowUsage:
    """The pattern's rows, and which accounts are flagged when."""

    def __init__(self, facts: Facts, usage: Usage, contracts: Contracts) -> None:
        self.facts, self.usage, self.contracts = facts, usage, contracts
        self.config = facts.config
        self._breaks = find_tracking_breaks(facts.staged, facts.roles, facts.config)
        self.rows: list[Row] = []
        for account in facts:
            self.rows += self._of(account)
        self.flagged = {
            (row["account_id"], row["month"]) for row in self.rows if row["status"] == FLAGGED
        }

    def _of(self, facts: AccountFacts) -> list[Row]:
        months = {
            row.month: row
            for row in self.usage.spine[facts.account.account_id]
            if row.closing > 0 or row.month == self.facts.months[-1]
        }
        evidence = {month: self._evidence(facts, row) for month, row in months.items()}
        findings = {month: self._judge(facts, months[month], e) for month, e in evidence.items()}
        grades = graded(findings, self.config)
        return [
            {
                "account_id": facts.account.account_id,
                "account_name": facts.account.account_name,
                "month": month,
                "segment": facts.account.segment,
                **grades[month],
                **evidence[month],
            }
            for month in months
        ]

    def _evidence(self, facts: AccountFacts, row: AccountMonth) -> Row:
        account, month = facts.account.account_id, row.month

        def use(back: int) -> int:
            return self.usage.quarter(account, month, back)

        def value(back: int) -> int:
            return self.usage.quarter(account, month, back, value=True)

        proofs = self.usage.value_events(account, month, self.config.hollow_unproven_days)
        return {
            "closing_mrr": row.closing,
            "usage_now": use(0),
            "usage_before": use(3),
            "usage_ratio": ratio(use(0), use(3)),
            "value_now": value(0),
            "value_before": value(3),
            "value_ratio": ratio(value(0), value(3)),
            "usage_ratio_year_ago": ratio(use(0), use(12)),
            "value_ratio_year_ago": ratio(value(0), value(12)),
            "value_events_90d": sum(event.count for event in proofs),
            "is_renewal_value_down": self._is_renewal_value_down(facts, month),
            "renewal_date": self.contracts.renewal_date(account, last_day(month)),
        }

    def _judge(self, facts: AccountFacts, row: AccountMonth, evidence: Row) -> Finding:
        config, use, value = self.config, evidence["usage_ratio"], evidence["value_ratio"]
        if not row.closing > 0:
            return Finding(NOT_ELIGIBLE, "not_paying")
        if "value" not in self.usage.configured:
            return Finding(UNKNOWN, "no_value_role")
        if any(shift(row.month, -k) in self._breaks for k in range(6)):
            return Finding(UNKNOWN, "tracking_break")

        ends = evidence["renewal_date"]
        days_left = (ends - last_day(row.month)).days if ends else None
        is_near = days_left is not None and days_left <= config.hollow_renewal_days
        has_ratios = evidence["usage_before"] >= config.hollow_usage_events
        is_up = has_ratios and at_least(use, config.hollow_usage_ratio)
        is_unproven = self._is_unproven(facts, row.month, evidence["value_events_90d"])
        if is_up and at_most(value, config.hollow_value_ratio):
            return Finding(FLAGGED, "value_falls", row.closing, is_near)
        if is_up and evidence["is_renewal_value_down"]:
            return Finding(FLAGGED, "renewal_value_down", row.closing, is_near)
        if is_unproven and is_near:
            return Finding(FLAGGED, "unproven_before_renewal", row.closing, is_near)
        if is_up and at_most(ratio(value, use), config.hollow_lag_ratio):
            return Finding(WATCH, "value_lags", row.closing)
        if is_unproven:
            return Finding(WATCH, "outcome_unproven", row.closing)
        if not has_ratios:
            return Finding(UNKNOWN, "little_usage")
        return Finding(CLEAR, "value_keeps_up" if is_up else "usage_not_up")

    def _is_unproven(self, facts: AccountFacts, month: date, value_events: int) -> bool:
        """No value event for long, of a payer of as long, as far as events can tell."""
        account, days = facts.account.account_id, self.config.hollow_unproven_days
        first_month = self.facts.revenue.first_paid_month[account]
        paid = self.facts.revenue.first_paid_date.get(account) or last_day(first_month)
        begins = self.facts.events_since
        return (
            value_events == 0
            and paid + timedelta(days=days) <= last_day(month)
            and begins is not None
            and begins <= since(month, days)
            and not self.facts.are_events_stale_in(month)
        )

    def _is_renewal_value_down(self, facts: AccountFacts, month: date) -> bool:
        """In six months: a contraction of some size, or a renewal on worse terms."""
        months = [shift(month, -k) for k in range(6)]
        contracted = any(
            move.opening > 0
            and move.contraction > 0
            and at_least(
                ratio(move.contraction, move.opening), self.config.hollow_contraction_share
            )
            for move in movements_of(facts, months)
        )
        return contracted or any(
            month_of(renewal.successor.start) in months
            and renewal.successor.signed <= last_day(month)
            and renewal.is_worse(self.config)
            for renewal in self.contracts.renewals_of(facts.account.account_id)
        )
