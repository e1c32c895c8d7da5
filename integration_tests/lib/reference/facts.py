"""What is known of each account, gathered once: events, touches, opportunities, movements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from .activity import Roles
from .config import Config
from .contact import Contact, Contacts, Touch, touches_at_creation
from .origin import AccountOrigin, Origins
from .quality import crm_days, event_days, is_stale
from .revenue import Movement, Revenue
from .staging import Account, Staged
from .timeline import Interval, crm_interval, midnight, month_end, month_of, next_month, shift

Scope = tuple[str, str]
COMPANY: Scope = ("company", "all")


@dataclass(frozen=True)
class Event:
    """One product event that no robot made."""

    when: Interval
    name: str
    roles: frozenset[str]
    count: int
    user: str | None

    @property
    def day(self) -> date:
        """The UTC day it is counted on."""
        return self.when.lo.date()

    @property
    def is_usage(self) -> bool:
        """Usage metrics read these roles."""
        return not self.roles.isdisjoint({"usage", "value", "breadth"})


@dataclass(frozen=True)
class Opportunity:
    """A CRM opportunity; `is_touch` if creating it counts as reaching out."""

    opportunity_id: str
    created: Interval
    closed: Interval | None
    is_closed: bool
    team: str | None
    is_touch: bool

    def is_open_at(self, instant: datetime) -> bool:
        """Created by then and not closed by then; closed at an unknown time was never open."""
        if self.created.lo > instant or (self.is_closed and self.closed is None):
            return False
        return self.closed is None or self.closed.lo > instant


@dataclass(eq=False)
class AccountFacts:
    """One account's rows in order of time."""

    account: Account
    found: AccountOrigin
    events: list[Event] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    opportunities: list[Opportunity] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    movements: dict[date, Movement] = field(default_factory=dict)
    first_evidence: date | None = None  # month

    @property
    def activity(self) -> Interval | None:
        """A."""
        return self.found.activity.when if self.found.activity else None

    @property
    def scopes(self) -> tuple[Scope, Scope]:
        """Where the account counts."""
        return COMPANY, ("segment", self.account.segment)

    def of_role(self, *roles: str) -> list[Event]:
        """The events with any of the roles."""
        return [event for event in self.events if not event.roles.isdisjoint(roles)]


class Facts:
    """All accounts, and how far the feeds reach."""

    def __init__(
        self,
        staged: Staged,
        revenue: Revenue,
        contacts: Contacts,
        movements: list[Movement],
        origins: Origins,
        found: dict[str, AccountOrigin],
        roles: Roles,
        config: Config,
    ) -> None:
        self.staged, self.revenue, self.roles, self.config = staged, revenue, roles, config
        self.origins, self.movements = origins, movements
        self.months = revenue.months
        self.by_account = {
            account_id: AccountFacts(
                staged.accounts[account_id],
                found[account_id],
                touches=sorted(contacts.touches.get(account_id, []), key=lambda t: t.report_order),
                contacts=origins.contacts[account_id],
            )
            for account_id in sorted(staged.accounts)
        }
        self._members: dict[Scope, list[AccountFacts]] = defaultdict(list)
        for facts in self:
            for scope in facts.scopes:
                self._members[scope].append(facts)
        self.company_mrr = cache(revenue.company_mrr)
        self.scopes_of = cache(self.scopes_of)
        self._add_events()
        self._add_opportunities()
        for move in movements:
            self.by_account[move.account].movements[move.month] = move
        self._add_first_evidence()

        offset = config.crm_offsets
        self.crm_since, self.events_since = origins.feeds.crm_since, origins.feeds.events_since
        self.crm_until = max(
            [
                crm_interval(row["occurred_at"], row["occurred_precision"], offset).lo
                for row in staged.valid["crm_activities"]
            ]
            + [o.created.lo for facts in self for o in facts.opportunities],
            default=None,
        )
        self.events_until = max(
            (row["when"].lo for row in staged.valid["product_events"]), default=None
        )
        self._are_events_stale = is_stale(event_days(staged), config)
        self._is_crm_stale = is_stale(crm_days(staged), config)

    def __iter__(self) -> Iterable[AccountFacts]:
        return iter(self.by_account.values())

    def __getitem__(self, account_id: str) -> AccountFacts:
        return self.by_account[account_id]

    def is_stale_in(self, month: date) -> bool:
        """Whether a stale feed's last row lies before the month's end."""
        is_past_crm = self._is_crm_stale and self.crm_until < month_end(month)
        return is_past_crm or self.are_events_stale_in(month)

    def are_events_stale_in(self, month: date) -> bool:
        """The same of the event feed alone."""
        return self.are_events_stale_by(month_end(month))

    def are_events_stale_by(self, instant: datetime) -> bool:
        """Whether the event feed is stale and its last row lies before an instant."""
        return self._are_events_stale and self.events_until < instant

    def scopes_of(self, month: date) -> set[Scope]:
        """The company and every segment in which somebody pays in the month."""
        paying = [f for f in self if self.mrr(f, month)]
        return {scope for facts in paying for scope in facts.scopes}

    @property
    def scopes(self) -> list[Scope]:
        """The company, then its segments."""
        return sorted(self._members)

    def mrr(self, facts: AccountFacts, month: date) -> Decimal:
        """Month-end MRR of one account."""
        return self.revenue.mrr(facts.account.account_id, month)

    def members(self, scope: Scope) -> list[AccountFacts]:
        """The accounts of a company or segment."""
        return self._members.get(scope, [])

    def last_year(self, month: date) -> list[date]:
        """The twelve months up to this one."""
        return [shift(month, -k) for k in range(11, -1, -1)]

    def _add_events(self) -> None:
        for row in self.staged.valid["product_events"]:
            if not row["is_automated"]:
                roles = frozenset(self.roles.of(row["event_name"]))
                count = row["event_count"] or 1
                self.by_account[row["account"]].events.append(
                    Event(row["when"], row["event_name"], roles, count, row["user_id"])
                )
        for facts in self:
            facts.events.sort(key=lambda e: (e.when.lo, e.when.hi, e.name))

    def _add_opportunities(self) -> None:
        offset = self.config.crm_offsets
        for row in self.staged.valid["opportunities"]:
            closed, closes = row["closed_at"], bool(row["is_closed"])
            if closed is not None and closed >= self.config.end_of_time:
                closed, closes = None, False  # closed after the as-of date is open
            self.by_account[row["account"]].opportunities.append(
                Opportunity(
                    row["opportunity_id"],
                    crm_interval(row["created_at"], None, offset),
                    crm_interval(closed, None, offset) if closed else None,
                    closes,
                    row["created_by_team"],
                    touches_at_creation(row, self.config),
                )
            )

    def _add_first_evidence(self) -> None:
        """The month of the first event, touch or payment, whichever came first."""
        firsts: dict[str, list[date]] = defaultdict(list)
        for row in self.staged.valid["product_events"]:
            firsts[row["account"]].append(month_of(row["when"].lo.date()))
        for account_id, facts in self.by_account.items():
            firsts[account_id] += [month_of(touch.when.lo.date()) for touch in facts.touches]
            if account_id in self.revenue.first_paid_month:
                firsts[account_id].append(self.revenue.first_paid_month[account_id])
            facts.first_evidence = min(firsts[account_id], default=None)


def since(month: date, days: int) -> datetime:
    """The first instant of the last n days of the month."""
    end = midnight(next_month(month))
    return datetime.fromordinal(end.toordinal() - days)
