"""Did the product come first? Sequence, origin and its evidence, per account and first deal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from .activity import Activity, Roles, Rule, find_activity, first_proven
from .config import Config
from .contact import Contact, Contacts
from .contract import Row
from .quality import Trust
from .revenue import Revenue
from .staging import Account, Staged
from .timeline import (
    DAY,
    INSTANT,
    Interval,
    crm_interval,
    midnight,
    month_end,
    month_of,
    separately,
)

PRODUCT_DRIVEN = {"self_serve", "product_driven_sales_assisted"}


@dataclass(frozen=True)
class Feeds:
    """Since when each feed can be trusted; None when it is off or empty."""

    events_since: datetime | None
    crm_since: datetime | None


@dataclass(frozen=True)
class Evidence:
    """All that decides an origin."""

    signed_up_at: datetime | None
    created_at: datetime | None
    activity: Interval | None  # A
    contact: Interval | None  # C, lo and hi each the least on its own
    purchase: Interval | None  # S, likewise
    paid: date | None  # R
    late_contact_from: datetime  # a contact from here on came after the sale


@dataclass(frozen=True)
class Verdict:
    """The outcome of the origin table."""

    origin: str | None
    evidence: str
    decided_at: datetime | None = None
    uncovered_at: datetime | None = None  # when there was evidence that no feed covers

    @property
    def is_product_driven(self) -> bool | None:
        """NULL for a prospect."""
        return None if self.origin is None else self.origin in PRODUCT_DRIVEN


@dataclass
class AccountOrigin:
    """Everything plr_account_origin says of one account."""

    account: Account
    activity: Activity | None
    contacts: list[Contact]
    reported_contact: Contact | None
    sequence: str
    verdict: Verdict
    is_strict: bool | None
    is_sensitive: bool
    paid: date | None

    def group_at(self, base: date) -> str:
        """The group the account belonged to, judged by what was decided by the month's end."""
        decided, uncovered = self.verdict.decided_at, self.verdict.uncovered_at
        if uncovered is not None and uncovered <= month_end(base):
            return "untracked"
        if decided is not None and decided <= month_end(base):
            return str(self.verdict.origin)
        return "undecided"


# ── the table ────────────────────────────────────────────────────────────────────────────────


def sequence(a: Interval | None, c: Interval | None) -> str:
    """Which came first; "before" is strict."""
    if a and (c is None or a.hi < c.lo):
        return "product_first"
    if c and (a is None or c.hi < a.lo):
        return "sales_first"
    return "ambiguous" if a and c else "none"


def judge(evidence: Evidence, feeds: Feeds, tie_policy: str, order: str | None = None) -> Verdict:
    """The origin of a paying account, then whether the feeds cover the claim."""
    a, c, s = evidence.activity, evidence.contact, evidence.purchase
    order = order or sequence(a, c)
    bought_alone = s is not None and (c is None or s.hi < c.lo)
    contact_was_late = c is None or c.lo >= evidence.late_contact_from

    if order == "product_first":
        alone = contact_was_late or bought_alone
        origin = "self_serve" if alone else "product_driven_sales_assisted"
        label = "activity_no_contact" if c is None else "activity_before_contact"
        instant = min(a.hi, s.hi) if bought_alone else a.hi
    elif bought_alone:
        origin, label, instant = "self_serve", "self_serve_purchase", s.hi
    elif order == "ambiguous":
        label, instant = "tie", max(a.hi, c.hi)
        if tie_policy == "product_first":
            origin = "self_serve" if contact_was_late else "product_driven_sales_assisted"
        else:
            origin = "sales_originated"
    elif order == "sales_first":
        origin, instant = "sales_originated", c.hi
        label = "contact_before_activity" if a else "contact_only"
    else:
        return Verdict("untracked", "no_evidence")

    gap = coverage_gap(origin, evidence, feeds)
    if gap:
        return Verdict("untracked", gap, uncovered_at=instant)
    if evidence.paid is not None:
        instant = max(instant, midnight(evidence.paid) + DAY - INSTANT)
    return Verdict(origin, label, instant)


