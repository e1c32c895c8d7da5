"""plr_conversion_black_holes: value was reached, and no commercial step followed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .contract import Row
from .events import Events, RevenueEvent
from .facts import COMPANY, AccountFacts, Facts, Scope
from .motion import Motion
from .origin import members_in_scope
from .ratios import at_least, median, ratio, total
from .timeline import last_day, month_end
from .usage import Usage
from .verdict import CLEAR, FLAGGED, NOT_ELIGIBLE, UNKNOWN, Finding, graded

BY_PEOPLE = {"human_initiated", "product_sourced_human_assisted"}


class BlackHoles:
    """Account rows, and a row per segment that converts."""

    def __init__(self, facts: Facts, usage: Usage, motion: Motion, events: Events) -> None:
        self.facts, self.usage, self.motion = facts, usage, motion
        self.config = facts.config
        self._conversions = [event for event in events.all if event.stage == "conversion"]
        self._members = members_in_scope(facts.staged, self.config.activity_scope)
        self._prices: dict[tuple[Scope, date], Decimal | None] = {}
        self.rows: list[Row] = []
        for account in facts:
            self.rows += self._of_account(account)
        for segment in sorted({facts.account.segment for facts in facts}):
            self.rows += self._of_segment(segment)

    def waiting(self, facts: AccountFacts, month: date) -> int | None:
        """Days since value was proven, as far as that is known by the month's end."""
        activity = facts.activity
        if activity is None or activity.lo > month_end(month):
            return None
        return (last_day(month) - activity.lo.date()).days

    # ── accounts ─────────────────────────────────────────────────────────────────────────────

    def _of_account(self, facts: AccountFacts) -> list[Row]:
        account = facts.account
        months = [
            row.month
            for row in self.usage.spine[account.account_id]
            if self._is_eligible(facts, row.month) or row.month == self.facts.months[-1]
        ]
        evidence = {month: self._evidence(facts, month) for month in months}
        findings = {month: self._judge(facts, month, evidence[month]) for month in months}
        grades = graded(findings, self.config)
        return [
            {
                "entity_type": "account",
                "entity_id": account.account_id,
                "account_id": account.account_id,
                "account_name": account.account_name,
                "segment": account.segment,
                "month": month,
                **grades[month],
                **evidence[month],
            }
            for month in months
        ]

    def _is_eligible(self, facts: AccountFacts, month: date) -> bool:
        """Never paid so far, and has reached value."""
        return not self._has_paid(facts, month) and self.waiting(facts, month) is not None

    def _has_paid(self, facts: AccountFacts, month: date) -> bool:
        """Whether the account has paid by then, or any that shares its value."""
        paid = self.facts.revenue.first_paid_month
        members = self._members[facts.account.account_id]
        return any(member in paid and paid[member] <= month for member in members)

    def _evidence(self, facts: AccountFacts, month: date) -> Row:
        account = facts.account.account_id
        values = self.usage.value_events(account, month, self.config.black_hole_value_days)
        waiting, moved = self.waiting(facts, month), self.motion.last(account, month)
        reached = facts.activity.lo if waiting is not None else None
        return {
            "first_meaningful_activity_at": reached,
            "days_waiting": waiting,
            "value_events": sum(event.count for event in values),
            "value_users": len({event.user for event in values} - {None}),
            "had_prior_contact": (
                any(contact.when.lo < reached for contact in facts.contacts) if reached else None
            ),
            "last_motion_at": moved.at if moved else None,
            "n_observed_conversions": None,
            "human_dependent_conversions": None,
            "human_dependent_conversion_share": None,
        }

    def _judge(self, facts: AccountFacts, month: date, evidence: Row) -> Finding:
        config, begins = self.config, self.facts.crm_since
        reached = evidence["first_meaningful_activity_at"]
        if not self._is_eligible(facts, month):
            has_paid = self._has_paid(facts, month)
            return Finding(NOT_ELIGIBLE, "paid" if has_paid else "no_activity")
        if begins is None:
            return Finding(UNKNOWN, "crm_not_covered")
        if self.facts.is_stale_in(month):
            return Finding(UNKNOWN, "stale_feed")
        if "value" not in self.usage.configured:
            return Finding(UNKNOWN, "no_value_role")
        if evidence["days_waiting"] < config.black_hole_wait_days:
            return Finding(CLEAR, "too_recent")
        if evidence["value_events"] == 0:
            return Finding(CLEAR, "lapsed")
        if self.motion.any_after(facts.account.account_id, reached, month):
            return Finding(CLEAR, "motion")
        if begins > reached:
            return Finding(UNKNOWN, "crm_not_covered")
        return Finding(FLAGGED, "no_motion", self.price(facts, month))

    def price(self, facts: AccountFacts, month: date) -> Decimal | None:
        """What a first payment usually is: in the segment, else in the company."""
        price = self._median_price(("segment", facts.account.segment), month)
        return self._median_price(COMPANY, month) if price is None else price

    def _median_price(self, scope: Scope, month: date) -> Decimal | None:
        if (scope, month) not in self._prices:
            amounts = [event.amount for event in self._converted(scope, month)]
            enough = len(amounts) >= self.config.black_hole_price_conversions
            self._prices[scope, month] = median(amounts) if amounts and enough else None
        return self._prices[scope, month]

    # ── segments ─────────────────────────────────────────────────────────────────────────────

    def _converted(self, scope: Scope, month: date) -> list[RevenueEvent]:
        """A scope's conversions of the last twelve months."""
        year = self.facts.last_year(month)
        return [e for e in self._conversions if e.month in year and scope in e.facts.scopes]

    def _of_segment(self, segment: str) -> list[Row]:
        counts, findings = {}, {}
        for month in self.facts.months:
            events = self._converted(("segment", segment), month)
            if events:
                by_people = [event for event in events if event.initiation in BY_PEOPLE]
                observed = sum(event.is_observed for event in events)
                counts[month] = (observed, len(by_people), ratio(len(by_people), observed))
                money = total(event.amount for event in by_people)
                findings[month] = self._judge_segment(observed, counts[month][2], money)
        grades = graded(findings, self.config)
        return [
            {
                "entity_type": "segment",
                "entity_id": segment,
                "account_id": None,
                "account_name": None,
                "segment": segment,
                "month": month,
                **grades[month],
                "first_meaningful_activity_at": None,
                "days_waiting": None,
                "value_events": None,
                "value_users": None,
                "had_prior_contact": None,
                "last_motion_at": None,
                "n_observed_conversions": observed,
                "human_dependent_conversions": by_people,
                "human_dependent_conversion_share": part,
            }
            for month, (observed, by_people, part) in counts.items()
        ]

    def _judge_segment(self, observed: int, part: Decimal | None, money: Decimal) -> Finding:
        if observed < self.config.black_hole_segment_conversions:
            return Finding(UNKNOWN, "few_conversions")
        if at_least(part, self.config.black_hole_segment_share):
            return Finding(FLAGGED, "people_convert", money)
        return Finding(CLEAR, "product_converts")
