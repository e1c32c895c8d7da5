"""More planted cases: what became of a deal or a contract, and of value that nobody asked about.

These accounts come after all others, with dice of their own. Where a pattern of the package holds
it is a `Plant` like those of planted.py; what is true of a deal or a contract stands in FACTS, is
written to planted_deals.csv and follows from the script here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from company import names, plan
from company.crm import CrmLog
from company.model import Account
from company.planted import HOLE, HOLLOW, Plant, level, sold, waiting
from company.when import LAST, month_of


def _lost_to_nobody(account: Account) -> None:
    """Value for four months, no offer, no call; then the team is gone."""
    waiting(account, datetime(2025, 1, 21, 10, 15), 9)
    account.quiet_from = 29


def _lost_though_product_first(account: Account) -> None:
    """Value, then a call, a deal that is lost, and some weeks later nobody uses it any more."""
    waiting(account, datetime(2025, 3, 14, 13, 30), 12)
    account.contacted_at = datetime(2025, 3, 20, 9, 40)
    account.lost_after, account.seats, account.price = 53, 30, 60.0
    account.currency, account.quiet_from = "USD", 30


def _sold_on(account: Account, paid_on: date, seats: int) -> None:
    """Sold by people on an annual contract, with even usage from the pilot on."""
    sold(account, paid_on, seats)
    account.annual, account.discount = True, 0.10
    level(account, round(0.58 * seats), start=month_of(account.signed_up_at.date()))


def _past_notice(account: Account) -> None:
    """Sold and used, but no plan published since June; the term ends in March."""
    _sold_on(account, date(2025, 3, 10), 44)
    for month in range(30, LAST + 1):
        account.value[month] = 0.0


def _rescued(account: Account) -> None:
    """No plan published in spring; a workshop in July brought value back before the notice."""
    _sold_on(account, date(2024, 12, 10), 48)
    for month in (27, 28, 29):
        account.value[month] = 0.0
    account.touches.append(
        {
            "moment": datetime(2025, 7, 2, 14, 0),
            "kind": "Meeting",
            "team": "Customer Success",
            "purpose": "onboarding",
            "minutes": 90,
        }
    )


# a table, two lines an account
# fmt: off
PLANTS = (
    Plant("lost_to_nobody", HOLE, "flagged", "free", "mid_market", 24, 25, 28,
          "value from 2025-01 to 2025-05, never offered anything, then gone", _lost_to_nobody),
    Plant("lost_though_product_first", HOLE, "clear", "free", "mid_market", 26, 27, 29,
          "value in 2025-03, called six days later, deal lost in 2025-05",
          _lost_though_product_first),
    Plant("past_notice", HOLLOW, "flagged", "sales_led", "mid_market", 24, 34, 35,
          "no plan published since 2025-06, term ends 2026-03, deal still open", _past_notice),
    Plant("rescued", HOLLOW, "watch", "sales_led", "mid_market", 21, 29, 29,
          "no plan published since 2025-03, value again from 2025-07, renewed in 2025-12",
          _rescued),
)
# fmt: on


@dataclass(frozen=True)
class Fact:
    """What is true of an account's deal or contract: which one, what, and why."""

    key: str
    relation: str
    number: int  # of the account's deals or contracts, in order
    fact: str
    why: str


FACTS = (
    Fact(
        "lost_though_product_first",
        "opportunities",
        0,
        "new_business lost product_first",
        "value proven 2025-03-14, first contact 2025-03-20, deal opened after both, lost",
    ),
    Fact(
        "past_notice",
        "opportunities",
        1,
        "renewal open sales_first",
        "opened after the notice date by sales, not closed on the last day",
    ),
    Fact(
        "past_notice",
        "contracts",
        0,
        "open at_risk no_recent_value",
        "ends 2026-03-10, notice 2025-11-10, last plan published in 2025-06",
    ),
    Fact(
        "rescued",
        "contracts",
        0,
        "renewed recent_value",
        "ended 2025-12-10, notice 2025-08-12, plans published again from 2025-07",
    ),
)


def plan_deals() -> list[Account]:
    """The scripted accounts of this module."""
    accounts = []
    for place, plant in enumerate(PLANTS):
        rng = Random(f"{names.SEED}/{plant.key}")
        name = f"{names.OTHER_WORDS[-1 - place]} Ateliers"
        account = plan.new_account(rng, name, plant.motion, plant.segment, plant.starts)
        account.plant = plant.key
        plant.shape(account)
        accounts.append(account)
    return accounts


def open_renewal(account: Account, log: CrmLog) -> None:
    """The renewal talk of the one that is past notice."""
    if account.plant == "past_notice":
        talk = datetime(2025, 11, 24, 10, 0)
        yearly = 12 * account.versions[-1].mrr
        opened = talk + timedelta(hours=1)
        deal = log.deal(account, "Renewal", opened, None, "", yearly, "Sales")
        log.touch(account, talk, "Meeting", "Account Management", "renewal", deal=deal, minutes=45)


def fact_rows(accounts: list[Account], tables: dict[str, list]) -> list[dict]:
    """FACTS with the ids of account, deal and contract filled in."""
    ids = {account.plant: account.id for account in accounts if account.plant}
    names_of_ids = {"opportunities": "id", "contracts": "contract_no"}
    found = []
    for fact in FACTS:
        rows, column = tables[fact.relation], names_of_ids[fact.relation]
        mine = [row[column] for row in rows if row["account_ref"] == ids[fact.key]]
        found.append(
            {
                "relation": fact.relation,
                "id": mine[fact.number],
                "account_id": ids[fact.key],
                "fact": fact.fact,
                "why": fact.why,
            }
        )
    return found
