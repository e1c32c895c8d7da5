"""Contracts, costs and entitlements of accounts at random, some of them nobody's."""

from __future__ import annotations

from .company import Company
from .dice import DAY


def add_ledgers(company: Company) -> None:
    """A row here and there."""
    dice = company.dice
    for story in company.stories:
        day = story.proven_at.date()
        nobody = f"{company.name}_nobody"
        if dice.chance(0.3):
            company.add(
                "contracts",
                contract_id=company.id("k"),
                account_id=dice.pick([story.account_id] * 9 + [nobody]),
                term_start=day,
                term_end=day + 365 * DAY,
                contract_mrr=dice.pick([0, 100]),
                currency="USD",
                discount_share=dice.pick([None, 0, 0.2, 1]),
                signed_at=dice.pick([None, story.proven_at]),
                auto_renew=dice.pick([None, True]),
            )
        if dice.chance(0.2):
            company.add(
                "account_costs",
                account_id=dice.pick([story.account_id] * 9 + [nobody]),
                month=day,
                cost_type="hosting",
                amount=dice.pick([0, 12.5]),
                currency="EUR",
            )
        if dice.chance(0.2):
            company.add(
                "entitlements",
                account_id=dice.pick([story.account_id] * 9 + [nobody]),
                metric="seats",
                limit_quantity=10,
                valid_from=day,
                valid_to=dice.pick([None, day + 30 * DAY]),
            )
