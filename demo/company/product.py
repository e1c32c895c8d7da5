"""What people do in the product: members, daily usage, value, limits, prompts, checkouts."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from company import names
from company.model import Account, Moment
from company.when import (
    AS_OF,
    DAY_TEXT,
    LAST,
    SEASON,
    START,
    WORKING_DAYS,
    first_day,
    last_day,
    month_of,
    text,
)

# How much people do follows the season a little: teams plan all year.
QUIET_OR_BUSY = [busy**0.2 for busy in SEASON]
# Plans published or reviewed per person and month, and by even the smallest team.
PLANS_EACH, PLANS_AT_LEAST = 0.55, 4

Event = tuple[str, str, str, str | None, int, str, str]


class ProductLog:
    """Collects event and member rows of all accounts."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.members: list[dict] = []

    def member(self, account: Account, number: int, day: int) -> str:
        """The account's member with this number; joins on that day when not yet there."""
        while len(account.members) <= number:
            self.members.append(
                {
                    "member_id": f"mem_{len(self.members) + 1:05d}",
                    "workspace_id": account.id,
                    "joined_at": DAY_TEXT[day] + " 00:00:00",
                    "left_at": None,
                    "email_domain": account.name.lower().replace(" ", "") + ".example",
                }
            )
            account.members.append(self.members[-1]["member_id"])
        return account.members[number]

    def add(
        self,
        account: Account,
        moment: datetime,
        event: str,
        number: int = 0,
        source: str = "app",
    ) -> None:
        """One event at an exact time."""
        if moment.date() > AS_OF:
            return
        member = self.member(account, number, (moment.date() - START).days)
        self.events.append((text(moment), event, account.id, member, 1, "event", source))


def live(account: Account, log: ProductLog) -> None:
    """All product events of one account, in life order."""
    if account.signed_up_at is None or account.signed_up_at.date() > AS_OF:
        return
    account.used_share = 0.58 + 0.09 * account.rng.random()
    log.add(account, account.signed_up_at, "workspace_created")
    _prove_value(account, log)
    for moment in account.moments:
        _leave_traces(account, moment, log)
    for moment, event, source in account.events:
        log.add(account, moment, event, source=source)
    for month in range(month_of(account.signed_up_at.date()), LAST + 1):
        _use(account, month, log)


def _prove_value(account: Account, log: ProductLog) -> None:
    """Three value events on three days; the third, at `proven_at`, meets the activity rule."""
    if account.proven_at is None or account.proven_at.date() > AS_OF:
        return
    gap = min((account.proven_at - account.signed_up_at) / 3, timedelta(days=4))
    log.member(account, 1, (account.signed_up_at.date() - START).days)
    for back, number in ((2, 0), (1, 1), (0, 0)):
        log.add(account, account.proven_at - gap * back, "plan_published", number)
    if account.plant:
        return
    if account.rng.random() < 0.4:
        log.add(account, account.proven_at + timedelta(days=2), "integration_connected")
    if account.motion == "self_serve":
        log.add(account, account.proven_at + timedelta(hours=30), "upgrade_prompt_shown")
    if account.motion == "assisted" and account.rng.random() < 0.5:
        log.add(account, account.proven_at + timedelta(hours=3), "talk_to_sales_clicked")
    if account.motion == "free" and account.contacted_at is None:
        log.add(account, account.proven_at + timedelta(days=3), "upgrade_prompt_shown")


def _leave_traces(account: Account, moment: Moment, log: ProductLog) -> None:
    """Events the product records around a change in billing."""
    rng = account.rng
    noon = datetime.combine(moment.day, time(9)) + timedelta(seconds=int(rng.random() * 25200))
    if moment.kind in ("paid", "returned") and moment.trigger == "product":
        checkout = max(noon, account.signed_up_at + timedelta(minutes=12))
        log.add(account, checkout, "checkout_completed")
    if moment.kind == "expanded" and moment.trigger in ("product", "assisted"):
        for days in (9, 5, 5, 2):
            log.add(account, noon - timedelta(days=days, minutes=days), "seat_limit_reached")
        log.add(account, noon - timedelta(days=2), "upgrade_prompt_shown")
        if moment.trigger == "product":
            log.add(account, noon - timedelta(minutes=4), "upgrade_clicked")
            log.add(account, noon, "seats_added")
        elif rng.random() < 0.5:
            log.add(account, noon - timedelta(days=8), "talk_to_sales_clicked")
    if moment.kind == "expanded" and rng.random() < 0.3:
        log.add(account, noon + timedelta(days=6), "automation_created")


def _active_people(account: Account, month: int) -> int:
    """How many members are active in a month: a share of the seats, fading before churn."""
    if month in account.people:
        return account.people[month]
    rng, seats = account.rng, account.seats_at(month)
    if seats == 0 and (account.paid_on is None or last_day(month) < account.paid_on):
        seats = account.seats  # the pilot or the free plan: the team is there already
    # a team shrinks two months before its seats do
    seats = min(seats, account.seats_at(month + 2) or seats)
    share = account.used_share
    for moment in account.moments:
        ahead = month_of(moment.day) - month
        if moment.kind == "churned" and 0 <= ahead <= 3:
            share *= (0.45, 0.6, 0.75, 0.9)[ahead]
        if moment.kind == "expanded" and ahead == 1 and moment.trigger in ("product", "assisted"):
            share = 0.88
    usual = round(seats * share)
    return min(seats, max(1, usual + round(0.08 * usual * (rng.random() - 0.5)))) if seats else 0


def _use(account: Account, month: int, log: ProductLog) -> None:
    """One month of usage: per active member a daily rollup, some edits, some value events."""
    if account.quiet_from is not None and month >= account.quiet_from:
        return
    rng, people = account.rng, _active_people(account, month)
    account.active[month] = people
    from_day = (max(account.signed_up_at.date(), first_day(month)) - START).days
    if month_of(account.signed_up_at.date()) == month:
        from_day += 1
    until = min(account.left_on, last_day(month)) if account.left_on else last_day(month)
    days = [n for n in WORKING_DAYS[month] if from_day <= n <= (until - START).days]
    if not people or not days:
        return
    depth = 11 * account.depth.get(month, QUIET_OR_BUSY[month % 12])
    rate = max(PLANS_EACH, PLANS_AT_LEAST / max(2, account.seats * account.used_share))
    rate *= account.value.get(month, QUIET_OR_BUSY[month % 12])
    proven = (account.proven_at.date() - START).days if account.proven_at else None
    events, size = log.events, len(days)
    for number in range(people):
        day = days[int(rng.random() * size)]
        member = log.member(account, number, from_day)
        views = max(1, round(depth * (0.85 + 0.3 * rng.random())))
        events.append((DAY_TEXT[day], "board_viewed", account.id, member, views, "day", "app"))
        if rng.random() < 0.5:
            event = names.USAGE_EVENTS[int(rng.random() * 3)]
            events.append((_clock(rng, day), event, account.id, member, 1, "event", "app"))
        account.plans_begun += rate
        while account.plans_begun >= 1:
            account.plans_begun -= 1
            day = days[int(rng.random() * size)]
            if proven is not None and day > proven:
                event = names.VALUE_EVENTS[rng.random() < 0.35]
                events.append((_clock(rng, day), event, account.id, member, 1, "event", "app"))
    if rng.random() < 0.35:
        day = days[-1]
        events.append((_clock(rng, day), "digest_sent", account.id, None, 1, "event", "scheduler"))


def _clock(rng, day: int) -> str:
    """A time between 6 and 22 h on that day."""
    second = int(21600 + rng.random() * 57600)
    return f"{DAY_TEXT[day]} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