def coverage_gap(origin: str, evidence: Evidence, feeds: Feeds) -> str | None:
    """Product outcomes need the CRM feed early enough, sales outcomes the event feed."""
    if origin in PRODUCT_DRIVEN:
        if feeds.crm_since is None:
            return "crm_not_covered"
        a_lo = evidence.activity.lo if evidence.activity else None
        known = [evidence.signed_up_at, evidence.created_at, a_lo]
        return None if starts_by(feeds.crm_since, known) else "left_censored"
    if feeds.events_since is None:
        return "events_not_covered"
    c_lo = evidence.contact.lo if evidence.contact else None
    covered = starts_by(feeds.events_since, [evidence.signed_up_at, c_lo])
    return None if covered else "events_not_covered"


def starts_by(since: datetime, instants: list[datetime | None]) -> bool:
    """No later than the earliest that is known; never when none is."""
    known = [instant for instant in instants if instant is not None]
    return bool(known) and since <= min(known)


def find_feeds(staged: Staged, config: Config) -> Feeds:
    """The stated starts, else the earliest valid row; nothing for a feed without rows."""
    offset = config.crm_offsets
    events = [event["when"].lo for event in staged.valid["product_events"]]
    activities = [
        crm_interval(row["occurred_at"], row["occurred_precision"], offset).lo
        for row in staged.valid["crm_activities"]
    ]
    created = [
        crm_interval(row["created_at"], None, offset).lo for row in staged.valid["opportunities"]
    ]
    # Opportunities alone do not show who reached out, so they never cover a claim by themselves.
    return Feeds(
        events_since=(config.event_tracking_start or min(events)) if events else None,
        crm_since=(config.crm_tracking_start or min(activities + created)) if activities else None,
    )


# ── per account ──────────────────────────────────────────────────────────────────────────────


