"""Things that one thing only tells apart: ids of two relations, instants, days and their order."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from .company import Company, Row
from .dice import DAY, HOUR


def add_coincidences(company: Company) -> None:
    """A few in every other company."""
    dice = company.dice
    for way in (_close_at_once, _touch_at_once, _open_on_one_day, _share_a_cost):
        if dice.chance(0.3):
            way(company)
    if dice.chance(0.5):
        _borrow_ids(company)


def _any(company: Company, rows: list[Row]) -> Row | None:
    return company.dice.pick(rows) if rows else None


def _beside(company: Company, relation: str, key: str, row: Row, **change: Any) -> None:
    """The same again under another id; which of the ids comes first is left to chance."""
    other = company.add(relation, **{**row, key: company.id("z"), **change})
    if company.dice.chance(0.5):
        row[key], other[key] = other[key], row[key]


def _close_at_once(company: Company) -> None:
    """Two deals won at one instant: their ids say which was the first."""
    dice = company.dice
    won = [row for row in company.rows["opportunities"] if row["is_won"] and row["closed_at"]]
    if deal := _any(company, won):
        _beside(
            company,
            "opportunities",
            "opportunity_id",
            deal,
            opportunity_type=dice.pick(["expansion", "renewal", "reactivation"]),
            created_at=min(deal["created_at"] + dice.pick([-HOUR, HOUR]), deal["closed_at"]),
            created_by_team=dice.pick(["sales", "am", None, "csm"]),
            amount_mrr=70,
        )


def _touch_at_once(company: Company) -> None:
    """Two people at one instant; one of them logged it late."""
    dice = company.dice
    if touch := _any(company, company.rows["crm_activities"]):
        _beside(
            company,
            "crm_activities",
            "activity_id",
            touch,
            actor_team=dice.pick(["sales", "am", "exec", "csm"]),
            is_automated=None,
            created_at=dice.pick([None, touch["occurred_at"] + 40 * DAY]),
            status=dice.pick([None, touch.get("status")]),
        )


def _open_on_one_day(company: Company) -> None:
    """An opportunity at a time of the day, and one that is known to the day only."""
    dice = company.dice
    if deal := _any(company, company.rows["opportunities"]):
        morning = datetime.combine(deal["created_at"].date(), time.min)
        at = morning if deal["created_at"] > morning else morning + dice.pick([1, 9]) * HOUR
        closed = deal["closed_at"] if (deal["closed_at"] or at) >= at else None
        _beside(
            company,
            "opportunities",
            "opportunity_id",
            deal,
            created_at=at,
            closed_at=closed,
            is_won=False,
            created_by_team=dice.pick(["sales", None]),
        )


def _share_a_cost(company: Company) -> None:
    """One month's cost of one type on two accounts, which may have been merged."""
    dice = company.dice
    for row in company.rows["accounts"]:
        if other := row.get("merged_into_account_id"):
            day = company.stories[0].pays_from or company.stories[0].proven_at.date()
            for account in (row["account_id"], other):
                company.add(
                    "account_costs",
                    account_id=account,
                    month=day,
                    currency="USD",
                    cost_type="services",
                    amount=dice.pick([7, 7, 12]),
                )
            return


def _borrow_ids(company: Company) -> None:
    """A deal called like an account, an activity and a contract called like a deal."""
    dice, deals = company.dice, company.rows["opportunities"]
    won = [row for row in deals if row["is_won"] and row["closed_at"]]
    accounts = [row["account_id"] for row in company.rows["accounts"]]
    if deal := _any(company, won or deals):
        _rename(company, deal, dice.pick(accounts))
        touches = [
            row for row in company.rows["crm_activities"] if row["account_id"] == deal["account_id"]
        ]
        if touch := _any(company, touches):
            touch["activity_id"] = deal["opportunity_id"]


def _rename(company: Company, deal: Row, name: str) -> None:
    """Give a deal an id, and those that name it."""
    for touch in company.rows["crm_activities"]:
        if touch.get("opportunity_id") == deal["opportunity_id"]:
            touch["opportunity_id"] = name
    deal["opportunity_id"] = name
