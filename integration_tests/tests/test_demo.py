"""The demo company: made the same way twice, every mart of it as the reference says, and plausible.

The marts are those that demo_project.py builds; the reference reads the rows of the demo's mapping
models and rule seeds. What was planted is looked for in test_demo_patterns.py.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
import yaml

import differences
from demo_project import DEMO, cases
from harness import Rows
from reference import compute

VARS = yaml.safe_load((DEMO / "dbt_project.yml").read_text())["vars"]["product_led_revenue"]

PLANTED = cases("planted.csv")

CODES = {
    "accounts": "null_key duplicate_key internal",
    "users": "bad_interval duplicate_key unmapped_account internal",
    "product_events": "null_key null_time duplicate_key unmapped_account unmapped_user"
    " ambiguous_user future_dated internal",
    "crm_activities": "null_key null_time duplicate_key unmapped_activity contact_unmatched"
    " backdated_activity future_dated unknown_word",
    "opportunities": "dropped_value duplicate_key unmapped_account",
    "revenue": "null_key null_time bad_interval duplicate_key unmapped_account"
    " overlapping_period future_dated internal mrr_without_product_rows mrr_without_crm_rows",
    "contracts": "bad_interval bad_share unmapped_account",
    "account_costs": "negative_mrr_row duplicate_key",
    "company_months": "duplicate_key",
    "fx_rates": "nonpositive_rate",
}


# --- raw data -------------------------------------------------------------------------------------


def test_two_runs_write_the_same_files(made: list[Path]) -> None:
    first, second = ({f.name: f.read_bytes() for f in sorted(m.glob("data/*"))} for m in made)
    assert len(first) == 13
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


# --- the built marts ------------------------------------------------------------------------------


def one(marts: duckdb.DuckDBPyConnection, query: str) -> tuple:
    """The only row of an answer."""
    rows = marts.sql(query).fetchall()
    assert len(rows) == 1
    return rows[0]


def rows_of(marts: duckdb.DuckDBPyConnection, relation: str) -> Rows:
    """Every row of a table or view of the demo's."""
    answer = marts.execute(f"select * from {relation}")
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def test_every_row_is_as_the_reference_says(
    made: list[Path], marts: duckdb.DuckDBPyConnection, say: Callable[[str], None]
) -> None:
    marts.execute(f"set file_search_path = '{made[0]}'")  # the mapping models are views
    door = "plr_input_"
    inputs = {
        name.removeprefix(door): rows_of(marts, model)
        for name, model in VARS.items()
        if name.startswith(door)
    }
    rules = {name: rows_of(marts, VARS[name]) for name in ("plr_event_roles", "plr_activity_rules")}
    expected = compute(inputs, rules, VARS)
    wrong = differences.compare_all(expected, {mart: rows_of(marts, mart) for mart in expected})
    assert not wrong, "\n" + differences.report(wrong, inputs, expected)
    rows = sum(map(len, expected.values()))
    say(f"demo: {rows:,} rows of {len(expected)} marts as the reference says")


def test_the_mapping_loses_nothing(made: list[Path], marts: duckdb.DuckDBPyConnection) -> None:
    """Row for row, and in money: what the raw files say of each month's end, in one query."""
    raw = {
        file.stem: f"'{file}'"
        for file in (made[0] / "data").glob("*.parquet")
        if f"plr_input_{file.stem}" in VARS
    }
    delivered = {
        relation: one(marts, f"select count(*) from {file}")[0] for relation, file in raw.items()
    }
    arrived = marts.sql("select distinct relation, rows_in from plr_data_quality").fetchall()
    assert dict(arrived) == delivered | {"account_links": 0}  # the demo has none

    closing = f"""
        select months.month, sum(versions.mrr * if(versions.currency = 'EUR', rates.rate, 1))
        from (
            select month, last_day(month) as day
            from (select distinct month from plr_product_driven_revenue)
        ) as months
        inner join (
            select distinct * exclude (amount, currency),
                amount / interval_months as mrr, upper(currency) as currency
            from {raw["revenue"]}
        ) as versions
            on versions.first_day <= months.day
            and coalesce(versions.last_day >= versions.first_day, true)
            and coalesce(versions.last_day >= months.day, true)
        left join (
            select distinct month, usd_per_unit as rate from {raw["fx_rates"]}
            where currency = 'EUR' and usd_per_unit > 0
        ) as rates
            on rates.month = strftime(months.month, '%Y-%m')
        where versions.currency is not null
            and versions.status <> 'trialing'
            and versions.customer_id in (
                select workspace_id from {raw["accounts"]} where kind = 'customer'
            )
        group by 1
        order by 1
    """
    found = marts.sql(
        "select month, closing_mrr from plr_product_driven_revenue"
        " where segment = 'all' and is_total order by 1"
    ).fetchall()
    expected = marts.sql(closing).fetchall()
    assert [month for month, _ in found] == [month for month, _ in expected]
    assert [float(mrr) for _, mrr in found] == pytest.approx([float(mrr) for _, mrr in expected])


def test_growth_looks_like_a_business(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.sql(
        "select month, customers, closing_mrr from plr_product_driven_revenue"
        " where segment = 'all' and is_total order by month"
    ).fetchall()
    closing = [float(mrr) for _, _, mrr in rows]
    assert len(rows) == 36
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
    expected = {(relation, code) for relation, codes in CODES.items() for code in codes.split()}
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
        if code
        not in {
            "backdated_activity",
            "contact_unmatched",
            "dropped_value",
            "mrr_without_crm_rows",
            "mrr_without_product_rows",
            "overlapping_period",
            "rejected_money",
            "unknown_word",
        }
    }


# --- value events ---------------------------------------------------------------------------------


def test_the_companys_own_value_events_rank_first(marts: duckdb.DuckDBPyConnection) -> None:
    ranked = marts.sql(
        "select event_name, roles, difference_ci_low > 0, uncontacted_difference_ci_low > 0"
        " from plr_value_event_candidates where candidate_rank is not null order by candidate_rank"
    ).fetchall()
    assert {row[1] for row in ranked[:5]} == {"value"}
    # what anybody clicks on goes with payment, too, but not where nobody had called
    clicked = [row for row in ranked if row[0] == "board_searched"]
    assert (True, False) in {row[2:] for row in clicked}
    assert [row for row in ranked if row[0] == "plan_published" and row[3]]


# --- the summary ----------------------------------------------------------------------------------


def test_summary_fits_a_terminal(built: Path) -> None:
    done = subprocess.run(
        [sys.executable, DEMO / "summary.py", built], capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert 80 <= len(lines) <= 124
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
