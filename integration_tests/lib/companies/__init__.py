"""Made-up companies for the differential test: a seed gives the same company every time.

    inputs = deliver(build, seeds=range(1, 100))   # relation → rows, founders included

Each company is one segment and every id starts with its name (c0017_...), so thousands of
companies fit into one build and a difference leads back to one of them. What they contain is
chosen for its edges: ties to the microsecond, the first and last instant of every window, rows
that should be refused.

    accounts, product, sales, billing, ledgers   accounts whose origin is hard to tell
    customers, usage, motion, contracts          customers with years of motion, and prospects
    crowds                                       companies large enough for a segment's verdict
    board, spending                              costs and headcount of the whole, its growth
    coincidences                                 what one thing only tells apart
    links                                        ids of other systems, and whose they are
    founders, dirt                               what every build needs, and what nobody wants
    spelling                                     words as people and tools write them
    builds, rules                                the settings to compare under
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time

from .accounts import FIRST_PAID, add_accounts
from .billing import add_revenue
from .board import add_costs, company_wide
from .builds import BUILDS, Build
from .coincidences import add_coincidences
from .company import Company, Row
from .contracts import sign
from .crowds import add_crowd
from .customers import add_customer, bill, change_prices
from .dice import DAY, Dice
from .dirt import add_dirt
from .founders import add_founders
from .ledgers import add_ledgers
from .links import add_links
from .motion import COMMERCIAL, stir, stir_anything, stir_prospect, touch
from .product import add_events, add_users
from .rules import EVENT_ROLES
from .sales import add_sales
from .spelling import spell
from .spending import add_spending
from .usage import linger, prove, use

__all__ = ["BUILDS", "EVENT_ROLES", "Build", "deliver"]

FOUNDERS = 0


def deliver(build: Build, seeds: Iterable[int]) -> dict[str, list[Row]]:
    """The inputs of one build: the founders, its crowds, and a company for each seed."""
    delivered: dict[str, list[Row]] = defaultdict(list)
    companies = []
    for seed in [FOUNDERS, *build.crowds, *seeds]:
        company = Company(build, seed)
        _fill(company, seed)
        companies.append(company)
        for relation, rows in company.rows.items():
            delivered[relation] += rows
    company_wide(build, delivered)
    delivered["acquisition_costs"] = add_spending(build)
    for company in companies:
        spell(company)
    dice = Dice(f"{build.name}/order")
    for rows in delivered.values():  # no order of rows may matter
        dice.shuffle(rows)
    return {name: [] if name in build.feeds_empty else delivered[name] for name in build.relations}


def _fill(company: Company, seed: int | str) -> None:
    if seed == FOUNDERS:
        add_founders(company)
        return
    if seed in company.build.crowds:
        add_crowd(company)
    else:
        _add_small_lives(company)
        add_coincidences(company)
    _keep_feeds_within_bounds(company)
    add_dirt(company)
    if seed not in company.build.crowds:
        add_links(company)


def _add_small_lives(company: Company) -> None:
    """Accounts whose origin is hard to tell, then customers with years of motion."""
    dice = company.dice
    add_accounts(company)
    add_users(company)
    add_revenue(company)
    add_events(company)
    add_sales(company)
    add_ledgers(company)
    for story in company.stories:
        if dice.chance(0.3):
            stir_anything(company, story)
    for _ in range(dice.pick([1, 2, 2])):
        _add_customer(company)
    if dice.chance(0.7):
        _add_prospect(company)


def _add_customer(company: Company) -> None:
    dice = company.dice
    customer = add_customer(company, dice.day(FIRST_PAID, FIRST_PAID + 500 * DAY))
    if dice.chance(0.6):
        prove(company, customer, customer.proven_at)
    change_prices(company, customer)
    bill(company, customer)
    use(company, customer, dice.pick([1, 2, 2, 3]))
    stir(company, customer)
    if dice.chance(0.6):
        sign(company, customer)
    if dice.chance(0.4):
        add_costs(company, customer)


def _add_prospect(company: Company) -> None:
    """An account that finds value and never pays, whoever talks to it."""
    dice = company.dice
    prospect = add_customer(company, dice.day(FIRST_PAID, FIRST_PAID + 700 * DAY))
    linger(company, prospect)
    prospect.pays_from = None
    if dice.chance(company.build.answered):
        touch(company, prospect, prospect.proven_at + 12 * DAY, COMMERCIAL)
    elif dice.chance(0.7):
        stir_prospect(company, prospect)


def _keep_feeds_within_bounds(company: Company) -> None:
    """The founders' rows are the first of the CRM, and the last of feeds that end early."""
    build = company.build
    start = datetime.combine(build.crm_starts, time.min) + DAY
    end = datetime.combine(build.feeds_end or date.max - DAY, time.min)
    for relation, column in (
        ("product_events", "occurred_at"),
        ("crm_activities", "occurred_at"),
        ("opportunities", "created_at"),
    ):
        rows = company.rows[relation]
        rows[:] = [
            row
            for row in rows
            if row[column] < end and (relation == "product_events" or start <= row[column])
        ]
