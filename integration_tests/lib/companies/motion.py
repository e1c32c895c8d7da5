"""Signals, touches and opportunities around revenue events, at the edges of their windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from .company import Company, Story
from .customers import Customer
from .dice import DAY, HOUR, INSTANT, day_of, midnight

SIGNALS = {
    "conversion": ["checkout", "upgrade", "fix"],
    "expansion": ["quota", "offer", "upgrade", "checkout", "raise_hand", "throttle"],
    "reactivation": ["fix", "fix", "publish", "quota", "offer", "checkout", "raise_hand"],
    "retention": ["offer", "upgrade", "renew", "raise_hand"],
}
COMMERCIAL = [
    ("sales", None),
    ("sales", "negotiation"),
    ("am", None),
    ("csm", "expansion"),
    ("csm", "renewal"),
    ("exec", None),
    ("partner", None),
]
ROUTINE = [("csm", "check_in"), ("csm", "onboarding"), ("csm", None)]
NOBODY = [("support", None), ("marketing", None), ("sales", "support"), ("system", None)]


@dataclass(frozen=True)
class Window:
    """Around one revenue event."""

    stage: str
    day: date
    opens: datetime
    closes: datetime


def stir(company: Company, customer: Customer) -> None:
    """Something, or nothing, around each of a customer's revenue events."""
    previous = None
    for turn in customer.turns(company.build):
        if turn.stage == "churn":
            continue
        window = open_window(company, turn.stage, turn.day, previous, turn.churned)
        previous = turn.day
        if window.opens < window.closes:
            company.dice.pick(CASES)(company, customer, window)


def stir_anything(company: Company, story: Story) -> None:
    """The same about the first day of one of an account's revenue rows, whatever it brings."""
    dice = company.dice
    starts = [
        day_of(day)
        for row in company.rows["revenue"]
        if row["account_id"] == story.account_id
        for day in [row.get("valid_from") or row.get("service_start") or row.get("month")]
        if day is not None
    ]
    if starts:
        stage = dice.pick(["conversion", "expansion", "reactivation"])
        window = open_window(company, stage, dice.pick(starts))
        dice.pick(CASES)(company, story, window)


def open_window(
    company: Company,
    stage: str,
    day: date,
    previous: date | None = None,
    churned: date | None = None,
) -> Window:
    """The window of an event, with the build's lengths."""
    settings = company.build.settings
    usual = {"conversion": None, "expansion": 90, "retention": 120, "reactivation": 90}
    length = settings.get(f"plr_{stage}_window_days", usual[stage]) or 180
    after = settings.get("plr_window_days_after", 3)
    floors = [day - length * DAY]
    if previous:
        floors.append(previous + after * DAY)
    if churned:
        floors.append(churned)
    return Window(stage, day, midnight(max(floors)), midnight(day + after * DAY))


def _at(company: Company, window: Window) -> datetime:
    """Mostly inside; its edges are common."""
    dice, span = company.dice, window.closes - window.opens
    inside = window.opens + span * dice.number(1, 999) / 1000
    event = midnight(window.day)
    return dice.pick(
        [
            *[inside] * 5,
            max(event - 2 * DAY, window.opens) + 9 * HOUR,
            dice.at_edge(window.opens),
            dice.at_edge(window.opens),
            dice.at_edge(window.closes),
            window.opens - 2 * DAY,
            window.closes + HOUR,
            datetime.combine(inside.date(), time.min),
        ]
    )


def stir_prospect(company: Company, story: Story) -> None:
    """A motion about when value is proven, which only counts afterwards."""
    dice, at = company.dice, story.proven_at
    for _ in range(dice.pick([1, 1, 2])):
        near = dice.pick(
            [
                dice.near(at, company.build.offset_minutes),
                at + 40 * DAY,
                at - 10 * DAY,
                at + dice.number(1, 120) * DAY,
            ]
        )
        kind = dice.pick(["touch", "touch", "signal", "deal", "deal", "nobody"])
        if kind == "touch":
            touch(company, story, near, dice.pick([COMMERCIAL, ROUTINE]))
        elif kind == "signal":
            signal(company, story, near, "expansion")
        elif kind == "deal":
            created = dice.pick([near, at - 180 * DAY, at - 100 * DAY, at - 181 * DAY])
            closed = dice.pick([None, None, max(at, created), max(at - DAY, created)])
            deal(
                company,
                story,
                created,
                closed,
                is_won=False,
                is_closed=True if dice.chance(0.15) else None,
            )
        else:
            touch(company, story, near, NOBODY)


# ── what can happen ──────────────────────────────────────────────────────────────────────────


def signal(
    company: Company, story: Story, at: datetime, stage: str, name: str | None = None
) -> datetime:
    """The product starts something."""
    dice = company.dice
    is_rollup = at == midnight(at.date()) and dice.chance(0.5)
    company.add(
        "product_events",
        event_id=company.id("e"),
        account_id=story.account_id,
        occurred_at=at,
        event_name=name or dice.pick(SIGNALS[stage]),
        user_id=dice.pick([*story.users[:1], None]),
        event_count=dice.pick([None, 1, 2]),
        occurred_precision="date" if is_rollup else dice.pick([None, "timestamp"]),
        is_automated=True if dice.chance(0.04) else None,
    )
    return at


