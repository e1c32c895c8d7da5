"""Compares the package's marts with the reference's, and tells the story behind a difference."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
Rows = list[Row]
Key = tuple[Any, ...]

ASKED_FOR = "plr_value_event_candidates"  # not there unless a build's vars ask for it

KEYS = {
    "plr_account_origin": ("account_id",),
    "plr_deal_origin": ("opportunity_id",),
    "plr_pql_funnel": ("signed_up_month", "segment", "acquisition_channel", "horizon_days"),
    "plr_pipeline": ("opened_month", "sequence_at_open", "opportunity_type", "segment"),
    "plr_mrr_movements": ("account_id", "month"),
    "plr_product_driven_revenue": ("month", "segment", "origin"),
    "plr_retention_monthly": ("month", "scope", "scope_value"),
    "plr_cohort_nrr": ("cohort_month", "origin", "months_since"),
    "plr_data_quality": ("relation", "code"),
    "plr_revenue_events": ("event_id",),
    "plr_index_monthly": ("month", "scope", "scope_value", "stage"),
    "plr_expansion_orphans": ("account_id", "month"),
    "plr_conversion_black_holes": ("entity_type", "entity_id", "month"),
    "plr_hollow_usage": ("account_id", "month"),
    "plr_borrowed_nrr": ("month", "scope", "scope_value"),
    "plr_architecture_drift": ("month", "scope", "scope_value"),
    "plr_product_passive_growth": ("month", "scope", "scope_value"),
    "plr_pattern_flags": ("pattern", "entity_type", "entity_id", "month"),
    "plr_pattern_backtest": ("pattern", "status", "reason", "outcome", "horizon_months"),
    "plr_renewals": ("contract_id",),
    "plr_board_metrics": ("month",),
    "plr_growth_efficiency": ("month", "growth_group", "acquisition_channel"),
    "plr_quick_test": ("month", "question_no"),
    "plr_origin_comparison": ("month", "origin_group", "metric"),
    "plr_origin_sensitivity": ("scenario",),
    "plr_input_words": ("relation", "column_name", "word"),
    ASKED_FOR: ("event_name", "min_events", "window_days"),
}
TRAILING_ZEROS = re.compile(r"(:\d\d\.\d*?)0+(?=\||$)")  # of a timestamp written as text
# free text, the package's own
WORDING = {"what_to_do", "detail", "evidence_summary", "question", "answer"}
# all that matters of a pattern where it does not apply
VERDICT = {"segment", "status", "severity", "reason", "mrr_at_stake", "months_flagged_streak"}
ABSOLUTE, RELATIVE = 1e-4, 1e-5
ROUNDING = 5e-5  # amounts have six decimals in the warehouse, which a small denominator magnifies
RATIOS = {
    "nrr_ttm": "starting_mrr",
    "grr_ttm": "starting_mrr",
    "expansion_rate_ttm": "starting_mrr",
    "nrr_ci_low": "starting_mrr",
    "nrr_ci_high": "starting_mrr",
    "nrr_monthly": "opening_mrr",
    "grr_monthly": "opening_mrr",
    "nrr": "cohort_mrr_0",
    "grr": "cohort_mrr_0",
    "product_started_share": "observed_amount",
    "product_carried_share": "observed_amount",
    "human_started_share": "observed_amount",
    "coverage_share": "total_amount",
    "plr_index": "observed_amount",
    "arr_growth": "arr_year_ago",
    "gross_margin": "closing_mrr",
    "gross_margin_ttm": "revenue_ttm",
    "cost_to_serve_share": "revenue_ttm",
    "measure_value": "measure_denominator",
    "value": "denominator",
    "ci_low": "denominator",
    "ci_high": "denominator",
    "product_driven_share": "total_mrr",
    "change_in_share": "total_mrr",
    "payback_months": "new_mrr",
    "new_arr_per_spend": "spend",
    "product_sourced_share": "pipeline_mrr",
}  # a row without that denominator is held to the usual tolerance


# over next to nothing, where the denominator is not in the row
STEEP = {"nrr_ttm", "nrr_ttm_6m_ago", "arr_growth"}


@dataclass(frozen=True)
class Difference:
    """One row on which the two disagree; a column maps to (reference, package)."""

    mart: str
    key: Key
    columns: Mapping[str, tuple[Any, Any]]

    def __str__(self) -> str:
        pairs = ", ".join(
            f"{c}: reference {a!r}, package {b!r}" for c, (a, b) in self.columns.items()
        )
        return f"{self.mart} {tuple(map(str, self.key))}: {pairs}"


def is_same(a: Any, b: Any, denominator: Any = None, is_steep: bool = False) -> bool:
    """Numbers within the tolerance; everything else exactly, type included."""
    if isinstance(a, bool) or isinstance(b, bool) or a is None or b is None:
        return a is b
    if isinstance(a, (int, float, Decimal)) and isinstance(b, (int, float, Decimal)):
        size = max(abs(float(a)), abs(float(b)))
        allowed = max(ABSOLUTE, RELATIVE * size)
        if is_steep and not denominator:
            allowed = max(allowed, (1 + size) / 1000)
        if denominator:
            allowed = max(allowed, ROUNDING * (1 + size) / float(denominator))
        return abs(float(a) - float(b)) <= allowed
    return type(a) is type(b) and a == b


def compare(mart: str, expected: Rows, found: Rows) -> list[Difference]:
    """Every row that is missing, unexpected, repeated or different."""
    wanted, got = _by_key(mart, expected), _by_key(mart, found)
    differences = []
    for key in sorted(wanted.keys() | got.keys(), key=str):
        ours, theirs = wanted.get(key, []), got.get(key, [])
        if len(ours) != len(theirs):
            differences.append(Difference(mart, key, {"(rows)": (len(ours), len(theirs))}))
            continue
        for mine, other in zip(ours, theirs, strict=True):
            columns = (mine.keys() | other.keys()) - WORDING
            if mine.get("status") == other.get("status") == "not_eligible":
                columns &= VERDICT
            wrong = {
                c: (mine.get(c, "(no such column)"), other.get(c, "(no such column)"))
                for c in sorted(columns)
                if c not in mine
                or c not in other
                or not is_same(mine[c], other[c], mine.get(RATIOS.get(c, "")), c in STEEP)
            }
            if wrong:
                differences.append(Difference(mart, key, wrong))
    return differences


def compare_all(expected: Mapping[str, Rows], found: Mapping[str, Rows]) -> list[Difference]:
    """Every mart and the quarantine."""
    wrong = compare_quarantine(expected["plr_quarantine"], found["plr_quarantine"])
    for mart in KEYS:
        if mart != ASKED_FOR or mart in expected:
            wrong += compare(mart, expected[mart], found[mart])
    return wrong


def _by_key(mart: str, rows: Rows) -> dict[Key, Rows]:
    found: dict[Key, Rows] = {}
    for row in rows:
        found.setdefault(tuple(row[c] for c in KEYS[mart]), []).append(row)
    return found


def compare_quarantine(expected: Rows, found: Rows) -> list[Difference]:
    """Counts by relation and code; record by record where the package keeps single records.

    What is wrong with a record is said in the package's own words, but it is said.
    """
    differences = []
    for name, of in (("rows", _counted), ("record", _recorded)):
        ours, theirs = of(expected), of(found)
        for key in sorted(ours.keys() | theirs.keys(), key=str):
            if ours[key] != theirs[key]:
                pair = (ours[key], theirs[key])
                differences.append(Difference("plr_quarantine", key, {name: pair}))
    return differences


def _counted(rows: Rows) -> Counter:
    counts: Counter = Counter()
    for row in rows:
        counts[row["relation"], row["code"]] += row["rows"]
    return counts


def _recorded(rows: Rows) -> Counter:
    counts: Counter = Counter()
    for row in rows:
        if row["relation"] != "product_events":
            record = TRAILING_ZEROS.sub(r"\1", row["record_id"])
            told = "told" if row["detail"] else "not told"
            counts[row["relation"], row["code"], record, told] += row["rows"]
    return counts


# ── the story ────────────────────────────────────────────────────────────────────────────────


def story(account_id: str, inputs: Mapping[str, Rows]) -> str:
    """Every delivered row that can matter to an account, its merges and its family included."""
    accounts = {account_id}
    ties = [
        {row["account_id"], row["merged_into_account_id"], row.get("parent_account_id")} - {None}
        for row in inputs["accounts"]
        if row.get("merged_into_account_id") or row.get("parent_account_id")
        for row in [{"merged_into_account_id": None} | row]
    ]
    while more := {i for tie in ties if tie & accounts for i in tie} - accounts:
        accounts |= more
    users = {row["user_id"] for row in inputs.get("users", []) if row["account_id"] in accounts}
    deals = {
        row["opportunity_id"]
        for row in inputs.get("opportunities", [])
        if row["account_id"] in accounts
    }
    terms = {
        row["contract_id"] for row in inputs.get("contracts", []) if row["account_id"] in accounts
    }
    lines = []
    for relation, rows in inputs.items():
        for row in sorted(rows, key=str):
            if (
                row.get("account_id") in accounts
                or (row.get("user_id") or "") in users
                or (row.get("opportunity_id") or "") in deals
                or (row.get("previous_contract_id") or "") in terms
            ):
                shown = ", ".join(f"{c}={v}" for c, v in row.items() if v is not None)
                lines.append(f"    {relation}: {shown}")
    return "\n".join(lines)


def account_of(difference: Difference, found: Rows) -> str | None:
    """The account a difference is about, when it is about one."""
    columns = KEYS.get(difference.mart, ())
    named = dict(zip(columns, difference.key, strict=False))
    if "account_id" in named:
        return named["account_id"]
    if named.get("entity_type") == "account":
        return named["entity_id"]
    if columns in (("opportunity_id",), ("event_id",)):
        return next((r["account_id"] for r in found if r[columns[0]] == difference.key[0]), None)
    return None


def report(
    differences: Iterable[Difference], inputs: Mapping[str, Rows], marts: Mapping[str, Rows]
) -> str:
    """How often each column differs, some of the rows, and the stories of the first accounts."""
    differences = list(differences)
    counts = Counter((d.mart, c) for d in differences for c in d.columns)
    lines = [f"{mart}.{column}: {n} rows differ" for (mart, column), n in counts.most_common()]
    told: set[str] = set()
    shown: Counter = Counter()
    for difference in differences:
        shape = (difference.mart, tuple(difference.columns))
        shown[shape] += 1
        if shown[shape] > 3:
            continue
        lines.append(f"\n{difference}")
        account = account_of(difference, marts.get(difference.mart, []))
        if account and account not in told and len(told) < 6:
            told.add(account)
            lines.append(f"  {account} was delivered as\n{story(account, inputs)}")
    return "\n".join(lines)
