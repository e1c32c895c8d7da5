"""What people at the company do: outreach, meetings, deals, renewals, care, marketing mail."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from company.model import Account, Moment
from company.when import AS_OF, in_office_hours, last_day, month_of, text, workday

EDGE = datetime.combine(AS_OF, time(23, 59))


class CrmLog:
    """Collects activity and deal rows of all accounts."""

    def __init__(self) -> None:
        self.activities: list[dict] = []
        self.deals: list[dict] = []

    def touch(
        self,
        account: Account,
        moment: datetime,
        kind: str,
        team: str | None,
        purpose: str = "",
        *,
        deal: str | None = None,
        direction: str = "Outbound",
        is_sequence: bool = False,
        minutes: int | None = None,
        state: str = "done",
        logged_at: datetime | None = None,
        date_only: bool = False,
    ) -> None:
        """One activity. The CRM keeps `activity_at` as text: a time, or a bare date."""
        logged = logged_at or moment + timedelta(minutes=20)
        if logged > EDGE or (state == "done" and moment > EDGE):
            return
        self.activities.append(
            {
                "id": f"act_{len(self.activities) + 1:05d}",
                "account_ref": account.id,
                "deal_ref": deal,
                "kind": kind,
                "direction": direction,
                "activity_at": moment.date().isoformat() if date_only else text(moment),
                "logged_at": text(logged),
                "owner_team": team,
                "purpose": purpose,
                "is_sequence": is_sequence,
                "minutes": minutes,
                "state": state,
            }
        )

    def deal(
        self,
        account: Account,
        kind: str,
        created_at: datetime,
        closed_on: date | None,
        stage: str,
        yearly: float,
        team: str,
    ) -> str | None:
        """One deal; its amount is the yearly value. Not created yet at the edge: no row."""
        if created_at > EDGE:
            return None
        is_open = closed_on is None or closed_on > AS_OF
        deal_id = f"opp_{len(self.deals) + 1:04d}"
        self.deals.append(
            {
                "id": deal_id,
                "account_ref": account.id,
                "deal_type": kind,
                "created_at": text(created_at),
                "close_date": None if is_open else closed_on.isoformat(),
                "stage": "Negotiation" if is_open else stage,
                "created_by_team": team,
                "yearly_amount": round(max(0.0, yearly), 2),
                "currency": account.currency.lower(),
            }
        )
        return deal_id


def work(account: Account, log: CrmLog) -> None:
    """All CRM rows of one account."""
    _marketing(account, log)
    if account.contacted_at is not None:
        if account.motion == "self_serve":
            log.touch(account, account.contacted_at, "Email", "Account Management", "expansion")
        else:
            sell(account, log)
    for moment in account.moments:
        _follow(account, moment, log)
    if account.terms:
        _care(account, log)
    for touch in account.touches:
        log.touch(account, **touch)


def sell(account: Account, log: CrmLog) -> None:
    """From the first contact to the signature, or to a lost deal."""
    rng, first = account.rng, account.contacted_at
    opener = "Partner" if account.channel == "partner" else rng.choice(("SDR", "SDR", "Sales"))
    kind = rng.choice(("Email", "Email", "Call", "LinkedIn"))
    inbound = "Inbound" if account.motion == "assisted" and rng.random() < 0.5 else "Outbound"
    automated = opener == "SDR" and kind == "Email"
    log.touch(account, first, kind, opener, "prospecting", direction=inbound, is_sequence=automated)
    for days in (2, 5):
        later = in_office_hours(rng, first.date() + timedelta(days=days))
        log.touch(account, later, "Email", opener, "prospecting", is_sequence=automated)
    won_on = account.paid_on
    if account.lost_after is None and account.motion in ("free", "prospect") and rng.random() < 0.5:
        call = in_office_hours(rng, first.date() + timedelta(days=9))
        state = rng.choice(("no_show", "canceled"))
        log.touch(account, call, "Meeting", "Sales", "discovery", state=state)
        return
    span = (won_on - first.date()).days if won_on else account.lost_after
    span = span or 25 + int(rng.random() * 60)
    closed_on = won_on or first.date() + timedelta(days=span)
    closed_on = workday(closed_on) if account.lost_after else closed_on
    opened = in_office_hours(rng, first.date() + timedelta(days=min(6, span // 3)))
    won = account.moments[0].mrr if won_on else account.seats * account.price
    deal = log.deal(
        account,
        "New Business",
        opened,
        closed_on,
        "Closed Won" if won_on else "Closed Lost",
        12 * won,
        "SDR" if opener == "SDR" else "Sales",
    )
    for share, kind, purpose, minutes in (
        (0.30, "Call", "discovery", 25),
        (0.50, "Demo", "demo", 45),
        (0.75, "Meeting", "negotiation", 40),
    ):
        when = in_office_hours(rng, first.date() + timedelta(days=max(7, round(span * share))))
        booked = in_office_hours(rng, when.date() - timedelta(days=5))
        log.touch(
            account,
            when,
            kind,
            "Sales",
            purpose,
            deal=deal,
            minutes=minutes,
            logged_at=booked if kind != "Call" else None,
            date_only=kind == "Call" and rng.random() < 0.3,
        )


def _follow(account: Account, moment: Moment, log: CrmLog) -> None:
    """The people's side of a change in billing."""
    rng, day = account.rng, moment.day
    if moment.kind == "expanded" and moment.trigger in ("assisted", "sales"):
        team = "Account Management"
        call = in_office_hours(rng, day - timedelta(days=int(4 + rng.random() * 3)))
        if moment.trigger == "sales":
            call = in_office_hours(rng, day - timedelta(days=int(25 + rng.random() * 30)))
        deal = log.deal(account, "Upsell", call, day, "Closed Won", 12 * moment.delta_mrr, team)
        log.touch(account, call, "Call", team, "expansion", deal=deal, minutes=30)
        log.touch(
            account,
            in_office_hours(rng, day - timedelta(days=2)),
            "Email",
            team,
            "expansion",
            deal=deal,
            direction="Inbound",
        )
    if moment.kind == "renewed" and moment.trigger == "sales":
        talk = in_office_hours(rng, day - timedelta(days=int(45 + rng.random() * 50)))
        signed = min(max(moment.signed_on or day, talk.date() + timedelta(days=9)), AS_OF)
        deal = log.deal(account, "Renewal", talk, signed, "Closed Won", 12 * moment.mrr, "Sales")
        team = rng.choice(("Account Management", "Account Management", "Customer Success"))
        log.touch(account, talk, "Meeting", team, "renewal", deal=deal, minutes=45)
    if moment.kind == "returned" and moment.trigger in ("sales", "assisted"):
        call = in_office_hours(rng, day - timedelta(days=12))
        log.deal(account, "Win-back", call, day, "Closed Won", 12 * moment.delta_mrr, "Sales")
        log.touch(account, call, "Call", "Sales", "prospecting", minutes=20)
    if moment.kind == "churned" and rng.random() < 0.6:
        log.touch(
            account,
            in_office_hours(rng, day - timedelta(days=20)),
            "Email",
            "Support",
            "support",
            direction="Inbound",
        )