def touch(
    company: Company, story: Story, at: datetime, who: list[tuple[str, str | None]]
) -> datetime:
    """A person does something: mostly done, sometimes booked ahead or only planned."""
    dice = company.dice
    team, purpose = dice.pick(who)
    kind = dice.pick(["call", "call", "email", "meeting"])
    is_day = dice.chance(0.15)
    if is_day:
        at = midnight(at.date())
    company.add(
        "crm_activities",
        activity_id=company.id("c"),
        account_id=story.account_id,
        activity_type=kind,
        occurred_at=at,
        actor_team=team,
        purpose=purpose,
        occurred_precision="date" if is_day else dice.pick([None, "timestamp", "timestamp"]),
        created_at=at - DAY if kind == "meeting" and dice.chance(0.3) else dice.pick([None, at]),
        status=dice.pick([None] * 8 + ["completed", "scheduled"]),
        duration_minutes=30,
        direction=dice.pick(["outbound", "outbound", "inbound"]),
        is_automated=False,
    )
    return at


def deal(
    company: Company, story: Story, created: datetime, closed: datetime | None, **given: Any
) -> None:
    """An opportunity, whatever its outcome."""
    dice = company.dice
    company.add(
        "opportunities",
        **{
            "opportunity_id": company.id("o"),
            "account_id": story.account_id,
            "opportunity_type": dice.pick(
                ["expansion", "expansion", "renewal", "new_business", "reactivation"]
            ),
            "created_at": created,
            "closed_at": closed,
            "is_closed": dice.pick([closed is not None, None]),
            "is_won": closed is not None and dice.chance(0.7),
            "created_by_team": dice.pick(["sales", "sales", "am", "csm", None]),
            "amount_mrr": dice.pick([None, 100]),
            "currency": "USD",
            **given,
        },
    )


# ── cases ────────────────────────────────────────────────────────────────────────────────────


def _product_alone(company: Company, story: Story, window: Window) -> None:
    signal(company, story, _at(company, window), window.stage)


def _product_then_people(company: Company, story: Story, window: Window) -> None:
    at = signal(company, story, _at(company, window), window.stage)
    later = at + (window.closes - at) / 2
    touch(company, story, max(later, at + INSTANT), COMMERCIAL)


def _people_then_product(company: Company, story: Story, window: Window) -> None:
    at = signal(company, story, _at(company, window), window.stage)
    touch(company, story, at - company.dice.pick([INSTANT, HOUR, DAY]), COMMERCIAL)


def _at_once(company: Company, story: Story, window: Window) -> None:
    at = signal(company, story, _at(company, window), window.stage)
    touch(company, story, company.dice.near(at, company.build.offset_minutes), COMMERCIAL)


def _people_alone(company: Company, story: Story, window: Window) -> None:
    touch(company, story, _at(company, window), COMMERCIAL)


def _check_in(company: Company, story: Story, window: Window) -> None:
    """A routine touch, in a third of cases with a signal before or after it."""
    at = touch(company, story, _at(company, window), ROUTINE)
    if company.dice.chance(0.6):
        signal(company, story, company.dice.pick([at + DAY, at - DAY]), window.stage)


def _nobody(company: Company, story: Story, window: Window) -> None:
    touch(company, story, _at(company, window), NOBODY)


def _nothing(company: Company, story: Story, window: Window) -> None:
    pass


def _open_deal(company: Company, story: Story, window: Window) -> None:
    """Open when the window does: of some age, closed about then, or closed nobody knows when."""
    dice = company.dice
    longest = company.build.settings.get("plr_open_opportunity_days", 180)
    event = midnight(window.day)
    created = min(
        dice.pick(
            [
                event - longest * DAY + 12 * HOUR,
                event - (longest + 1) * DAY,
                event - longest * DAY,
                event - 400 * DAY,
                window.opens - 20 * DAY,
                window.opens - HOUR,
                window.opens,
                window.opens - 2 * DAY,
            ]
        ),
        window.opens,
    )
    closed = dice.pick(
        [None, None, window.closes, dice.at_edge(window.opens), window.opens + 5 * DAY, event]
    )
    if closed is not None and closed < created:
        closed = None
    is_closed = True if dice.chance(0.15) else closed is not None
    team = dice.pick(["sales", "sales", "am", None, "csm", "marketing"])
    deal(company, story, created, closed, is_closed=is_closed, created_by_team=team)
    if dice.chance(0.5):
        signal(company, story, _at(company, window), window.stage)


def _new_deal(company: Company, story: Story, window: Window) -> None:
    """Created in the window, and perhaps still open when the next one begins."""
    dice = company.dice
    created = _at(company, window)
    closed = dice.pick([None, None, window.closes + 100 * DAY, created + 3 * DAY])
    if dice.chance(0.5):
        won = max(midnight(window.day) + 12 * HOUR, created)
        deal(company, story, created, won, is_won=True)
    else:
        deal(company, story, created, closed)
    if dice.chance(0.4):
        signal(company, story, _at(company, window), window.stage)


Case = Callable[[Company, Story, Window], None]
CASES: list[Case] = [
    *[_product_alone] * 3,
    *[_product_then_people] * 2,
    _people_then_product,
    _at_once,
    *[_people_alone] * 2,
    *[_check_in] * 2,
    _nobody,
    *[_nothing] * 3,
    *[_open_deal] * 3,
    *[_new_deal] * 2,
]
