"""The demo company: made the same way twice, with every planted case in it, and plausible.

The raw files are read by demo_oracle.py, which knows the patterns' definitions and nothing of the
package; the marts are those that demo_project.py builds.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from demo_oracle import Company, edge, month_end, month_of
from demo_project import DEMO

LAST = month_of(date(2025, 12, 31))
MONTHS = range(month_of(date(2023, 1, 1)), LAST + 1)

with (DEMO / "planted.csv").open() as handle:
    PLANTED = list(csv.DictReader(handle))
ACCOUNT_CASES = [case for case in PLANTED if case["entity_type"] == "account"]

CODES = {
    "accounts": {"null_key", "duplicate_key", "internal"},
    "users": {"bad_interval", "duplicate_key", "unmapped_account", "internal"},
    "product_events": {
        "null_key",
        "null_time",
        "duplicate_key",
        "unmapped_account",
        "unmapped_user",
        "ambiguous_user",
        "future_dated",
        "internal",
    },
    "crm_activities": {
        "null_key",
        "null_time",
        "duplicate_key",
        "unmapped_activity",
        "contact_unmatched",
        "backdated_activity",
        "future_dated",
    },
    "opportunities": {"null_key", "negative_mrr_row", "duplicate_key", "unmapped_account"},
    "revenue": {
        "null_time",
        "negative_mrr_row",
        "bad_interval",
        "duplicate_key",
        "unmapped_account",
        "overlapping_period",
        "future_dated",
        "internal",
    },
    "contracts": {"bad_interval", "bad_share", "unmapped_account"},
    "account_costs": {"negative_mrr_row", "duplicate_key"},
    "company_months": {"duplicate_key"},
    "fx_rates": {"nonpositive_rate"},
}


@pytest.fixture(scope="module")
def company(made: list[Path]) -> Company:
    """The raw files, read plainly."""
    return Company(made[0] / "data", DEMO / "seeds")


# --- raw data -------------------------------------------------------------------------------------


def test_two_runs_write_the_same_files(made: list[Path]) -> None:
    first, second = ({f.name: f.read_bytes() for f in sorted(m.glob("data/*"))} for m in made)
    assert len(first) == 12
    assert first == second


def test_planted_list_is_up_to_date(made: list[Path]) -> None:
    """After a change of the generator: `python demo/generate.py`, then commit planted.csv."""
    assert (made[0] / "planted.csv").read_text() == (DEMO / "planted.csv").read_text()


def test_every_pattern_is_planted() -> None:
    assert {case["pattern"] for case in PLANTED if case["status"] == "flagged"} == {
        "expansion_orphans",
        "conversion_black_holes",
        "hollow_usage",
        "borrowed_nrr",
        "architecture_drift",
        "product_passive_growth",
    }


@pytest.mark.parametrize("case", ACCOUNT_CASES, ids=lambda c: f"{c['pattern']}-{c['entity_id']}")
def test_planted_account(company: Company, case: dict) -> None:
    """A flagged case holds in each of its months, and not in the month before."""
    holds = {
        "expansion_orphans": company.is_orphan,
        "conversion_black_holes": company.is_black_hole,
        "hollow_usage": company.is_hollow,
    }[case["pattern"]]
    since, until = (month_of(date.fromisoformat(case[name])) for name in ("since", "month"))
    facts = company.accounts[case["entity_id"]]
    found = [month for month in range(since - 1, until + 1) if holds(facts, month)]
    if case["status"] == "flagged":
        assert found == list(range(since, until + 1))
    else:
        assert not [month for month in found if month >= since]


def test_few_accounts_are_flagged_by_chance(company: Company) -> None:
    """The planted accounts stand out: patterns are the exception among the others."""
    planted = {case["entity_id"] for case in ACCOUNT_CASES}
    others = [a for a in company.accounts.values() if a.id not in planted]
    assert sum(company.is_orphan(a, LAST) for a in others) <= 1
    assert sum(company.is_black_hole(a, LAST) for a in others) == 0
    hollow = sum(company.mrr(a, LAST) for a in others if company.is_hollow(a, LAST))
    assert hollow <= 0.1 * company.total_mrr(LAST)


def test_planted_groups(company: Company) -> None:
    """Borrowed NRR and product-passive growth in one segment, architecture drift in the company."""
    cases = {case["pattern"]: case for case in PLANTED if case["entity_type"] != "account"}
    spans = {
        pattern: range(*(month_of(date.fromisoformat(case[name])) for name in ("since", "month")))
        for pattern, case in cases.items()
    }
    months = {pattern: [*span, span.stop] for pattern, span in spans.items()}
    segment = cases["borrowed_nrr"]["entity_id"]
    assert all(company.is_borrowed(m, segment) for m in months["borrowed_nrr"])
    assert not company.is_borrowed(LAST, "mid_market")
    segment = cases["product_passive_growth"]["entity_id"]
    assert all(company.is_product_passive(m, segment) for m in months["product_passive_growth"])
    assert not company.is_product_passive(LAST, "mid_market")
    first, last = months["architecture_drift"][0], months["architecture_drift"][-1]
    for month in range(first - 2, last + 1):
        assert company.is_behind_its_stage(month)
    assert company.arr_per_head(first - 6)[0] < 5e6 <= company.arr_per_head(first - 5)[0]
    assert not any(company.is_behind_its_stage(month) for month in MONTHS[:24])


# --- the built marts ------------------------------------------------------------------------------


def one(marts: duckdb.DuckDBPyConnection, query: str) -> tuple:
    """The only row of an answer."""
    rows = marts.sql(query).fetchall()
    assert len(rows) == 1
    return rows[0]


def test_marts_agree_with_the_raw_files(
    company: Company, marts: duckdb.DuckDBPyConnection, say
) -> None:
    """Closing MRR, retention and first meaningful activity, computed twice."""
    segments = ("smb", "mid_market", "enterprise", "unsegmented")
    closing = marts.sql(
        "select segment, month, closing_mrr from plr_product_driven_revenue where is_total"
    ).fetchall()
    for segment, month, mrr in closing:
        scope = None if segment == "all" else segment
        assert company.total_mrr(month_of(month), scope) == pytest.approx(float(mrr), abs=0.01)
    retention = marts.sql(
        "select month, scope_value, nrr_ttm, grr_ttm, starting_accounts from plr_retention_monthly"
        " where scope <> 'origin' and starting_accounts > 0"
    ).fetchall()
    for month, name, nrr, grr, accounts in retention:
        group = company.members_of(name if name in segments else None)
        expected = company.retention(month_of(month), group)
        assert (float(nrr), float(grr), accounts) == pytest.approx(expected, abs=1e-6)
    proven = marts.sql("select account_id, first_meaningful_activity_at from plr_account_origin")
    found = dict(proven.fetchall())
    assert found.keys() == company.accounts.keys()
    for account_id, at in found.items():
        assert company.proven_at(company.accounts[account_id]) == at, account_id
    say(f"demo: {len(closing)} MRR totals, {len(retention)} retention rows, {len(found)} accounts")


def test_growth_looks_like_a_business(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.sql(
        "select month, customers, closing_mrr from plr_product_driven_revenue"
        " where segment = 'all' and is_total order by month"
    ).fetchall()
    closing = [float(mrr) for _, _, mrr in rows]
    assert len(rows) == len(MONTHS)
    assert 250 <= rows[-1][1] <= 350
    assert all(now > 0.98 * before for before, now in pairwise(closing))
    assert 0.4 <= closing[-1] / closing[-13] - 1 <= 0.9
    assert closing[-1] / closing[-13] < closing[-13] / closing[-25]


def test_retention_is_plausible(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.sql(
        "select nrr_ttm, grr_ttm, logo_retention_ttm from plr_retention_monthly"
        " where scope = 'company' and month >= '2025-01-01'"
    ).fetchall()
    assert len(rows) == 12
    for nrr, grr, logos in rows:
        assert 0.9 <= nrr <= 1.2
        assert 0.8 <= grr <= 0.95
        assert grr < nrr
        assert 0.8 <= logos <= 0.95
    logos = dict(
        marts.sql(
            "select scope_value, logo_retention_ttm from plr_retention_monthly"
            " where scope = 'segment' and month = '2025-12-01'"
        ).fetchall()
    )
    assert logos["smb"] < logos["mid_market"] and logos["smb"] < logos["enterprise"]


def test_product_driven_accounts_retain_better(marts: duckdb.DuckDBPyConnection) -> None:
    for month in ("2024-12-01", "2025-06-01", "2025-12-01"):
        product, sales = (
            one(
                marts,
                "select sum(ending_mrr) / sum(starting_mrr), sum(starting_accounts)"
                f" from plr_retention_monthly where month = '{month}' and scope = 'origin'"
                f" and scope_value in ({names})",
            )
            for names in ("'self_serve', 'product_driven_sales_assisted'", "'sales_originated'")
        )
        assert product[0] > sales[0] > 0.85
        assert min(product[1], sales[1]) >= 20


def test_product_driven_share_is_plausible(marts: duckdb.DuckDBPyConnection) -> None:
    share, headline, strict, alone, closing, confidence = one(
        marts,
        "select product_driven_share, product_driven_mrr, product_driven_strict_mrr,"
        " purchase_only_mrr, closing_mrr, data_confidence from plr_product_driven_revenue"
        " where month = '2025-12-01' and segment = 'all' and is_total",
    )
    assert 0.4 <= share <= 0.65
    assert 0 < alone < strict < headline < closing
    assert confidence == "high"


def test_every_kind_of_evidence_occurs(marts: duckdb.DuckDBPyConnection) -> None:
    found = marts.sql("select distinct origin_evidence from plr_account_origin").fetchall()
    assert {row[0] for row in found} == {
        "activity_no_contact",
        "activity_before_contact",
        "self_serve_purchase",
        "tie",
        "contact_before_activity",
        "contact_only",
        "left_censored",
        "no_evidence",
        "prospect",
    }
    sensitive, backdated, dates = one(
        marts,
        "select count_if(origin_is_sensitive), count_if(is_contact_backdated),"
        " count_if(contact_precision = 'date') from plr_account_origin",
    )
    assert min(sensitive, backdated, dates) >= 2


def test_every_movement_occurs(marts: duckdb.DuckDBPyConnection) -> None:
    kinds = dict(
        marts.sql("select movement_type, count(*) from plr_mrr_movements group by 1").fetchall()
    )
    assert kinds.keys() == {"new", "expansion", "contraction", "churn", "reactivation", "none"}
    assert min(kinds.values()) >= 4
    assert one(marts, "select count_if(fx_mrr <> 0) from plr_mrr_movements")[0] > 500


def test_movements_add_up(marts: duckdb.DuckDBPyConnection) -> None:
    assert one(
        marts,
        "select count_if(abs(opening_mrr + new_mrr + expansion_mrr + reactivation_mrr"
        " - contraction_mrr - churn_mrr + fx_mrr - closing_mrr) > 0.01) from plr_mrr_movements",
    ) == (0,)
    assert one(
        marts,
        "select count_if(abs(now.opening_mrr - before.closing_mrr) > 0.01)"
        " from plr_mrr_movements as now left join plr_mrr_movements as before"
        " on now.account_id = before.account_id and now.month = before.month + interval 1 month"
        " where now.opening_mrr > 0",
    ) == (0,)


def test_dirty_rows_are_few_and_of_every_kind(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.sql(
        'select relation, code, kind, rows_in, valid_rows, "rows", severity from plr_data_quality'
    ).fetchall()
    found = {(relation, code) for relation, code, *_ in rows if code != "valid"}
    expected = {(relation, code) for relation, codes in CODES.items() for code in codes}
    assert expected <= found
    assert {row[6] for row in rows} <= {"ok", "info"}
    for relation, _, _, rows_in, valid, _, _ in rows:
        assert valid >= 0.94 * rows_in, relation
    for relation in ("accounts", "product_events", "revenue"):
        bad = [row for row in rows if row[0] == relation and row[2] == "structural"]
        assert 0 < sum(row[5] for row in bad) < 0.01 * bad[0][3]
    quarantined = set(marts.sql("select distinct relation, code from plr_quarantine").fetchall())
    assert quarantined == {
        (relation, code)
        for relation, code in found
        if code not in ("backdated_activity", "contact_unmatched", "overlapping_period")
    }


# --- the summary ----------------------------------------------------------------------------------


def test_summary_fits_a_terminal(built: Path) -> None:
    done = subprocess.run(
        [sys.executable, DEMO / "summary.py", built], capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert 80 <= len(lines) <= 112
    assert max(len(line) for line in lines if str(built) not in line) <= 92
    for words in (
        "Product-driven revenue, December 2025",
        "all customers",
        "product started",
        "Patterns flagged in December 2025",
        "7  Does revenue outgrow headcount?",
        "rows in =",
        "(tie)",
    ):
        assert words in done.stdout
    assert done.stdout.isascii()


def test_summary_queries_run(marts: duckdb.DuckDBPyConnection) -> None:
    sys.path.insert(0, str(DEMO))
    import summary

    for question, query in summary.QUERIES:
        assert marts.sql(query).fetchall(), question


def test_oracle_knows_the_calendar() -> None:
    assert month_end(LAST) == date(2025, 12, 31)
    assert edge(LAST).date() == date(2026, 1, 1)