def _care(account: Account, log: CrmLog) -> None:
    """Customer success on contracts: onboarding, then a check-in each quarter where it was sold."""
    rng, until = account.rng, account.left_on or AS_OF
    helps_itself = account.is_product_led and account.segment != "enterprise"
    day = account.paid_on + timedelta(days=7)
    purpose = "onboarding"
    while day < until:
        when = in_office_hours(rng, day)
        state = "done" if rng.random() < 0.9 else rng.choice(("canceled", "no_show"))
        log.touch(account, when, "Meeting", "Customer Success", purpose, minutes=30, state=state)
        pause = 260 if helps_itself else 80
        day, purpose = day + timedelta(days=int(pause + rng.random() * 25)), "check_in"
    if account.left_on is None and rng.random() < 0.4:
        planned = in_office_hours(rng, AS_OF - timedelta(days=int(rng.random() * 4)))
        log.touch(account, planned, "Call", "Customer Success", "check_in", state="planned")


def _marketing(account: Account, log: CrmLog) -> None:
    """Newsletters to everyone and support tickets of those who use the product."""
    rng = account.rng
    month = month_of(account.created_at.date())
    until = month_of(account.left_on or AS_OF)
    while month <= until:
        if rng.random() < 0.22:
            day = last_day(month) - timedelta(days=int(rng.random() * 26))
            log.touch(
                account,
                in_office_hours(rng, max(day, account.created_at.date() + timedelta(days=1))),
                "Email",
                "Marketing",
                "newsletter",
                is_sequence=True,
            )
        paying = account.paid_on and month >= month_of(account.paid_on)
        if paying and rng.random() < 0.10:
            day = last_day(month) - timedelta(days=int(rng.random() * 26))
            log.touch(
                account,
                in_office_hours(rng, day),
                rng.choice(("Call", "Email")),
                "Support",
                "support",
                direction="Inbound",
                minutes=12,
            )
        month += 1
