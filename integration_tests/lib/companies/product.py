"""Users and product events: near-misses of the rules, checkouts at the edges of a purchase."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from .company import Company, Row, Story
from .dice import DAY, HOUR, INSTANT, day_of
from .rules import names_of


def add_users(company: Company) -> None:
    """One to three users an account; some move, some belong to two accounts at once."""
    dice = company.dice
    for story in company.stories:
        for _ in range(dice.number(1, 3)):
            user = company.id("u")
            story.users.append(user)
            _add_memberships(company, story, user)


def _add_memberships(company: Company, story: Story, user: str) -> None:
    dice = company.dice
    start = dice.pick([None, None, story.proven_at - 60 * DAY, story.proven_at])
    is_internal = True if dice.chance(0.03) else dice.pick([False, None])
    fates = ["stays"] * 5 + ["moves", "moves", "doubles", "unknown"]
    fate = dice.pick(["doubles", *fates] if is_internal else fates)
    if fate == "unknown":
        return
    bound = dice.near(story.proven_at)
    ends = bound if fate == "moves" else None
    if ends is not None and start is not None and ends <= start:
        start = None
    company.add(
        "users",
        user_id=user,
        account_id=story.account_id,
        valid_from=start,
        valid_to=ends,
        is_internal=is_internal,
    )
    if fate in ("moves", "doubles"):
        other = dice.pick(company.rows["accounts"])["account_id"]
        until = dice.pick([None, bound + 20 * DAY])
        company.add(
            "users",
            user_id=user,
            account_id=other,
            valid_from=bound,
            valid_to=until,
            is_internal=dice.pick([None, is_internal]),
        )


def add_events(company: Company) -> None:
    """Events of every account."""
    for story in company.stories:
        for _ in range(company.dice.pick([0, 1, 1, 1, 2])):
            _nearly_meet_a_rule(company, story)
        for _ in range(company.dice.pick([0, 0, 1, 2])):
            _check_out(company, story)
        for _ in range(company.dice.number(0, 3)):
            name = company.dice.pick(["login", "browse", "ping", "quota", "offer", "fix"])
            _add_event(company, story, company.dice.near(story.proven_at), name)


def _nearly_meet_a_rule(company: Company, story: Story) -> None:
    """About as many events as a rule asks for, the last one when value is proven."""
    dice = company.dice
    rule = dice.pick(company.build.rules.active)
    last = story.proven_at
    window = timedelta(days=rule["within_days"] or 400)
    opens = last - window
    if rule["anchor"] == "signup" and story.signed_up_at:
        opens = story.signed_up_at
        last = dice.pick([last, dice.at_edge(opens + window)])
    needed = max(rule[name] or 1 for name in ("min_events", "min_distinct_users"))
    spread = max(rule["min_distinct_days"] or 1, 1)
    team = [dice.pick([*story.users, None]) for _ in range(max(needed, 2))]
    if dice.chance(0.5):
        team = story.users
    moments = [last] + [
        dice.pick(
            [
                last,
                dice.at_edge(opens),
                last - DAY * dice.number(0, spread),
                dice.near(last),
                datetime.combine(last.date(), time.min) - INSTANT,
                opens + (last - opens) / 2,
            ]
        )
        for _ in range(needed - 1 + dice.pick([-1, 0, 0, 0, 1, 2]))
    ]
    date_only = dice.pick([0.0, 0.0, 0.0, 0.5, 1.0])  # share of the events
    names = names_of(rule)
    for index, at in enumerate(moments):
        count = dice.pick([None, 1, 1, 1, 2, rule["min_events"] or 1])
        _add_event(
            company,
            story,
            at,
            dice.pick(names),
            user_id=team[index % len(team)],
            event_count=count,
            occurred_precision="date" if dice.chance(date_only) else None,
        )


def _check_out(company: Company, story: Story) -> None:
    """A checkout near value, or at an edge of the window around a payment or a trial."""
    dice = company.dice
    at = dice.near(story.proven_at)
    if story.pays_from and dice.chance(0.8):
        starts = [
            day_of(at)
            for row in company.rows["revenue"]
            if row["account_id"] == story.account_id
            for at in [_started(row)]
            if at is not None
        ]
        first_days = [story.pays_from, *starts, *sorted(starts)[:1]]
        paid = datetime.combine(dice.pick(first_days), time.min)
        month = paid.replace(day=1)
        before = company.build.settings.get("plr_purchase_days_before", 7) * DAY
        after = company.build.settings.get("plr_purchase_days_after", 4) * DAY
        at = dice.pick(
            [
                paid + 10 * HOUR,
                dice.at_edge(paid - before),
                dice.at_edge(paid - before),
                dice.at_edge(paid + after),
                dice.at_edge(month - before),
                dice.near(paid + DAY),
            ]
        )
    _add_event(company, story, at, dice.pick(["checkout", "checkout", "upgrade"]))


def _started(row: Row) -> date | None:
    """When a revenue row of any shape begins."""
    return next(row[name] for name in ("valid_from", "service_start", "month") if name in row)


def _add_event(company: Company, story: Story, at: datetime, name: str, **given: Any) -> None:
    dice = company.dice
    event = {
        "user_id": dice.pick([*story.users, None]),
        "event_count": dice.pick([None, 1, 1, 3]),
        "occurred_precision": "date" if dice.chance(0.1) else dice.pick([None, "timestamp"]),
        **given,
    }
    if event["occurred_precision"] == "date" and dice.chance(0.7):
        at = datetime.combine(at.date(), time.min)
    if event["occurred_precision"] is None and dice.chance(0.3):
        event["occurred_precision"] = "timestamp"
    has_account = event["user_id"] is None or dice.chance(0.6)
    account = f"{company.name}_nobody" if company.is_lost(0.02) else story.account_id
    company.add(
        "product_events",
        event_id=company.id("e"),
        occurred_at=at,
        event_name=name,
        account_id=account if has_account else None,
        is_automated=True if dice.chance(0.06) else dice.pick([False, None]),
        loaded_at=dice.pick([None, at + DAY]),
        **event,
    )
