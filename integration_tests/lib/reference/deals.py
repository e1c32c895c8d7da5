"""plr_deal_origin: the first won deal by the origin table, later ones by who started them."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from .contract import Row
from .events import Events
from .facts import AccountFacts, Facts
from .initiation import Initiations, Question
from .revenue import Revenue
from .staging import Staged
from .timeline import month_end, month_of

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


def name_types(staged: Staged, revenue: Revenue) -> None:
    """The type of an opportunity that does not say it, from what the account had been before."""
    for deal in staged.valid["opportunities"]:
        if deal["opportunity_type"] is None:
            others = [o for o in staged.valid["opportunities"] if o["account"] == deal["account"]]
            deal["derived_type"] = _type_of(deal, others, revenue)
    for deal in staged.valid["opportunities"]:
        deal["opportunity_type"] = deal["opportunity_type"] or deal["derived_type"]


def _type_of(deal: Row, others: list[Row], revenue: Revenue) -> str:
    account, created = deal["account"], deal["created_at"]
    has_won = any(o["is_won"] and o["closed_at"] and o["closed_at"] < created for o in others)
    paid = revenue.first_paid_date.get(account)
    has_paid = paid < created.date() if paid else account in revenue.first_paid_month
    if not has_won and not has_paid:
        return "new_business"
    ends = [month for month in revenue.months if month_end(month) < created]
    earlier, last = ends[:-1], ends[-1:]
    had = any(revenue.mrr(account, month) > 0 for month in earlier)
    has = any(revenue.mrr(account, month) > 0 for month in last)
    return "reactivation" if had and not has else "expansion"


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
