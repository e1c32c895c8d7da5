"""plr_deal_origin: the first won deal by the origin table, later ones by who started them."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from .contract import Row
from .events import Events
from .facts import AccountFacts, Facts
from .initiation import Initiations, Question
from .timeline import month_of

STAGE = {
    "new_business": "expansion",
    "expansion": "expansion",
    "renewal": "retention",
    "reactivation": "reactivation",
}
ORIGIN = {
    "product_initiated": "self_serve",
    "product_sourced_human_assisted": "product_driven_sales_assisted",
    "human_initiated": "sales_originated",
    "unobserved": "untracked",
}


def deal_rows(facts: Facts, events: Events, initiations: Initiations) -> list[Row]:
    """plr_deal_origin."""
    rows = []
    for account_id, deals in sorted(facts.origins.won_deals().items()):
        rows.append(facts.origins.first_deal_row(deals[0]))
        rows += _later_rows(facts[account_id], deals, events, initiations)
    return rows


def _later_rows(
    facts: AccountFacts, deals: list[Row], events: Events, initiations: Initiations
) -> list[Row]:
    """Windows follow one another; an opportunity explains one deal, and its own besides.

    The first deal is judged by the origin table, so it uses none.
    """
    after = timedelta(days=initiations.config.window_days_after)
    used: set[str] = set()
    rows = []
    for previous, deal in pairwise(deals):
        stage, day = STAGE[deal["opportunity_type"]], deal["closed_at"].date()
        churned = None
        if stage == "reactivation":
            churned = events.churn_date(facts, month_of(day))
        earliest = previous["closed_at"].date() + after
        question = Question(facts, stage, day, earliest, churned, deal=deal["opportunity_id"])
        answer = initiations.explain(question, used)
        used |= answer.opportunities
        origin = ORIGIN[answer.initiation]
        rows.append(initiations.facts.origins.deal_row(deal, origin, answer.initiation))
    return rows
