"""plr_origin_comparison: product-driven against sales-originated, association and not cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isnan, nan, sqrt

from .config import Config, Z
from .contract import Row
from .events import movements_of
from .facts import AccountFacts, Facts
from .origin import PRODUCT_DRIVEN, sequence
from .ratios import ZERO, at_least, difference, ratio, total
from .retention import Member, nrr_interval
from .timeline import DAY, midnight, month_end, month_of, next_month, separately, shift

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
class Errors:
    """Standard errors of a group's value."""

    crude: float | None
    adjusted: float | None


NOTHING = 1e-9  # what rounding leaves of a standard error of 0
KINDS = ("crude", "adjusted")
CONFIDENCES = ["ok", "low", "suppressed"]


@dataclass(frozen=True)
class Metric:
    """A ratio over a cohort, and its interval."""

    name: str
    numerator: Callable[[CohortMember], Decimal]
    denominator: Callable[[CohortMember], Decimal]
    interval: Callable[[Cohort], Bounds] = lambda members: (None, None)
    has_interval: bool = True

    def of(self, members: Cohort) -> tuple[Decimal, Decimal]:
        """Numerator and denominator."""
        return total(map(self.numerator, members)), total(map(self.denominator, members))

    def value(self, members: Cohort) -> Decimal | None:
        """The ratio."""
        return ratio(*self.of(members))

    def error(self, members: Cohort) -> float | None:
        """Standard error of the ratio of sums, linearised."""
        n, (part, whole) = len(members), self.of(members)
        if n < 2 or not whole:
            return None
        squares = total(
            (self.numerator(m) - part / whole * self.denominator(m)) ** 2 for m in members
        )
        return sqrt(float(Decimal(n) / (n - 1) * squares / whole**2))


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
    Metric(
        "expansion_rate",
        lambda m: max(m.end - m.start, ZERO),
        lambda m: m.start,
        has_interval=False,
    ),
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
    kept: list[tuple[str, int]]
    weights: dict[tuple[str, int], Decimal]
    where: dict[str, tuple[str, int]]

    def adjusted(self, metric: Metric, members: Cohort) -> tuple[Decimal | None, float | None]:
        """The metric of a group, were its mix that of both, and its standard error."""
        if not self.weights:
            return None, None
        value, squares = ZERO, 0.0
        for stratum, weight in self.weights.items():
            group = [m for m in members if self.where[m.account] == stratum]
            value += weight * metric.value(group)
            error = metric.error(group)
            squares += float(weight) ** 2 * (error**2 if error is not None else nan)
        return value, None if isnan(squares) else sqrt(squares)

    @property
    def segments_left_out(self) -> str | None:
        """Segments without a stratum that is compared."""
        kept = {segment for segment, _ in self.kept}
        return ", ".join(sorted({segment for segment, _ in self.where.values()} - kept)) or None


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
        return Support(share, kept, {}, where)
    return Support(share, kept, {stratum: mrr[stratum] / common for stratum in kept}, where)


# ── the mart ─────────────────────────────────────────────────────────────────────────────────


def comparison_rows(facts: Facts) -> list[Row]:
    """plr_origin_comparison, for every month with a base twelve months before."""
    return [row for month in facts.months[12:] for row in _of_month(facts, month)]


def around(value: Decimal | None, error: float | None) -> Bounds:
    """95 % interval; none where nothing varies."""
    if value is None or error is None or error < NOTHING:
        return None, None
    return float(value) - Z * error, float(value) + Z * error


def newcombe(one: Row, other: Row) -> Bounds:
    """95 % interval of a difference of two proportions, from Wilson's of each."""
    p, q = float(one["value"]), float(other["value"])
    below = sqrt((p - one["ci_low"]) ** 2 + (other["ci_high"] - q) ** 2)
    above = sqrt((one["ci_high"] - p) ** 2 + (q - other["ci_low"]) ** 2)
    return p - q - below, p - q + above


