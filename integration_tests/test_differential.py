"""The built package against the plain Python reference, on random companies.

Every row and column of every mart has to agree, for each of the builds in companies/builds.py.

    PLR_COMPANIES=500 pytest test_differential.py                    more companies a build
    PLR_SEEDS=17,230 pytest test_differential.py -k invoices_with    only these, after a failure
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import differences
from companies import BUILDS, Build, deliver
from harness import Project, Rows
from reference import compute

COMPANIES = int(os.environ.get("PLR_COMPANIES", "100"))
SEEDS = os.environ.get("PLR_SEEDS")

compared: dict[str, dict[str, Rows]] = {}  # build → mart → rows on which both agree


def seeds() -> list[int]:
    """The companies of every build."""
    return [int(seed) for seed in SEEDS.split(",")] if SEEDS else list(range(1, COMPANIES + 1))


@pytest.mark.parametrize("build", BUILDS, ids=lambda build: build.name)
def test_every_row_agrees(build: Build, tmp_path: Path, say: Callable[[str], None]) -> None:
    inputs = deliver(build, seeds())
    expected = compute(inputs, build.rule_tables, build.vars)

    project = Project(tmp_path, inputs, build.vars, build.rule_tables)
    project.build("--resource-type", "model", "--resource-type", "seed")
    found = {mart: project.mart(mart) for mart in expected}

    wrong = differences.compare_quarantine(expected["plr_quarantine"], found["plr_quarantine"])
    for mart in differences.KEYS:
        wrong += differences.compare(mart, expected[mart], found[mart])
    assert not wrong, "\n" + differences.report(wrong, inputs, expected)
    compared[build.name] = expected
    sizes = ", ".join(f"{len(rows):,} {mart}" for mart, rows in expected.items())
    say(f"{build.name}: {len(seeds()):,} companies; rows: {sizes}")


# ── what the companies have to contain, so that agreeing on them means something ─────────────

ORIGINS = {
    ("self_serve", "activity_no_contact"), ("self_serve", "activity_before_contact"),
    ("self_serve", "self_serve_purchase"), ("self_serve", "tie"),
    ("product_driven_sales_assisted", "activity_before_contact"),
    ("product_driven_sales_assisted", "tie"),
    ("sales_originated", "contact_before_activity"), ("sales_originated", "contact_only"),
    ("sales_originated", "tie"),
    ("untracked", "left_censored"), ("untracked", "crm_not_covered"),
    ("untracked", "events_not_covered"), ("untracked", "no_evidence"),
}
STRUCTURE = "null_key null_time future_dated duplicate_key"
CODES = {
    "accounts": "null_key duplicate_key merge_cycle internal",
    "users": "null_key future_dated duplicate_key bad_interval unmapped_account internal",
    "product_events": f"{STRUCTURE} unmapped_account unmapped_user ambiguous_user internal"
    " stale_feed tracking_break",
    "crm_activities": f"{STRUCTURE} unmapped_activity internal contact_unmatched"
    " backdated_activity stale_feed",
    "opportunities": f"{STRUCTURE} negative_mrr_row unmapped_account internal",
    "revenue": f"{STRUCTURE} negative_mrr_row bad_interval unmapped_account internal"
    " overlapping_period negative_account_mrr intra_month",
    "contracts": f"{STRUCTURE} negative_mrr_row bad_interval bad_share unmapped_account internal",
    "account_costs": f"{STRUCTURE} negative_mrr_row unmapped_account internal",
    "company_months": "null_time future_dated duplicate_key nonpositive_rate",
    "fx_rates": f"{STRUCTURE} nonpositive_rate",
    "entitlements": f"{STRUCTURE} bad_interval nonpositive_rate unmapped_account internal",
}


def met(mart: str, *columns: str) -> set[Any]:
    """Every combination of values that the compared rows of a mart hold."""
    rows = [row for marts in compared.values() for row in marts[mart]]
    return {row[columns[0]] if len(columns) == 1 else tuple(row[c] for c in columns)
            for row in rows}


def test_the_companies_contain_every_case(say: Callable[[str], None]) -> None:
    if SEEDS or len(compared) < len(BUILDS):
        pytest.skip("needs every build, all companies, all agreeing")

    assert met("plr_account_origin", "origin", "origin_evidence") == ORIGINS | {(None, "prospect")}
    # a deal ignores what comes after it, so no contact can tie and still be late
    assert met("plr_deal_origin", "origin", "evidence") >= ORIGINS - {("self_serve", "tie")}
    assert met("plr_deal_origin", "type") == {
        "new_business", "expansion", "renewal", "reactivation",
    }
    assert met("plr_account_origin", "sequence") == {
        "product_first", "sales_first", "ambiguous", "none",
    }
    assert met("plr_account_origin", "origin_is_sensitive") == {True, False}
    assert met("plr_account_origin", "is_product_driven_strict") == {True, False, None}
    assert met("plr_account_origin", "is_contact_backdated") == {True, False}
    assert met("plr_account_origin", "first_contact_source", "contact_precision") == {
        (source, precision)
        for source in ("activity", "opportunity") for precision in ("timestamp", "date")
    } | {(None, None)}
    groups = {row["rule_group_id"] for build in BUILDS for row in build.rules.active}
    assert met("plr_account_origin", "meaningful_rule_group") == groups | {None}

    assert met("plr_mrr_movements", "movement_type") == {
        "new", "expansion", "contraction", "churn", "reactivation", "none",
    }
    known = {"self_serve", "product_driven_sales_assisted", "sales_originated", "untracked"}
    assert met("plr_product_driven_revenue", "origin") == known | {"all"}
    assert met("plr_cohort_nrr", "origin") == known | {"undecided", "all"}
    assert {value for scope, value in met("plr_retention_monthly", "scope", "scope_value")
            if scope == "origin"} == known | {"undecided"}
    assert met("plr_retention_monthly", "confidence") == {"very_low", "low", "ok"}
    assert met("plr_account_origin", "data_confidence") == {"low", "medium", "high"}

    assert met("plr_data_quality", "severity") == {"ok", "info", "warn", "fail"}
    assert met("plr_data_quality", "relation", "code") == {
        (relation, code) for relation, codes in CODES.items() for code in f"valid {codes}".split()
    }

    apart = Counter(
        row["first_sales_contact_at"] - row["first_meaningful_activity_at"]
        for marts in compared.values() for row in marts["plr_account_origin"]
        if row["first_sales_contact_at"] and row["first_meaningful_activity_at"]
    )
    for microseconds in (-1, 0, 1):
        assert apart[timedelta(microseconds=microseconds)], f"no contact {microseconds} µs apart"

    rows = Counter()
    for marts in compared.values():
        rows.update({mart: len(mart_rows) for mart, mart_rows in marts.items()})
    say(f"in all: {len(BUILDS) * len(seeds()):,} companies, {sum(rows.values()):,} rows")
