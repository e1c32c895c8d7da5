"""plr_revenue_events: what happened to revenue, on which day, and who started it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .contract import Row
from .facts import AccountFacts, Facts
from .initiation import STARTED_BY_PRODUCT, Answer, Initiations, Question
from .renewals import Contracts
from .revenue import Movement
from .rises import day_of_rise, total_on
from .timeline import DAY, Interval, last_day, midnight, month_of, separately

CHAINED = {"conversion", "expansion", "reactivation"}


@dataclass
class RevenueEvent:
    """One event with its answer."""

    event_id: str
    facts: AccountFacts
    stage: str
    day: date
    amount: Decimal | None
    auto_renew: bool = False
    counts_in: date | None = None  # the month, where it is not the day's
    churned: date | None = None
    is_too_small: bool = False
    answer: Answer | None = None

    @property
    def month(self) -> date:
        """The month it counts in."""
        return self.counts_in or month_of(self.day)

    @property
    def initiation(self) -> str:
        """Who started it."""
        return self.answer.initiation

    @property
    def is_observed(self) -> bool:
        """Whether anybody can say who started it."""
        return self.initiation != "unobserved"


class Events:
    """All revenue events, and the daily MRR that dates them."""

    def __init__(self, facts: Facts, contracts: Contracts, initiations: Initiations) -> None:
        self.facts, self.contracts, self.initiations = facts, contracts, initiations
        self.config = facts.config
        self.all: list[RevenueEvent] = []
        for account in facts:
            self.all += self._of_account(account)
        self.all.sort(key=lambda event: event.event_id)
        self._renewals = {e.event_id: e for e in self.all if e.stage == "retention"}
        self.by_account: dict[str, list[RevenueEvent]] = defaultdict(list)
        for event in self.all:
            self.by_account[event.facts.account.account_id].append(event)

    def _of_account(self, facts: AccountFacts) -> list[RevenueEvent]:
        """Chained events explained in order; an opportunity explains one of a chain.

        What is too small explains nothing, so that it takes nothing from those after it.
        """
        events = [*self._from_movements(facts), *self._from_renewals(facts)]
        previous: dict[bool, date] = {}
        used: dict[bool, set[str]] = {True: set(), False: set()}
        for event in sorted(events, key=lambda e: (e.month, e.day, e.event_id)):
            if event.stage == "acquisition":
                event.answer = self._acquired(event)
                continue
            chain = event.stage in CHAINED
            earliest = None
            if chain in previous:
                earliest = previous[chain] + timedelta(days=self.config.window_days_after)
            question = Question(
                facts,
                event.stage,
                event.day,
                earliest,
                event.churned,
                event.auto_renew,
                is_too_small=event.is_too_small,
            )
            event.answer = self.initiations.explain(question, used[chain])
            if not event.is_too_small:
                used[chain] |= event.answer.opportunities
                previous[chain] = event.day
        return events

    def renewal_of(self, contract_id: str) -> RevenueEvent | None:
        """The retention event of an expiring contract, once it counts."""
        return self._renewals.get(f"retention|{contract_id}")

    def qualified_expansions(self) -> set[tuple[str, date]]:
        """Account-months whose expansion the product started."""
        return {
            (event.facts.account.account_id, event.month)
            for event in self.all
            if event.stage == "expansion" and event.initiation in STARTED_BY_PRODUCT
        }

    # ── what happened ────────────────────────────────────────────────────────────────────────

    def _from_movements(self, facts: AccountFacts) -> list[RevenueEvent]:
        events = []
        account = facts.account.account_id
        for move in facts.movements.values():
            if move.new > 0:
                day = self.facts.revenue.first_paid_date[account]
                events.append(_event(facts, "acquisition", day, move.new))
                events.append(_event(facts, "conversion", day, move.new))
            elif move.label == "expansion":
                day = day_of_rise(self.facts, account, move.month)
                event = _event(facts, "expansion", day, move.expansion)
                event.is_too_small = self.initiations.usage.is_too_small(move)
                events.append(event)
            elif move.label == "reactivation":
                day = day_of_rise(self.facts, account, move.month)
                event = _event(facts, "reactivation", day, move.reactivation)
                event.churned = self.churn_date(facts, move.month)
                events.append(event)
        return events

    def _from_renewals(self, facts: AccountFacts) -> list[RevenueEvent]:
        events = []
        for renewal in self.contracts.renewals_of(facts.account.account_id):
            day = renewal.successor.start
            signed = max(renewal.successor.signed, renewal.expiring.signed)
            counts_in = month_of(max(day, signed))
            if counts_in in self.facts.months:
                event = RevenueEvent(
                    f"retention|{renewal.expiring.contract_id}",
                    facts,
                    "retention",
                    day,
                    renewal.amount,
                    renewal.expiring.auto_renew,
                    counts_in=counts_in,
                )
                events.append(event)
        return events

    def churn_date(self, facts: AccountFacts, before: date) -> date | None:
        """The first day without MRR of the last churn earlier than a month."""
        churned = [m.month for m in facts.movements.values() if m.churn > 0 and m.month < before]
        if not churned:
            return None
        month, account = max(churned), facts.account.account_id
        day = last_day(month)
        if self.config.revenue_shape == "snapshots":
            return day
        band = self.facts.revenue.zero_band
        while day > month and total_on(self.facts, account, day - DAY, month) < band:
            day -= DAY
        return day

    # ── acquisition ──────────────────────────────────────────────────────────────────────────

    def _acquired(self, event: RevenueEvent) -> Answer:
        """First product evidence against the first sales contact."""
        facts, question = event.facts, Question(event.facts, "acquisition", event.day)
        end = event.day + timedelta(days=self.config.window_days_after)
        answer = Answer(None, end)

        def in_time(when: Interval | None) -> bool:
            return when is not None and when.lo <= midnight(end)

        signed_up = facts.account.signed_up_at
        starts = {
            "sign_up": Interval(signed_up, signed_up) if signed_up else None,
            "first_event": separately([e.when for e in facts.events]),
        }
        starts = {role: when for role, when in starts.items() if in_time(when)}
        answer.signal = separately(list(starts.values()))
        if starts:
            answer.signal_role = min(starts, key=lambda role: (starts[role].lo, role))
        contact = separately([c.when for c in facts.contacts])
        if in_time(contact):
            answer.commercial_at = contact.lo

        if not self.initiations.is_covered(question, answer):
            answer.unobserved_reason = "crm_not_covered"
        elif answer.signal and (
            answer.commercial_at is None or answer.signal.hi < answer.commercial_at
        ):
            answer.initiation = "product_initiated"
        elif answer.commercial_at:
            answer.initiation = "human_initiated"
        else:
            answer.unobserved_reason = "no_evidence"
        return answer

    # ── the mart ─────────────────────────────────────────────────────────────────────────────

    def rows(self) -> list[Row]:
        """plr_revenue_events."""
        return [self._row(event) for event in self.all]

    def _row(self, event: RevenueEvent) -> Row:
        answer, account = event.answer, event.facts.account
        monthly = self.config.revenue_shape == "snapshots" and event.stage != "retention"
        first = answer.commercial or answer.human
        return {
            "event_id": event.event_id,
            "account_id": account.account_id,
            "account_name": account.account_name,
            "stage": event.stage,
            "event_date": event.day,
            "month": event.month,
            "date_precision": "month" if monthly else "day",
            "amount_mrr": event.amount,
            "initiation": event.initiation,
            "unobserved_reason": answer.unobserved_reason,
            "product_signal_at": answer.signal.lo if answer.signal else None,
            "product_signal_role": answer.signal_role,
            "first_commercial_touch_at": answer.commercial_at,
            "first_human_touch_at": answer.human.when.lo if answer.human else None,
            "first_touch_source": first.source if first else None,
            "first_touch_id": first.record_id if first else None,
            "first_touch_team": team_name(first.team) if first else None,
            "window_start": answer.window_start,
            "window_end": answer.window_end,
            "origin": event.facts.found.verdict.origin,
            "segment": account.segment,
        }


def _event(facts: AccountFacts, stage: str, day: date, amount: Decimal) -> RevenueEvent:
    event_id = f"{stage}|{facts.account.account_id}|{day.isoformat()}"
    return RevenueEvent(event_id, facts, stage, day, amount)


def movements_of(facts: AccountFacts, months: list[date]) -> list[Movement]:
    """The account's movements in some months."""
    return [facts.movements[month] for month in months if month in facts.movements]


def team_name(name: str | None) -> str:
    """A team as the contact rules know it."""
    return name or "unknown"
