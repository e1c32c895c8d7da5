"""CRM activities and opportunities, close before, at or after whatever they are compared with."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from .company import Company, Story
from .dice import DAY, HOUR, INSTANT

TEAMS = "sales sales sdr am exec partner csm csm support marketing system".split()
NO_TEAMS = ["alien", None]
TYPES = ["call", "email", "meeting", "meeting", "demo", "linkedin", "sms", "form"]
PURPOSES = [
    *"prospecting discovery demo negotiation expansion renewal onboarding check_in support".split(),
    None,
    None,
]
STATUSES = [None, *["completed"] * 3, "scheduled", "scheduled", "canceled", "no_show", "unheard_of"]


def add_sales(company: Company) -> None:
    """Opportunities first, since activities may hang on them."""
    dice = company.dice
    for story in company.stories:
        deals = [_add_opportunity(company, story) for _ in range(dice.pick([0, 0, 1, 1, 2]))]
        for _ in range(dice.pick([0, 0, 1, 1, 2, 3])):
            _add_activity(company, story, deals)


def _moment_of_contact(company: Company, story: Story) -> datetime:
    """Near an event that decides the origin."""
    dice = company.dice
    at = dice.pick([story.proven_at, dice.pick(_events(company, story))])
    if story.pays_from and dice.chance(0.25):
        at = datetime.combine(story.pays_from, time.min) + DAY
        if dice.chance(0.3):
            at = datetime(2022, 8, 1)  # the end of the first data month
    return dice.near(at, company.build.offset_minutes)


def _events(company: Company, story: Story) -> list[datetime]:
    """When things happened in the product."""
    return [story.proven_at] + [
        row["occurred_at"]
        for row in company.rows["product_events"]
        if row["account_id"] == story.account_id
    ]


def _add_activity(company: Company, story: Story, deals: list[dict[str, Any]]) -> None:
    dice = company.dice
    at = _moment_of_contact(company, story)
    precision = dice.pick([None, None, None, None, "timestamp", "timestamp", "date", "minute"])
    if precision != "timestamp" and dice.chance(0.4):
        at = datetime.combine(at.date(), time.min)
    if company.build.is_clean and precision == "minute":
        precision = "day"
    late = company.build.settings.get("plr_backdated_days", 7)
    logged = dice.pick(
        [
            None,
            at,
            at + HOUR,
            at - dice.number(1, 20) * DAY,
            dice.near(at, company.build.offset_minutes),
            at + late * DAY,
            at + late * DAY + INSTANT,
            at + 40 * DAY,
            datetime.combine(at.date(), time.min),
        ]
    )
    account, deal = story.account_id, None
    if dice.chance(0.2) and deals:
        deal = dice.pick(deals)["opportunity_id"]
        account = dice.pick([None, f"{company.name}_nobody", account])
    elif company.is_lost(0.04):
        account, deal = dice.pick([None, f"{company.name}_nobody"]), f"{company.name}_nothing"
    company.add(
        "crm_activities",
        activity_id=company.id("c"),
        account_id=account,
        opportunity_id=deal,
        activity_type=dice.pick(TYPES),
        direction=dice.pick(["inbound", "outbound", None]),
        occurred_at=at,
        occurred_precision=precision,
        created_at=logged,
        actor_team=dice.pick(TEAMS if company.build.is_clean else TEAMS + NO_TEAMS),
        purpose=dice.pick(PURPOSES),
        is_automated=dice.pick([True, False, False, None]),
        duration_minutes=dice.pick([None, 9, 10, 30]),
        status=dice.pick(STATUSES[:-1] if company.build.is_clean else STATUSES),
    )


def _add_opportunity(company: Company, story: Story) -> dict[str, Any]:
    dice = company.dice
    created = _moment_of_contact(company, story)
    if dice.chance(0.3):
        created = datetime.combine(created.date(), time.min)
    paid = datetime.combine(story.pays_from or story.proven_at.date(), time.min)
    closed = dice.pick(
        [
            None,
            max(created, paid),
            max(created, paid + 12 * HOUR),
            max(created, dice.near(story.proven_at)),
            max(created, _moment_of_contact(company, story)),
            max(created, dice.pick(_events(company, story))),
            created + 30 * DAY,
            datetime.combine(company.build.as_of, time.min) + dice.pick([0, 1, 40]) * DAY,
        ]
    )
    return company.add(
        "opportunities",
        opportunity_id=company.id("o"),
        account_id=f"{company.name}_nobody" if company.is_lost(0.02) else story.account_id,
        opportunity_type=dice.pick(
            ["new_business", "new_business", "expansion", "renewal", "reactivation"]
        ),
        created_at=created,
        closed_at=closed,
        is_closed=dice.pick([closed is not None, True, None]),
        is_won=dice.pick([True, True, False, None]),
        created_by_team=dice.pick([*TEAMS, None] if company.build.is_clean else TEAMS + NO_TEAMS),
        amount_mrr=dice.pick([None, 0, 100, 250.5]),
        currency=dice.pick(["USD", "USD", "EUR", "JPY", "SEK", "CHF", None]),
    )
