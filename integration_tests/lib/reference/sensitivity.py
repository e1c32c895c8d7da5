"""plr_origin_sensitivity: the headline under other readings of the same evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from .contract import Row
from .facts import AccountFacts, Facts
from .ratios import difference, ratio, total


@dataclass(frozen=True)
class Reading:
    """One account under one scenario."""

    is_product_driven: bool
    is_undecided: bool


def sensitivity_rows(facts: Facts, group_ids: list[str]) -> list[Row]:
    """plr_origin_sensitivity, of the latest month."""
    if not facts.months:
        return []
    month = facts.months[-1]
    paying = [account for account in facts if facts.mrr(account, month) > 0]
    scenarios: dict[str, Callable[[AccountFacts], Reading]] = {
        "headline": _headline,
        "strict": lambda a: Reading(bool(a.found.is_strict), _headline(a).is_undecided),
        "ties_to_sales": lambda a: _as(facts, a, tie_policy="sales_first"),
        "ties_to_product": lambda a: _as(facts, a, tie_policy="product_first"),
        "logged_contact_time": lambda a: _as(facts, a, logged=True),
        "purchase_only_excluded": _without_purchase,
    }
    for group_id in group_ids:
        scenarios[f"without_{group_id}"] = lambda a, left_out=group_id: _as(
            facts, a, without_group=left_out
        )

    whole = total(facts.mrr(account, month) for account in paying)
    rows: list[Row] = []
    for name, scenario in scenarios.items():
        readings = [(facts.mrr(account, month), scenario(account)) for account in paying]
        driven = total(mrr for mrr, reading in readings if reading.is_product_driven)
        share = ratio(driven, whole)
        headline: Decimal | None = rows[0]["product_driven_share"] if rows else share
        rows.append(
            {
                "month": month,
                "scenario": name,
                "customers": len(paying),
                "total_mrr": whole,
                "product_driven_mrr": driven,
                "product_driven_share": share,
                "change_in_share": difference(share, headline),
                "undecided_mrr": total(mrr for mrr, reading in readings if reading.is_undecided),
            }
        )
    return rows


def _headline(account: AccountFacts) -> Reading:
    found = account.found
    undecided = found.sequence == "ambiguous" or found.verdict.origin == "untracked"
    return Reading(bool(found.verdict.is_product_driven), undecided)


def _without_purchase(account: AccountFacts) -> Reading:
    """A checkout alone is no proof of value."""
    reading = _headline(account)
    bought = account.found.verdict.evidence == "self_serve_purchase"
    return Reading(reading.is_product_driven and not bought, reading.is_undecided)


def _as(facts: Facts, account: AccountFacts, **change: object) -> Reading:
    order, verdict = facts.origins.under(account.account, **change)
    undecided = order == "ambiguous" or verdict.origin == "untracked"
    return Reading(bool(verdict.is_product_driven), undecided)
