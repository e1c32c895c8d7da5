"""Retention of closed cohorts: trailing twelve months, monthly, and by first paying month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import sqrt

from .config import Config, Z
from .contract import Row
from .origin import AccountOrigin
from .product_driven import share
from .revenue import Movement, Revenue
from .timeline import months_between, shift

ZERO = Decimal(0)


@dataclass(frozen=True)
class Member:
    """One account of a closed cohort: MRR at the start and at the end, constant currency."""

    start: Decimal
    end: Decimal


def nrr_interval(members: list[Member]) -> tuple[float | None, float | None]:
    """95 % interval of a ratio of sums, linearised."""
    n = len(members)
    total = sum((m.start for m in members), ZERO)
    if n < 2 or not total:
        return None, None
    ratio = sum((m.end for m in members), ZERO) / total
    squares = sum(((m.end - ratio * m.start) ** 2 for m in members), ZERO)
    error = sqrt(float(Decimal(n) / (n - 1) * squares / total**2))
    return float(ratio) - Z * error, float(ratio) + Z * error


def _scopes(found: AccountOrigin, base: date) -> Iterable[tuple[str, str]]:
    """Where an account counts; by origin only as far as it was decided by the base month."""
    return (
        ("company", "all"),
        ("segment", found.account.segment),
        ("acquisition_channel", found.account.channel),
        ("origin", found.group_at(base)),
    )


def retention_rows(
    revenue: Revenue,
    movements: list[Movement],
    found: dict[str, AccountOrigin],
    config: Config,
) -> list[Row]:
    """plr_retention_monthly."""
    members: dict[tuple[date, str, str], list[Member]] = defaultdict(list)
    flows: dict[tuple[date, str, str], list[Movement]] = defaultdict(list)
    for account, closing in revenue.closing.items():
        for base, start in closing.items():
            month = shift(base, 12)
            if month <= revenue.months[-1]:
                member = Member(start, revenue.constant(account, month, base))
                for scope in _scopes(found[account], base):
                    members[(month, *scope)].append(member)
    for move in movements:
        if move.opening > 0:
            for scope in _scopes(found[move.account], shift(move.month, -1)):
                flows[(move.month, *scope)].append(move)

    rows = []
    for key in sorted(members.keys() | flows.keys()):
        month, scope, value = key
        group, moves = members.get(key, []), flows.get(key, [])
        company = sum((m.start for m in members.get((month, "company", "all"), [])), ZERO)
        row = _retention_row(month, scope, value, group, moves, company, config)
        rows.append({**row, "months_of_history": revenue.months_of_history(month)})
    return rows


def _retention_row(
    month: date,
    scope: str,
    value: str,
    members: list[Member],
    moves: list[Movement],
    company: Decimal,
    config: Config,
) -> Row:
    start = sum((m.start for m in members), ZERO)
    end = sum((m.end for m in members), ZERO)
    retained = sum((min(m.start, m.end) for m in members), ZERO)
    expanded = sum((max(m.end - m.start, ZERO) for m in members), ZERO)
    kept = sum(m.end > 0 for m in members)
    opening = sum((m.opening for m in moves), ZERO)
    expansion = sum((m.expansion for m in moves), ZERO)
    contraction = sum((m.contraction for m in moves), ZERO)
    churn = sum((m.churn for m in moves), ZERO)
    low, high = nrr_interval(members)
    return {
        "month": month,
        "scope": scope,
        "scope_value": value,
        "starting_accounts": len(members),
        "starting_mrr": start,
        "ending_mrr": end,
        "retained_mrr": retained,
        "expanded_mrr": expanded,
        "retained_accounts": kept,
        "company_starting_mrr": company,
        "nrr_ttm": share(end, start),
        "grr_ttm": share(retained, start),
        "logo_retention_ttm": share(Decimal(kept), Decimal(len(members))),
        "expansion_rate_ttm": share(expanded, start),
        "nrr_contribution": share(end - start, company),
        "opening_mrr": opening,
        "expansion_mrr": expansion,
        "contraction_mrr": contraction,
        "churn_mrr": churn,
        "nrr_monthly": share(opening + expansion - contraction - churn, opening),
        "grr_monthly": share(opening - contraction - churn, opening),
        "nrr_ci_low": low,
        "nrr_ci_high": high,
        "confidence": config.confidence(len(members)),
    }


def cohort_rows(revenue: Revenue, found: dict[str, AccountOrigin], config: Config) -> list[Row]:
    """plr_cohort_nrr: accounts by first positive month-end, followed to the last month."""
    cohorts: dict[tuple[date, str], list[str]] = defaultdict(list)
    for account, month in revenue.first_paid_month.items():
        if not revenue.starts_unknown(account):
            for origin in (found[account].group_at(month), "all"):
                cohorts[month, origin].append(account)

    rows = []
    for (cohort, origin), accounts in sorted(cohorts.items()):
        for k, month in enumerate(months_between(cohort, revenue.months[-1])):
            members = [
                Member(revenue.mrr(a, cohort), revenue.constant(a, month, cohort)) for a in accounts
            ]
            start = sum((m.start for m in members), ZERO)
            end = sum((m.end for m in members), ZERO)
            retained = sum((min(m.start, m.end) for m in members), ZERO)
            kept = sum(m.end > 0 for m in members)
            rows.append(
                {
                    "cohort_month": cohort,
                    "origin": origin,
                    "months_since": k,
                    "cohort_accounts": len(members),
                    "cohort_mrr_0": start,
                    "mrr_k": end,
                    "retained_mrr_k": retained,
                    "retained_accounts_k": kept,
                    "nrr": share(end, start),
                    "grr": share(retained, start),
                    "logo_retention": share(Decimal(kept), Decimal(len(members))),
                    "confidence": config.confidence(len(members)),
                }
            )
    return rows
