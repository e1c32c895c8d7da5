"""What was true when a deal was opened: the product first, or a person?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from .contract import Row
from .events import Events
from .facts import AccountFacts, Facts
from .initiation import Initiations
from .origin import Origins, members_in_scope, sequence, starts_by
from .timeline import Interval, crm_interval, midnight, month_of, separately

STAGE = {
    "new_business": "expansion",
    "expansion": "expansion",
    "renewal": "retention",
    "reactivation": "reactivation",
}


@dataclass(frozen=True)
class Opening:
    """An opportunity, and what came first by the time it was opened."""

    deal: Row
    basis: str  # origin before the first payment, recent after it
    sequence: str
    is_covered: bool
    amount: Decimal | None  # at the rate of the month in which it was opened
    closed_at: datetime | None  # by the as-of day

    @property
    def month(self) -> date:
        """The month in which it was opened."""
        return month_of(self.deal["created_at"].date())

    @property
    def outcome(self) -> str:
        """Open until it closes; then won, or lost."""
        if self.closed_at is None:
            return "open"
        return "won" if self.deal["is_won"] else "lost"


class Openings:
    """Every opportunity as it was opened."""

    def __init__(self, facts: Facts, events: Events, initiations: Initiations) -> None:
        self.facts, self.events, self.initiations = facts, events, initiations
        self.config, self.origins = facts.config, facts.origins
        self.members = members_in_scope(facts.staged, self.config.activity_scope)
        self.all = [
            self._opening(deal)
            for deal in sorted(
                facts.staged.valid["opportunities"], key=lambda d: d["opportunity_id"]
            )
        ]

    def _opening(self, deal: Row) -> Opening:
        facts = self.facts[deal["account"]]
        created = crm_interval(deal["created_at"], None, self.config.crm_offsets)
        closed = deal["closed_at"]
        if closed is not None and closed >= self.config.end_of_time:
            closed = None
        has_paid = any(self._has_paid(m, deal) for m in self.members[deal["account"]])
        judge = self._of_payer if has_paid else self._of_prospect
        order, is_covered = judge(facts, deal, created)
        return Opening(
            deal=deal,
            basis="recent" if has_paid else "origin",
            sequence=order,
            is_covered=is_covered,
            amount=amount_at(self.origins, deal, deal["created_at"]),
            closed_at=closed,
        )

    def _has_paid(self, account: str, deal: Row) -> bool:
        """Before the day on which the deal was opened; before the history began is before that."""
        revenue = self.facts.revenue
        paid = revenue.first_paid_date.get(account)
        if paid is None:
            return account in revenue.first_paid_month
        return paid < deal["created_at"].date()

    def _of_prospect(self, facts: AccountFacts, deal: Row, created: Interval) -> tuple[str, bool]:
        """A against C, as far as known; the deal's own creation is not what led to it."""
        activity = self.origins.activity(facts.account.account_id, created.hi)
        a = activity.when if activity else None
        c = separately(
            [
                contact.when
                for contact in facts.contacts
                if contact.when.lo <= created.hi
                and (contact.source, contact.record_id) != ("opportunity", deal["opportunity_id"])
            ]
        )
        return sequence(a, c), is_covered(facts, self.origins, a, c)

    def _of_payer(self, facts: AccountFacts, deal: Row, created: Interval) -> tuple[str, bool]:
        """What the product and people did in the days before; lifetime activity would win all."""
        start = deal["created_at"].date() - timedelta(days=self.config.deal_recent_days)

        def is_inside(when: Interval) -> bool:
            return midnight(start) < when.lo <= created.hi

        stage, churned = STAGE[deal["opportunity_type"]], None
        if stage == "reactivation":
            churned = self.events.churn_date(facts, month_of(deal["created_at"].date()))
        starts = self.initiations.product_starts(facts, stage, start, churned, is_inside)
        touches = [
            touch.when
            for touch in facts.touches
            if touch.is_human
            and touch.is_commercial
            and is_inside(touch.when)
            and (touch.source, touch.record_id) != ("opportunity", deal["opportunity_id"])
        ]
        feeds = (self.facts.crm_since, self.facts.events_since)
        tracked = all(since is not None and since <= midnight(start) for since in feeds)
        return sequence(separately(starts), separately(touches)), tracked


def is_covered(
    facts: AccountFacts, origins: Origins, a: Interval | None, c: Interval | None
) -> bool:
    """Whether both feeds reach back far enough to say what came first."""
    feeds, account = origins.feeds, facts.account
    crm = [account.signed_up_at, account.created_at, a.lo if a else None]
    events = [account.signed_up_at, c.lo if c else None]
    return (
        feeds.crm_since is not None
        and feeds.events_since is not None
        and starts_by(feeds.crm_since, crm)
        and starts_by(feeds.events_since, events)
    )


def amount_at(origins: Origins, deal: Row, at: datetime) -> Decimal | None:
    """A deal's amount at the rate of a month, or the latest before."""
    currency = deal["currency"] or origins.config.reporting_currency
    rate = origins.revenue.rates.at_or_before(currency, month_of(at.date()))
    return None if deal["amount_mrr"] is None or rate is None else deal["amount_mrr"] * rate