class Origins:
    """Judges accounts and their first deals from the same evidence."""

    def __init__(
        self,
        staged: Staged,
        revenue: Revenue,
        contacts: Contacts,
        rules: list[Rule],
        roles: Roles,
        config: Config,
    ) -> None:
        self.staged, self.revenue, self.config = staged, revenue, config
        self.feeds = find_feeds(staged, config)
        self.contacts = _in_scope(contacts.by_account, staged, config)
        self._contacts_or_marketing = _in_scope(contacts.or_marketing, staged, config)
        self._own_activity: dict[str, Activity | None] = {}
        self._members = members_in_scope(staged, config.activity_scope)
        self._checkouts: dict[str, list[Interval]] = {}

        self._rules, self._roles = rules, roles
        self._events: dict[str, list[Row]] = defaultdict(list)
        for event in staged.valid["product_events"]:
            self._events[event["account"]].append(event)
        for account_id, account in staged.accounts.items():
            mine = self._events.get(account_id, [])
            self._own_activity[account_id] = find_activity(account, mine, rules, roles)
            self._checkouts[account_id] = [
                event["when"]
                for event in mine
                if not event["is_automated"]
                and "commercial_action" in roles.of(event["event_name"])
            ]

    def activity(self, account_id: str, until: datetime = datetime.max) -> Activity | None:
        """A: value proven by the account, or by any account of its scope."""
        proven = [self._own_activity[member] for member in self._members[account_id]]
        return first_proven([found for found in proven if found and found.when.lo <= until])

    def of_account(self, account: Account) -> AccountOrigin:
        """Origin by today's knowledge."""
        account_id = account.account_id
        activity = self.activity(account_id)
        contacts = self.contacts[account_id]
        evidence = self._evidence(account)
        order = sequence(evidence.activity, evidence.contact)

        verdict, strict, sensitive = Verdict(None, "prospect"), None, False
        if account_id in self.revenue.first_paid_month:
            verdict = judge(evidence, self.feeds, self.config.tie_policy)
            strict = self._is_strict(verdict, order, evidence)
            sensitive = self._is_sensitive(verdict, evidence, contacts)
        return AccountOrigin(
            account=account,
            activity=activity,
            contacts=contacts,
            reported_contact=min(contacts, key=lambda c: c.report_order, default=None),
            sequence=order,
            verdict=verdict,
            is_strict=strict,
            is_sensitive=sensitive,
            paid=evidence.paid,
        )

    def _evidence(self, account: Account) -> Evidence:
        account_id = account.account_id
        activity = self.activity(account_id)
        paid = self.revenue.first_paid_date.get(account_id)
        if paid:
            late_from = midnight(paid) + DAY
        else:  # paid before an incomplete history: only contacts after its first month are late
            first = self.revenue.first_data_month
            late_from = month_end(first) + INSTANT if first else datetime.max
        return Evidence(
            signed_up_at=account.signed_up_at,
            created_at=account.created_at,
            activity=activity.when if activity else None,
            contact=separately([c.when for c in self.contacts[account_id]]),
            purchase=self.purchase(account_id, paid, datetime.max) if paid else None,
            paid=paid,
            late_contact_from=late_from,
        )

    def purchase(self, account_id: str, paid: date, until: datetime) -> Interval | None:
        """S: checkouts around the first payment, or around the start of the trial before it."""
        before, after = self.config.purchase_days_before, self.config.purchase_days_after
        start = midnight(self._sale_began(account_id, paid)) - timedelta(days=before)
        end = midnight(paid) + timedelta(days=after)
        return separately(
            [s for s in self._checkouts[account_id] if start <= s.lo < end and s.lo <= until]
        )

    def _sale_began(self, account_id: str, paid: date) -> date:
        """F."""
        if self.config.revenue_shape == "snapshots":
            return month_of(paid)
        trials = [p for p in self.revenue.pieces.get(account_id, []) if p.is_trial]
        began = paid
        while reaching := [p.start.date() for p in trials if p.covers(began - DAY)]:
            began = min(reaching)
        return began

    def _is_strict(self, verdict: Verdict, order: str, evidence: Evidence) -> bool | None:
        """Value proven before the first payment."""
        if evidence.paid is None:
            return None
        return bool(
            verdict.is_product_driven
            and order == "product_first"
            and evidence.activity.hi < midnight(evidence.paid) + DAY
        )

    def _is_sensitive(self, verdict: Verdict, evidence: Evidence, contacts: list[Contact]) -> bool:
        """Whether a tie policy or the logged contact time would change the headline."""
        logged = replace(evidence, contact=separately([c.logged for c in contacts]))
        others = [
            judge(evidence, self.feeds, "sales_first"),
            judge(evidence, self.feeds, "product_first"),
            judge(logged, self.feeds, self.config.tie_policy),
        ]
        return any(other.is_product_driven != verdict.is_product_driven for other in others)

    def under(
        self,
        account: Account,
        tie_policy: str | None = None,
        contacts: str = "as they are",
        rules: list[Rule] | None = None,
        lead: timedelta | None = None,
    ) -> tuple[str, Verdict]:
        """Sequence and verdict of a payer, had some of the evidence been read differently."""
        evidence = self._evidence(account)
        if contacts != "as they are":
            when = self._contact_times(account.account_id, contacts)
            evidence = replace(evidence, contact=separately(when))
        if rules is not None:
            accounts = self.staged.accounts
            proven = [
                find_activity(accounts[member], self._events.get(member, []), rules, self._roles)
                for member in self._members[account.account_id]
            ]
            found = first_proven([activity for activity in proven if activity])
            evidence = replace(evidence, activity=found.when if found else None)
        a, c = evidence.activity, evidence.contact
        order = sequence(a, c)
        if lead is not None and c is not None and c.lo < evidence.late_contact_from:
            is_proven_early = a is not None and c.lo - a.hi >= lead
            order = order if is_proven_early else "sales_first"
        return order, judge(evidence, self.feeds, tie_policy or self.config.tie_policy, order)

    def _contact_times(self, account_id: str, reading: str) -> list[Interval]:
        """Sales contacts when they were logged, with marketing's, or without automated ones."""
        if reading == "logged":
            return [c.logged for c in self.contacts[account_id]]
        if reading == "wider":
            return [c.when for c in self._contacts_or_marketing[account_id]]
        return [c.when for c in self.contacts[account_id] if not c.is_automated]

    # ── deals ────────────────────────────────────────────────────────────────────────────────

    def won_deals(self) -> dict[str, list[Row]]:
        """Each account's won deals in order."""
        won: dict[str, list[Row]] = defaultdict(list)
        for row in self.staged.valid["opportunities"]:
            closed = row["closed_at"]
            if row["is_won"] and closed is not None and closed < self.config.end_of_time:
                won[row["account"]].append(row)
        for deals in won.values():
            deals.sort(key=lambda d: (d["closed_at"], d["opportunity_id"]))
        return won

    def of_first_deal(self, deal: Row) -> Verdict:
        """The origin table, with the closing day for R and only the evidence up to it."""
        account = self.staged.accounts[deal["account"]]
        paid = deal["closed_at"].date()
        until = crm_interval(deal["closed_at"], None, self.config.crm_offsets).hi
        activity = self.activity(account.account_id, until)
        contacts = [c.when for c in self.contacts[account.account_id] if c.when.lo <= until]
        evidence = Evidence(
            signed_up_at=account.signed_up_at,
            created_at=account.created_at,
            activity=activity.when if activity else None,
            contact=separately(contacts),
            purchase=self.purchase(account.account_id, paid, until),
            paid=paid,
            late_contact_from=midnight(paid) + DAY,
        )
        return judge(evidence, self.feeds, self.config.tie_policy)


