"""plr_renewals: how each contract's term ended, and the value seen before notice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from .contract import Row
from .events import STARTED_BY_PRODUCT, Events, team_name
from .facts import AccountFacts, Facts
from .initiation import Answer, Question
from .ratios import ZERO, ratio, total
from .renewals import Contracts, Renewal, Term
from .timeline import DAY, INSTANT, last_day, midnight, month_of, shift
from .usage import Usage

RETAINED = {"renewed", "rolled_over"}


@dataclass(frozen=True)
class Mover:
    """Who moved first before a renewal, when, and of which team."""

    who: str | None
    at: datetime | None = None
    team: str | None = None


class RenewalOutcomes:
    """The rows, and the board's shares of them."""

    def __init__(self, facts: Facts, usage: Usage, contracts: Contracts, events: Events) -> None:
        self.facts, self.usage, self.contracts, self.events = facts, usage, contracts, events
        self.config = facts.config
        self.rows: list[Row] = []
        self._ended: dict[date, list[Row]] = defaultdict(list)  # by the month of the term's end
        horizon = self.config.as_of_date + timedelta(days=self.config.renewal_horizon_days)
        for account in facts:
            for term in contracts.by_account.get(account.account.account_id, []):
                if term.end <= horizon and term.signed <= self.config.as_of_date:
                    self.rows.append(self._row(account, term))
        for row in self.rows:
            self._ended[month_of(row["term_end"])].append(row)

    # ── one term ─────────────────────────────────────────────────────────────────────────────

    def _row(self, facts: AccountFacts, term: Term) -> Row:
        config, renewal = self.config, self.contracts.renewal.get(term.contract_id)
        decided = last_day(month_of(term.end))
        on_time = renewal if renewal and renewal.successor.signed <= decided else None
        late = renewal if renewal and not on_time else None
        outcome = "renewed" if on_time else self._judged(facts, term)
        mrr = self.contracts.own_mrr(term)

        notice = term.end - timedelta(days=min(config.renewal_notice_days, self._part(term)))
        until = min(notice, config.as_of_date + DAY)
        first = min(
            t.start
            for t in self.contracts.by_account[term.account]
            if t.signed <= max(decided, term.signed)
        )
        since = max(until - timedelta(days=config.renewal_value_days), first)
        before = [e for e in facts.of_role("value") if e.when.lo < midnight(until)]
        within = [e for e in before if e.when.lo >= midnight(since)]
        has_value = bool(within) if self._are_events_covered(since, until) else None
        at_risk = False
        if outcome == "open" and notice <= config.as_of_date:
            at_risk = None if has_value is None else not has_value
        mover = self._first_mover(facts, term, on_time)
        account = facts.account
        return {
            "contract_id": term.contract_id,
            "account_id": account.account_id,
            "account_name": account.account_name,
            "segment": account.segment,
            "term_start": term.start,
            "term_end": term.end,
            "signed_date": term.signed,
            "is_auto_renew": term.auto_renew,
            "prior_mrr": mrr,
            "outcome": outcome,
            "successor_id": on_time.successor.contract_id if on_time else None,
            "renewed_date": on_time.successor.start if on_time else None,
            "renewal_signed_date": on_time.successor.signed if on_time else None,
            "renewed_mrr": on_time.mrr_after if on_time else None,
            "late_successor_id": late.successor.contract_id if late else None,
            "is_discount_deeper": on_time.is_deeper(config) if on_time else None,
            "is_term_shorter": on_time.is_shorter if on_time else None,
            "is_mrr_lower": on_time.is_mrr_lower if on_time else None,
            "is_early_renewal": on_time.is_bought_early(config) if on_time else None,
            "durability_score": self._score(outcome, on_time),
            "notice_date": notice,
            "value_from_date": since,
            "value_until_date": until,
            "value_events": sum(e.count for e in within),
            "usage_events": sum(
                e.count
                for e in facts.events
                if e.is_usage and midnight(since) <= e.when.lo < midnight(until)
            ),
            "last_value_at": max((e.when.lo for e in before), default=None),
            "has_recent_value": has_value,
            "first_mover": mover.who,
            "first_moved_at": mover.at,
            "first_mover_team": mover.team,
            "is_at_risk": at_risk,
            "mrr_at_risk": mrr if at_risk else None,
        }

    def _part(self, term: Term) -> int:
        """Whole days of the part of a term that is the longest notice."""
        return (term.end - term.start).days // self.config.renewal_notice_part

    def _judged(self, facts: AccountFacts, term: Term) -> str:
        """By the first month-end on or after the term's end, once revenue knows it."""
        month, months = month_of(term.end), self.facts.months
        if not self.config.revenue_history_is_complete and months:
            month = max(month, months[0])  # nobody knows who paid before
        if not months or month > months[-1]:
            return "open"
        return "rolled_over" if self.facts.mrr(facts, month) > 0 else "churned"

    def _score(self, outcome: str, renewal: Renewal | None) -> Decimal | None:
        if renewal:
            return renewal.score(self.config)
        return ZERO if outcome == "churned" else None

    def _are_events_covered(self, since: date, until: date) -> bool:
        """Whether there is value to see, and the feed saw all days asked about."""
        begins = self.facts.events_since
        return (
            "value" in self.usage.configured
            and begins is not None
            and begins <= midnight(since)
            and not self.facts.are_events_stale_by(midnight(until) - INSTANT)
        )

    # ── who moved first ──────────────────────────────────────────────────────────────────────

    def _first_mover(self, facts: AccountFacts, term: Term, renewal: Renewal | None) -> Mover:
        """As of a retention event; a term without one is asked the same of its end."""
        event = self.events.renewal_of(term.contract_id) if renewal else None
        day = renewal.successor.start if renewal else term.end
        if event:
            answer = event.answer
        else:
            month = month_of(term.end)
            if renewal:
                month = month_of(max(day, renewal.successor.signed, term.signed))
            answer = self._explained(facts, term, month, day)
        question = Question(facts, "retention", day, auto_renew=term.auto_renew)
        began = self.facts.crm_since
        if began is None or began > midnight(answer.window_start):
            return Mover(None)
        probe = replace(answer, initiation="unobserved")
        self.events.initiations.decide(question, probe)
        if probe.initiation in STARTED_BY_PRODUCT:
            return Mover("product", probe.signal.lo)
        if probe.initiation == "human_initiated":
            touch = probe.commercial or probe.human
            return Mover("person", touch.when.lo, team_name(touch.team))
        return Mover("none")

    def _explained(self, facts: AccountFacts, term: Term, month: date, day: date) -> Answer:
        """What a retention event on the day would show, using nothing up."""
        earlier = [
            event
            for event in self.events.by_account[term.account]
            if event.stage == "retention" and (event.month, event.day) < (month, day)
        ]
        earlier.sort(key=lambda e: (e.month, e.day, e.event_id))
        earliest = None
        if earlier:
            earliest = earlier[-1].day + timedelta(days=self.config.window_days_after)
        used = {opportunity for event in earlier for opportunity in event.answer.opportunities}
        question = Question(facts, "retention", day, earliest, None, term.auto_renew)
        return self.events.initiations.explain(question, used)

    # ── the board ────────────────────────────────────────────────────────────────────────────

    def shares(self, month: date) -> Row:
        """Of the terms that ended in twelve months, as known at the month's end."""
        ended = [
            row
            for k in range(12)
            for row in self._ended[shift(month, -k)]
            if row["term_end"] <= last_day(month) and row["signed_date"] <= last_day(month)
        ]
        groups = {
            "with_value": [row for row in ended if row["has_recent_value"]],
            "without_value": [row for row in ended if row["has_recent_value"] is False],
        }
        found: Row = {"renewals_ended_mrr": total(row["prior_mrr"] for row in ended)}
        for name, rows in groups.items():
            found[f"renewals_{name}_mrr"] = total(row["prior_mrr"] for row in rows)
            found[f"retained_{name}_mrr"] = total(
                row["prior_mrr"] for row in rows if row["outcome"] in RETAINED
            )
            found[f"retained_{name}_share"] = ratio(
                found[f"retained_{name}_mrr"], found[f"renewals_{name}_mrr"]
            )
        is_known = any(groups.values())
        found["renewals_with_value_share"] = (
            ratio(found["renewals_with_value_mrr"], found["renewals_ended_mrr"])
            if is_known
            else None
        )
        return found
