"""plr_origin_sensitivity: the headline under other readings of the same evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from .activity import Rule, at_threshold
from .contract import Row
from .facts import AccountFacts, Facts
from .ratios import difference, ratio, total


@dataclass(frozen=True)
class Reading:
    """One account under one scenario."""

    is_product_driven: bool
    is_doubtful: bool


Scenario = Callable[[AccountFacts], Reading]


def sensitivity_rows(facts: Facts, rules: list[Rule]) -> list[Row]:
    """plr_origin_sensitivity, of the latest month."""
    if not facts.months:
        return []
    month = facts.months[-1]
    paying = [account for account in facts if facts.mrr(account, month) > 0]
    thresholds = {
        f"value_threshold_{threshold}": [at_threshold(rule, threshold) for rule in rules]
        for threshold in ("looser", "stricter")
    }
    whole = total(facts.mrr(account, month) for account in paying)
    headline = [_headline(account) for account in paying]
    rows: list[Row] = []
    for name, scenario in _scenarios(facts, rules, thresholds).items():
        row: Row = {
            "month": month,
            "scenario": name,
            "customers": len(paying),
            "total_mrr": whole,
            "rules_changed": None,
        }
        if name in thresholds:
            changed = sum(a != b for a, b in zip(rules, thresholds[name], strict=True))
            row["rules_changed"] = changed
        if row["rules_changed"] == 0:  # nothing was asked
            row.update(dict.fromkeys(MEASURES))
        else:
            share: Decimal | None = rows[0]["product_driven_share"] if rows else None
            mrr = [facts.mrr(account, month) for account in paying]
            row.update(_measured(mrr, headline, [scenario(account) for account in paying], share))
        rows.append(row)
    return rows


MEASURES = (
    "product_driven_customers product_driven_mrr product_driven_share change_in_share"
    " accounts_flipped mrr_flipped doubtful_mrr"
).split()


def _measured(
    mrr: list[Decimal],
    headline: list[Reading],
    readings: list[Reading],
    headline_share: Decimal | None,
) -> Row:
    """What a scenario says; of the headline itself its share is its own."""
    driven = [m for m, reading in zip(mrr, readings, strict=True) if reading.is_product_driven]
    flipped = [
        m
        for m, before, after in zip(mrr, headline, readings, strict=True)
        if before.is_product_driven != after.is_product_driven
    ]
    share = ratio(total(driven), total(mrr))
    return {
        "product_driven_customers": len(driven),
        "product_driven_mrr": total(driven),
        "product_driven_share": share,
        "change_in_share": difference(share, share if headline_share is None else headline_share),
        "accounts_flipped": len(flipped),
        "mrr_flipped": total(flipped),
        "doubtful_mrr": total(
            m for m, reading in zip(mrr, readings, strict=True) if reading.is_doubtful
        ),
    }


def _scenarios(
    facts: Facts, rules: list[Rule], thresholds: dict[str, list[Rule]]
) -> dict[str, Scenario]:
    """By name; the headline first."""

    def under(**change: object) -> Scenario:
        return lambda account: _as(facts, account, **change)

    scenarios: dict[str, Scenario] = {
        "headline": _headline,
        "strict": lambda a: Reading(bool(a.found.is_strict), _headline(a).is_doubtful),
        "ties_to_sales": under(tie_policy="sales_first"),
        "ties_to_product": under(tie_policy="product_first"),
        "logged_contact_time": under(contacts="logged"),
        "purchase_only_excluded": _without_purchase,
        "contact_wider": under(contacts="wider"),
        "contact_narrower": under(contacts="narrower"),
    }
    for group in sorted({rule.group_id for rule in rules}):
        others = [rule for rule in rules if rule.group_id != group]
        scenarios[f"without_{group}"] = under(rules=others)
    for name, changed in thresholds.items():
        scenarios[name] = under(rules=changed)
    for days in facts.config.sensitivity_lead_days:
        scenarios[f"lead_time_{days}"] = under(lead=timedelta(days=days))
    return scenarios


def _headline(account: AccountFacts) -> Reading:
    found = account.found
    doubtful = found.sequence == "ambiguous" or found.verdict.origin == "untracked"
    return Reading(bool(found.verdict.is_product_driven), doubtful)


def _without_purchase(account: AccountFacts) -> Reading:
    """A checkout alone is no proof of value."""
    reading = _headline(account)
    bought = account.found.verdict.evidence == "self_serve_purchase"
    return Reading(reading.is_product_driven and not bought, reading.is_doubtful)


def _as(facts: Facts, account: AccountFacts, **change: object) -> Reading:
    order, verdict = facts.origins.under(account.account, **change)
    doubtful = order == "ambiguous" or verdict.origin == "untracked"
    return Reading(bool(verdict.is_product_driven), doubtful)