def members_in_scope(staged: Staged, scope: str) -> dict[str, list[str]]:
    """Of each account those that count for it: itself, or all under its ultimate parent."""
    families: dict[str, list[str]] = defaultdict(list)
    for account_id, account in staged.accounts.items():
        families[account.ultimate_parent_id].append(account_id)
    return {
        account_id: families[account.ultimate_parent_id] if scope == "family" else [account_id]
        for account_id, account in staged.accounts.items()
    }


def _in_scope(
    contacts: dict[str, list[Contact]], staged: Staged, config: Config
) -> dict[str, list[Contact]]:
    """Contacts of each account, or of its whole family."""
    scope = "family" if config.contacts_are_shared else "account"
    return {
        account_id: [c for member in members for c in contacts.get(member, [])]
        for account_id, members in members_in_scope(staged, scope).items()
    }


def origin_row(found: AccountOrigin, revenue: Revenue, trust: Trust) -> Row:
    """One row of plr_account_origin."""
    account, activity, contact = found.account, found.activity, found.reported_contact
    a_lo = activity.when.lo if activity else None
    c_lo = contact.when.lo if contact else None
    last_month = revenue.months[-1] if revenue.months else None
    return {
        "account_id": account.account_id,
        "account_name": account.account_name,
        "segment": account.segment,
        "acquisition_channel": account.acquisition_channel,
        "ultimate_parent_id": account.ultimate_parent_id,
        "origin": found.verdict.origin,
        "origin_evidence": found.verdict.evidence,
        "is_product_driven": found.verdict.is_product_driven,
        "is_product_driven_strict": found.is_strict,
        "origin_decided_at": found.verdict.decided_at,
        "origin_is_sensitive": found.is_sensitive,
        "sequence": found.sequence,
        "signed_up_at": account.signed_up_at,
        "first_qualifying_event_at": activity.first_qualifying_event_at if activity else None,
        "first_meaningful_activity_at": a_lo,
        "meaningful_rule_group": activity.group_id if activity else None,
        "first_sales_contact_at": c_lo,
        "contact_precision": contact.when.precision if contact else None,
        "first_contact_source": contact.source if contact else None,
        "is_contact_backdated": contact.is_backdated if contact else False,
        "first_paid_date": found.paid,
        "days_activity_to_contact": (c_lo.date() - a_lo.date()).days if a_lo and c_lo else None,
        "days_activity_to_paid": (found.paid - a_lo.date()).days if a_lo and found.paid else None,
        "current_mrr": revenue.mrr(account.account_id, last_month) if last_month else 0,
        "data_confidence": trust.level,
        "confidence_reason": trust.reason,
    }
