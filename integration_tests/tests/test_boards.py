"""The boards in a browser, on the demo: whole, quiet, legible, with the numbers of the marts."""

from __future__ import annotations

import shutil
import socket
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import duckdb
import pytest

from browser import look
from harness import ROOT, Rows, rows_of, skip_for_want
from install_browser import browser

sys.path.insert(0, str(ROOT / "demo"))
import report

pytestmark = pytest.mark.heavy
LAPTOP, PHONE = 1366, 390
LEGIBLE = 9.0  # pixels on the screen
CODES = (
    "product_driven_sales_assisted",
    "self_serve",
    "sales_originated",
    "mid_market",
    "product_first",
    "lead_time",
    "drifting_apart",
    "expansion_orphans",
)
LAST_MONTH = "(select max(month) from plr_board_metrics)"


@pytest.fixture(scope="module", autouse=True)
def _at_hand() -> None:
    skip_for_want("" if report.DCT.exists() else "dbt-charts is not installed")
    skip_for_want("" if browser() else "there is no Chromium here")


@pytest.fixture(scope="module")
def pages(built: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every board as it opens from disk: `<board>` on a laptop, `phone/<board>` on a phone."""
    folder = tmp_path_factory.mktemp("report")
    report.render(built.parent, folder)
    widths = {"": LAPTOP, "phone/": PHONE}
    names = [f"{part}{name}" for name in report.BOARDS for part in widths]
    urls = [(folder / f"{Path(name).name}.html").as_uri() for name in names]
    visits = [
        {"url": url, "width": widths["phone/" if "/" in name else ""], "screenshots": str(folder)}
        for name, url in zip(names, urls, strict=True)
    ]
    return dict(zip(names, look(visits), strict=True))


def with_changes(built: Path, folder: Path, boards: list[str], changes: str) -> dict[str, Any]:
    """The boards, on a laptop, as they are after changes to a copy of the built demo."""
    (folder / "target").mkdir()
    for name in ("plr_demo.duckdb", "dbt_project.yml", "target/manifest.json"):
        shutil.copy(built.parent / name, folder / name)
    with duckdb.connect(str(folder / built.name)) as changed:
        changed.execute(changes)
    report.render(folder, folder / "report", boards, parts=("",))
    urls = [(folder / "report" / f"{name}.html").as_uri() for name in boards]
    visits = [{"url": url, "width": LAPTOP} for url in urls]
    return dict(zip(boards, look(visits), strict=True))


def squeezed(text: str) -> str:
    """Without the spaces, line breaks and blind marks that a drawing has inside its numbers."""
    return "".join(text.replace("\u200b", "").split())


def shows(page: dict[str, Any], *values: str) -> None:
    """Each value is read on the page."""
    text = squeezed(page["text"])
    missing = [value for value in values if squeezed(value) not in text]
    assert not missing, f"{missing} not in {page['url']}"


def one(marts: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    """The only row of a query."""
    (row,) = rows_of(marts, sql)
    return row


def test_pages_are_whole_quiet_and_legible(pages: dict[str, dict[str, Any]]) -> None:
    """No error, no request but the page's own file, no scrolling sideways, no tiny text."""
    assert len(pages) == 10
    for name, page in pages.items():
        assert page["errors"] == [], name
        assert all(url.startswith("file://") for url in page["requests"]), name
        assert page["url"].endswith(f"/{name}.html")
        assert page["page_width"] == (PHONE if "phone/" in name else LAPTOP), name
        assert page["smallest_text"] >= LEGIBLE, name


def test_people_see_labels(pages: dict[str, dict[str, Any]]) -> None:
    """No code of ours is read on a page."""
    for name, page in pages.items():
        text = page["text"]
        assert not [code for code in CODES if code in text], name
    shows(pages["board_pack"], "Product, sales-assisted", "A person", "As reported")


@pytest.mark.parametrize("part", ["", "phone/"])
def test_board_pack(
    part: str, pages: dict[str, dict[str, Any]], marts: duckdb.DuckDBPyConnection
) -> None:
    """The headlines are the mart's."""
    row = one(marts, f"select * from plr_board_metrics where month = {LAST_MONTH}")
    score = one(
        marts, f"select * from plr_quick_test where month = {LAST_MONTH} and question_no = 0"
    )
    readings = one(
        marts,
        "select min(product_driven_share) as low, max(product_driven_share) as high"
        " from plr_origin_sensitivity",
    )
    shows(
        pages[f"{part}board_pack"],
        f"{row['arr']:,.0f} ARR",
        f"{row['nrr_ttm']:.0%} Net Revenue Retention",
        f"{row['grr_ttm']:.0%} Gross Revenue Retention",
        f"{row['gross_margin_ttm']:.0%} Gross Margin",
        f"{row['revenue_per_employee']:,.0f} Revenue per Employee",
        f"{row['product_driven_share']:.0%} Product-Driven Share of MRR",
        f"{readings['low']:.0%} to {readings['high']:.0%}, read otherwise",
        f"{row['plr_index']:.0f} Product-Led Revenue Index",
        f"{score['measure_value']:.0f} Quick Test",
        "No: they drift apart",
    )


FLAGGED = f"""
    select account_name, segment, mrr_at_stake from {{0}}
    where month = {LAST_MONTH} and status = 'flagged' and account_name is not null"""


def to_call(marts: duckdb.DuckDBPyConnection) -> Rows:
    """The accounts of the first two lists."""
    tables = ("plr_expansion_orphans", "plr_conversion_black_holes")
    return rows_of(marts, " union all ".join(map(FLAGGED.format, tables)))


@pytest.mark.parametrize("part", ["", "phone/"])
def test_call_list(
    part: str, pages: dict[str, dict[str, Any]], marts: duckdb.DuckDBPyConnection
) -> None:
    """Every flagged account is named, and the money is their sum."""
    rows = to_call(marts)
    total = sum(row["mrr_at_stake"] for row in rows)
    shows(pages[f"{part}call_list"], f"{total:,.0f} MRR at Stake")
    if not part:
        shows(pages["call_list"], *(row["account_name"] for row in rows))


def test_customer_success(
    pages: dict[str, dict[str, Any]], marts: duckdb.DuckDBPyConnection
) -> None:
    """What is at risk, and whose."""
    rows = rows_of(marts, "select * from plr_renewals where is_at_risk")
    soon = one(marts, "select sum(prior_mrr) as mrr from plr_renewals where outcome = 'open'")
    board = one(marts, f"select * from plr_board_metrics where month = {LAST_MONTH}")
    shows(
        pages["customer_success"],
        f"{soon['mrr']:,.0f} MRR of Terms That End in 180 Days",
        f"{board['retained_with_value_share']:.0%} MRR Kept Where Value Was Seen",
        f"{sum(row['prior_mrr'] for row in rows):,.0f} Unproven, and Notice Is Due",
        *(row["account_name"] for row in rows),
    )


def test_demand(pages: dict[str, dict[str, Any]], marts: duckdb.DuckDBPyConnection) -> None:
    """The funnel of twelve months of sign-ups, and what the pipeline won."""
    row = one(
        marts,
        "select sum(signed_up) as signed_up,"
        " sum(paid_after_value) / sum(value_before_contact) as value_rate,"
        " sum(paid_after_contact) / sum(contacted_before_value) as contact_rate"
        " from (select *, dense_rank() over (order by signed_up_month desc) as ago"
        " from plr_pql_funnel where horizon_days = 90 and is_horizon_over"
        " and segment = 'all' and acquisition_channel = 'all') where ago <= 12",
    )
    won = one(
        marts,
        "select sum(won_mrr) as mrr, sum(won) filter (is_decided) as won,"
        " sum(decided) filter (is_decided) as decided"
        " from (select *, dense_rank() over (order by opened_month desc)"
        " as ago from plr_pipeline) where ago <= 12 and opportunity_type = 'new_business'"
        " and segment = 'all' and sequence_at_open = 'product_first'",
    )
    costs = rows_of(
        marts,
        "select acquisition_channel as channel, spend, cac from plr_growth_efficiency"
        f" where month = {LAST_MONTH} and growth_group = 'company' order by channel <> 'all'",
    )
    shared = costs[0]["spend"] - sum(row["spend"] for row in costs[1:])
    shows(
        pages["demand"],
        f"{row['signed_up']:,.0f} Sign-Ups",
        f"{row['value_rate']:.0%} Paid, Value Came First",
        f"{row['contact_rate']:.0%} Paid, Sales Came First",
        f"{won['mrr']:,.0f}",
        f"{won['won'] / won['decided']:.0%} of {won['decided']}",
        f"{costs[0]['cac']:,.0f}",
        f"No channel {shared:,.0f}",
    )


def test_trust(pages: dict[str, dict[str, Any]], marts: duckdb.DuckDBPyConnection) -> None:
    """What was left out is what lies in quarantine; an unknown word is named."""
    left_out = one(marts, "select sum(rows) as found from plr_quarantine")["found"]
    words = rows_of(marts, "select word from plr_input_words where not is_known")
    shows(
        pages["trust"],
        f"{left_out:,.0f} Rows Left Out",
        *(row["word"] for row in words),
    )


def test_what_is_not_known_is_no_good_news(
    built: Path, marts: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Without a CRM and contracts: no zero, and why; a failure leads; any rule group has a name."""
    patterns = ("expansion_orphans", "conversion_black_holes")
    nobody_knows = " set status = 'insufficient_data', reason = 'crm_not_covered'"
    changes = [
        f"update {table}{nobody_knows} where status <> 'not_eligible'{rest}"
        for table, rest in [(f"plr_{pattern}", "") for pattern in patterns]
        + [("plr_pattern_flags", f" and pattern in {patterns}")]
    ]
    changes += [
        "delete from plr_renewals",
        "update plr_data_quality set severity = 'fail' where code = 'future_dated'",
        "update plr_origin_sensitivity set scenario = 'without_red_button'"
        " where scenario = 'without_team_setup'",
    ]
    boards = ["call_list", "customer_success", "trust"]
    pages = with_changes(built, tmp_path, boards, ";".join(changes))
    unjudged = one(
        marts,
        "select count(*) as accounts from plr_conversion_black_holes where entity_type = 'account'"
        f" and status <> 'not_eligible' and month = {LAST_MONTH}",
    )["accounts"]
    failures = one(
        marts, "select count(*) as found from plr_data_quality where code = 'future_dated'"
    )["found"]
    shows(
        pages["call_list"],
        f"{unjudged} accounts can't be judged (mostly: the CRM does not reach back far enough)",
        "Not known Found Value, Never Asked to Pay",
        "Not known Outgrew What They Pay For",
        "not known: nobody could be judged",
    )
    shows(pages["customer_success"], "are contracts delivered?", "no term to judge")
    shows(
        pages["trust"],
        f"{failures} Warnings and Failures",
        "Detail Failure",
        "Without group red button",
    )
    for name in ("call_list", "customer_success"):
        assert "$0" not in squeezed(pages[name]["text"]), name


def test_boards_without_a_month_of_revenue(built: Path, tmp_path: Path) -> None:
    """The pages are drawn, and say what they wait for."""
    kept = ("plr_account_origin", "plr_data_quality", "plr_input_words", "plr_quarantine")
    with duckdb.connect(str(built), read_only=True) as marts:
        tables = rows_of(marts, "select table_name from duckdb_tables() where schema_name = 'main'")
    names = [row["table_name"] for row in tables]
    emptied = [name for name in names if name.startswith("plr_") and name not in kept]
    changes = "".join(f"delete from {name};" for name in emptied)
    boards = ["board_pack", "demand", "trust"]
    for name, page in with_changes(built, tmp_path, boards, changes).items():
        shows(page, "No complete month of revenue yet")
        assert "$0" not in squeezed(page["text"]), name


def test_a_filter_leaves_one_segment(built: Path, marts: duckdb.DuckDBPyConnection) -> None:
    """Served, the call list is that of the segment chosen, money and names."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    url = f"http://localhost:{port}/call_list/"
    with report.serving(built.parent, port):
        for _ in range(300):
            try:
                urllib.request.urlopen(url).close()
                break
            except OSError:
                time.sleep(0.2)
        (page,) = look([{"url": url, "width": LAPTOP, "choose": {"Segment": "smb"}}])
    rows = to_call(marts)
    chosen = [row for row in rows if row["segment"] == "smb"]
    assert 0 < len(chosen) < len(rows)
    total = sum(row["mrr_at_stake"] for row in chosen)
    shows(page, f"{total:,.0f} MRR at Stake", *(row["account_name"] for row in chosen))
    others = [row["account_name"] for row in rows if row not in chosen]
    assert not [name for name in others if name in page["text"]]
