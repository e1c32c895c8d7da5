"""plr_origin_comparison: product-driven against sales-originated, association and not cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import sqrt

from .config import Config, Z
from .contract import Row
from .events import movements_of
from .facts import AccountFacts, Facts
from .origin import PRODUCT_DRIVEN
from .ratios import ZERO, at_least, ratio, total
from .retention import Member, nrr_interval
from .timeline import month_of, shift

GROUPS = [
    "self_serve",
    "product_driven_sales_assisted",
    "product_driven",
    "sales_originated",
    "untracked",
    "undecided",
]
ADJUSTED_GROUPS = ("product_driven", "sales_originated")
Bounds = tuple[float | None, float | None]


@dataclass(frozen=True)
class CohortMember:
    """An account of the cohort: where it belongs, MRR at the start and a year later."""

    account: str
    segment: str
    start: Decimal
    end: Decimal


Cohort = list[CohortMember]


@dataclass(frozen=True)
class Metric:
    """A ratio over a cohort, and its interval."""

    name: str
    numerator: Callable[[CohortMember], Decimal]
    denominator: Callable[[CohortMember], Decimal]
    interval: Callable[[Cohort], Bounds] = lambda members: (None, None)

    def of(self, members: Cohort) -> tuple[Decimal, Decimal]:
        """Numerator and denominator."""
        return total(map(self.numerator, members)), total(map(self.denominator, members))

    def value(self, members: Cohort) -> Decimal | None:
        """The ratio."""
        return ratio(*self.of(members))


def wilson(kept: int, n: int) -> Bounds:
    """95 % interval of a proportion."""
    if not n:
        return None, None
    p, square = kept / n, Z * Z
    middle = (p + square / (2 * n)) / (1 + square / n)
    half = Z * sqrt(p * (1 - p) / n + square / (4 * n * n)) / (1 + square / n)
    return middle - half, middle + half


def _nrr_bounds(members: Cohort) -> Bounds:
    return nrr_interval([Member(m.start, m.end) for m in members])


def _grr_bounds(members: Cohort) -> Bounds:
    return nrr_interval([Member(m.start, min(m.start, m.end)) for m in members])


METRICS = [
    Metric("nrr", lambda m: m.end, lambda m: m.start, _nrr_bounds),
    Metric("grr", lambda m: min(m.start, m.end), lambda m: m.start, _grr_bounds),
    Metric(
        "logo_retention",
        lambda m: Decimal(m.end > 0),
        lambda m: Decimal(1),
        lambda members: wilson(sum(m.end > 0 for m in members), len(members)),
    ),
    Metric("expansion_rate", lambda m: max(m.end - m.start, ZERO), lambda m: m.start),
]


# ── mix-adjusted ─────────────────────────────────────────────────────────────────────────────


def strata(members: Iterable[CohortMember]) -> dict[str, tuple[str, int]]:
    """Each account's segment and tercile of starting MRR within it; the first ones are larger."""
    by_segment: dict[str, Cohort] = defaultdict(list)
    for member in members:
        by_segment[member.segment].append(member)
    found = {}
    for segment, group in by_segment.items():
        group.sort(key=lambda m: (round(m.start, 6), m.account))
        size, extra = divmod(len(group), 3)
        sizes = [size + (third < extra) for third in range(3)]
        thirds = [third for third in range(3) for _ in range(sizes[third])]
        found |= {m.account: (segment, third) for m, third in zip(group, thirds, strict=True)}
    return found


@dataclass(frozen=True)
class Support:
    """The strata both groups have, with their weights."""

    share: Decimal | None
    weights: dict[tuple[str, int], Decimal]
    where: dict[str, tuple[str, int]]

    def adjusted(self, metric: Metric, members: Cohort) -> Decimal | None:
        """The metric of a group, were its mix that of both."""
        if not self.weights:
            return None
        values = [
            (weight, metric.value([m for m in members if self.where[m.account] == stratum]))
            for stratum, weight in self.weights.items()
        ]
        return total(weight * value for weight, value in values)


def common_support(one: Cohort, other: Cohort, config: Config) -> Support:
    """Strata with enough accounts of each group, weighted by the MRR of both."""
    where = strata([*one, *other])
    mrr: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for member in [*one, *other]:
        mrr[where[member.account]] += member.start
    enough = config.comparison_stratum_accounts
    kept = [
        stratum
        for stratum in sorted(mrr)
        if all(sum(where[m.account] == stratum for m in group) >= enough for group in (one, other))
    ]
    common = total(mrr[stratum] for stratum in kept)
    share = ratio(common, total(mrr.values()))
    if not at_least(share, config.comparison_support):
        return Support(share, {}, where)
    return Support(share, {stratum: mrr[stratum] / common for stratum in kept}, where)