def _difference(metric: Metric, one: Row, other: Row, errors: dict[str, Errors]) -> Row:
    """Product-driven less sales-originated."""
    row = {
        **one,
        "origin_group": "difference",
        "n_accounts": one["n_accounts"] + other["n_accounts"],
        "numerator": None,
        "denominator": None,
        "confidence": max(one["confidence"], other["confidence"], key=CONFIDENCES.index),
        **dict.fromkeys(("value", "ci_low", "ci_high")),
        **dict.fromkeys(("adjusted_value", "adjusted_ci_low", "adjusted_ci_high")),
    }
    if row["confidence"] == "suppressed":
        return row
    crude, adjusted = (
        None
        if any(part is None or part < NOTHING for part in parts)
        else sqrt(parts[0] ** 2 + parts[1] ** 2)
        for parts in ([getattr(errors[name], kind) for name in ADJUSTED_GROUPS] for kind in KINDS)
    )
    row["value"] = difference(one["value"], other["value"])
    row["adjusted_value"] = difference(one["adjusted_value"], other["adjusted_value"])
    if metric.name == "logo_retention":
        row["ci_low"], row["ci_high"] = newcombe(one, other)
    elif metric.has_interval:
        row["ci_low"], row["ci_high"] = around(row["value"], crude)
    row["adjusted_ci_low"], row["adjusted_ci_high"] = around(row["adjusted_value"], adjusted)
    return row


def _of_month(facts: Facts, month: date) -> list[Row]:
    cohorts = _cohorts(facts, month)
    company = total(
        m.start for name, group in cohorts.items() if name != "product_driven" for m in group
    )
    support = common_support(*(cohorts[name] for name in ADJUSTED_GROUPS), facts.config)
    rows = []
    errors: dict[str, dict[str, Errors]] = {metric.name: {} for metric in METRICS}
    found: dict[tuple[str, str], Row] = {}
    for name in GROUPS:
        members = cohorts[name]
        for metric in METRICS:
            row = _row(facts.config, month, name, metric.name, len(members), *metric.of(members))
            value, error = None, None
            if name in ADJUSTED_GROUPS:
                row["common_support_share"] = support.share
                row["strata"] = len(support.kept)
                row["segments_left_out"] = support.segments_left_out
                value, error = support.adjusted(metric, members)
                errors[metric.name][name] = Errors(metric.error(members), error)
                found[name, metric.name] = row
            if row["confidence"] != "suppressed":
                row["ci_low"], row["ci_high"] = metric.interval(members)
                row["adjusted_value"] = value
                row["adjusted_ci_low"], row["adjusted_ci_high"] = around(value, error)
            rows.append(row)
        gained = total(m.end - m.start for m in members)
        rows.append(
            _row(facts.config, month, name, "nrr_contribution", len(members), gained, company)
        )
        rows += _of_today(facts, month, name)
    for metric in METRICS:
        parts = [found[name, metric.name] for name in ADJUSTED_GROUPS]
        if all(part["n_accounts"] for part in parts):
            rows.append(_difference(metric, *parts, errors[metric.name]))
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

    rows = [_row(facts.config, month, name, "arpa", len(paying), closing, len(paying))]
    if name in PRODUCT_DRIVEN:  # self-serve has no touches by definition
        return rows
    year = facts.last_year(month)
    bought = [total(move.new for move in movements_of(a, year)) for a in payers]
    touches = None
    if facts.crm_since is not None:
        touches = sum(
            touch.is_human
            and month_of(touch.when.lo.date()) in year
            and touch.when.lo < _paid_from(facts, account)
            for account in [*payers, *_prospects(facts, month, name)]
            for touch in account.touches
        )
    row = _row(
        facts.config,
        month,
        name,
        "new_mrr_per_human_touch",
        sum(amount > 0 for amount in bought),
        total(bought),
        touches,
    )
    if touches is None:
        row["confidence"] = "suppressed"
    return [*rows, row]


def _paid_from(facts: Facts, account: AccountFacts) -> datetime:
    """The end of the first paid day; of the first month of data where that is not known."""
    account_id = account.account.account_id
    paid = facts.revenue.first_paid_date.get(account_id)
    if paid is not None:
        return midnight(paid) + DAY
    if account_id in facts.revenue.first_paid_month:
        return midnight(next_month(facts.revenue.first_paid_month[account_id]))
    return datetime.max


def _prospects(facts: Facts, month: date, name: str) -> list[AccountFacts]:
    """Who has not paid so far, in the group of what came first by then."""
    first_paid, end = facts.revenue.first_paid_month, month_end(month)
    found = []
    for account in facts:
        paid = first_paid.get(account.account.account_id)
        if paid is not None and paid <= month:
            continue
        contact = separately([c.when for c in account.contacts])
        seen = [w if w is not None and w.lo <= end else None for w in (account.activity, contact)]
        order = sequence(*seen)
        if order == "ambiguous":
            order = facts.config.tie_policy
        group = {"product_first": "product_driven", "sales_first": "sales_originated"}
        if group.get(order, "undecided") == name:
            found.append(account)
    return found


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
        "adjusted_ci_low": None,
        "adjusted_ci_high": None,
        "common_support_share": None,
        "strata": None,
        "segments_left_out": None,
        "confidence": confidence,
    }
