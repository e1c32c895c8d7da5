"""plr_deal_origin: a first won deal by the origin table, later ones by who started them."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from .contract import Row
from .events import Events
from .facts import AccountFacts, Facts
from .initiation import Initiations, Question
from .openings import STAGE, Opening, amount_at
from .revenue import Revenue
from .staging import Staged
from .timeline import month_end, month_of

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


def deal_rows(
    facts: Facts, events: Events, initiations: Initiations, openings: list[Opening]
) -> list[Row]:
    """plr_deal_origin: every opportunity, with an origin where it was won."""
    verdicts: dict[str, tuple[str | None, str, str | None]] = {}
    for account_id, deals in sorted(facts.origins.won_deals().items()):
        first = facts.origins.of_first_deal(deals[0])
        verdicts[deals[0]["opportunity_id"]] = first.origin, first.evidence, None
        verdicts.update(_later_verdicts(facts[account_id], deals, events, initiations))
    unknown = (None, None, None)
    return [_row(o, facts, *verdicts.get(o.deal["opportunity_id"], unknown)) for o in openings]


def _row(
    opening: Opening,
    facts: Facts,
    origin: str | None,
    evidence: str | None,
    initiation: str | None,
) -> Row:
    deal, found = opening.deal, facts[opening.deal["account"]].found
    return {
        "opportunity_id": deal["opportunity_id"],
        "account_id": deal["account"],
        "account_name": found.account.account_name,
        "opportunity_type": deal["opportunity_type"],
        "created_at": deal["created_at"],
        "closed_at": opening.closed_at,
        "is_closed": opening.outcome != "open",
        "is_won": opening.outcome == "won",
        "amount_mrr": amount_at(facts.origins, deal, opening.closed_at or deal["created_at"]),
        "sequence_at_open": opening.sequence,
        "sequence_basis": opening.basis,
        "is_sequence_covered": opening.is_covered,
        "account_origin": found.verdict.origin,
        "origin": origin,
        "evidence": evidence,
        "initiation": initiation,
    }


def _later_verdicts(
    facts: AccountFacts, deals: list[Row], events: Events, initiations: Initiations
) -> dict[str, tuple[str, str, str]]:
    """Windows follow one another; an opportunity explains one deal, and its own besides.

    The first deal is judged by the origin table, so it uses none.
    """
    after = timedelta(days=initiations.config.window_days_after)
    used: set[str] = set()
    verdicts = {}
    for previous, deal in pairwise(deals):
        stage, day = STAGE[deal["opportunity_type"]], deal["closed_at"].date()
        churned = None
        if stage == "reactivation":
            churned = events.churn_date(facts, month_of(day))
        earliest = previous["closed_at"].date() + after
        question = Question(facts, stage, day, earliest, churned, deal=deal["opportunity_id"])
        answer = initiations.explain(question, used)
        used |= answer.opportunities
        started = answer.initiation
        verdicts[deal["opportunity_id"]] = ORIGIN[started], started, started
    return verdicts