# ── the mart ─────────────────────────────────────────────────────────────────────────────────


def comparison_rows(facts: Facts) -> list[Row]:
    """plr_origin_comparison, for every month with a base twelve months before."""
    return [row for month in facts.months[12:] for row in _of_month(facts, month)]


def _of_month(facts: Facts, month: date) -> list[Row]:
    cohorts = _cohorts(facts, month)
    company = total(
        m.start for name, group in cohorts.items() if name != "product_driven" for m in group
    )
    support = common_support(*(cohorts[name] for name in ADJUSTED_GROUPS), facts.config)
    rows = []
    for name in GROUPS:
        members = cohorts[name]
        for metric in METRICS:
            row = _row(facts.config, month, name, metric.name, len(members), *metric.of(members))
            if name in ADJUSTED_GROUPS:
                row["common_support_share"] = support.share
            if row["confidence"] != "suppressed":
                row["ci_low"], row["ci_high"] = metric.interval(members)
                if name in ADJUSTED_GROUPS:
                    row["adjusted_value"] = support.adjusted(metric, members)
            rows.append(row)
        gained = total(m.end - m.start for m in members)
        rows.append(
            _row(facts.config, month, name, "nrr_contribution", len(members), gained, company)
        )
        rows += _of_today(facts, month, name)
    return [row for row in rows if row["n_accounts"] or _was_in_vain(row)]


def _was_in_vain(row: Row) -> bool:
    """Touches that won nobody."""
    return row["metric"] == "new_mrr_per_human_touch" and bool(row["denominator"])


def _cohorts(facts: Facts, month: date) -> dict[str, Cohort]:
    """Who paid a year ago, by the origin known then."""
    base = shift(month, -12)
    cohorts: dict[str, Cohort] = {name: [] for name in GROUPS}
    for account in facts:
        account_id, start = account.account.account_id, facts.mrr(account, base)
        if start > 0:
            end = facts.revenue.constant(account_id, month, base)
            member = CohortMember(account_id, account.account.segment, start, end)
            for name in _groups_at(account, base):
                cohorts[name].append(member)
    return cohorts


def _groups_at(account: AccountFacts, month: date) -> list[str]:
    name = account.found.group_at(month)
    return [name, "product_driven"] if name in PRODUCT_DRIVEN else [name]


def _of_today(facts: Facts, month: date, name: str) -> list[Row]:
    """Metrics of the accounts whose origin is known by now."""
    first_paid = facts.revenue.first_paid_month
    payers = [
        account
        for account in facts
        if account.account.account_id in first_paid
        and first_paid[account.account.account_id] <= month
        and name in _groups_at(account, month)
    ]
    paying = [account for account in payers if facts.mrr(account, month) > 0]
    closing = total(facts.mrr(account, month) for account in paying)

    year = facts.last_year(month)
    bought = [total(move.new for move in movements_of(a, year)) for a in payers]
    touches = None
    if facts.crm_since is not None:
        touches = sum(
            touch.is_human and month_of(touch.when.lo.date()) in year
            for account in payers
            for touch in account.touches
        )
    return [
        _row(facts.config, month, name, "arpa", len(paying), closing, len(paying)),
        _row(
            facts.config,
            month,
            name,
            "new_mrr_per_human_touch",
            sum(amount > 0 for amount in bought),
            total(bought),
            touches,
        ),
    ]


def _row(
    config: Config,
    month: date,
    group: str,
    metric: str,
    n: int,
    numerator: Decimal,
    denominator: Decimal | int | None,
) -> Row:
    confidence = "low" if n < config.small_group_low else "ok"
    if n < config.comparison_accounts:
        confidence = "suppressed"
    return {
        "month": month,
        "origin_group": group,
        "metric": metric,
        "n_accounts": n,
        "numerator": numerator,
        "denominator": denominator,
        "value": None if confidence == "suppressed" else ratio(numerator, denominator),
        "ci_low": None,
        "ci_high": None,
        "adjusted_value": None,
        "common_support_share": None,
        "confidence": confidence,
    }
