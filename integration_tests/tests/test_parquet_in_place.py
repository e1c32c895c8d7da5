"""Events that stay in Parquet files, a folder a day: the recipe of docs/size.md.

They never enter the DuckDB file, and an incremental run reads no more than the files it needs.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from companies.rules import rule
from harness import ROOT, Project

FIRST = date(2024, 1, 1)
DAYS = 180
A_DAY = 200  # events
RULES = {
    "plr_event_roles": [{"event_name": "report_shared", "role": "value"}],
    "plr_activity_rules": [
        rule("core", "r", "role:value", min_events=3, min_distinct_days=2, within_days=30)
    ],
}
INPUTS = {
    "accounts": [{"account_id": f"a{n}", "signed_up_at": "2024-01-01"} for n in range(5)],
    "revenue": [
        {
            "subscription_period_id": f"p{n}",
            "account_id": f"a{n}",
            "subscription_id": f"s{n}",
            "valid_from": "2024-02-01",
            "mrr": 100,
            "currency": "USD",
        }
        for n in range(5)
    ],
}


def write_day(folder: Path, day: date) -> None:
    """One day's file, as an event pipeline leaves it."""
    target = folder / f"event_date={day}"
    target.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select
                    '{day}-' || n as id,
                    timestamp '{day}' + interval (n * 400) second as sent_at,
                    case when n % 4 = 0 then 'report_shared' else 'page_viewed' end as name,
                    'a' || (n % 5) as account_id,
                    'u' || (n % 20) as user_id
                from range({A_DAY}) as numbers (n)
            ) to '{target}/events.parquet' (format parquet)
            """
        )


def recipe(heading: str) -> str:
    """The first block of SQL under a heading of the page."""
    page = (ROOT / "docs" / "size.md").read_text()
    return re.search(rf"## {heading}.*?```sql\n(.*?)```", page, re.DOTALL)[1]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Half a year built, and a day built on top of it."""
    folder = tmp_path_factory.mktemp("parquet")
    events = folder / "events"
    for number in range(DAYS):
        write_day(events, FIRST + timedelta(days=number))
    mapping = recipe("Parquet files, read where they are").replace("/data/events", str(events))
    made = Project(
        folder,
        INPUTS,
        {"plr_input_product_events": "events_for_plr", "plr_as_of_date": "2024-07-31"},
        RULES,
        {"events_for_plr.sql": mapping},
    )
    made.build()
    write_day(events, FIRST + timedelta(days=DAYS))
    made.build()
    return made


def test_every_event_is_counted(project: Project) -> None:
    (counted,) = project.query(
        "select sum(event_rows) as n, max(active_users) as users from int_plr__event_months"
        " where reject_code is null"
    )
    assert counted == {"n": (DAYS + 1) * A_DAY, "users": 4}
    assert {row["origin"] for row in project.mart("plr_account_origin")} == {"untracked"}


def test_events_never_enter_the_database(project: Project) -> None:
    """A quarter of the events are signals, kept one by one; nothing else holds as many rows."""
    tables = project.query(
        "select table_name as name from duckdb_tables() where schema_name = 'main'"
    )
    counts = {
        row["name"]: project.query(f"select count(*) as n from {row['name']}")[0]["n"]
        for row in tables
        if row["name"].startswith(("int_plr__", "stg_plr__", "plr_"))
    }
    signals = counts.pop("int_plr__signal_events")
    assert (DAYS + 1) * A_DAY / 4 <= signals <= (DAYS + 1) * A_DAY / 4 + 10  # and rows of months
    assert max(counts.values()) < A_DAY


@pytest.mark.parametrize(
    ("reader", "scans"),
    [
        ("signal_events", 2),
        ("event_months", 1),
        ("event_words", 0),  # no words are delivered
    ],
)
def test_an_incremental_run_scans_the_recent_files_only(
    project: Project, reader: str, scans: int
) -> None:
    """What the run compiled reads June, of the newest event; of other files only the footer."""
    product = "target/compiled/product_led_revenue/models/intermediate/product"
    statement = (project.folder / product / f"int_plr__{reader}.sql").read_text()
    profile = project.folder / "profile.json"
    with duckdb.connect(str(project.database), read_only=True) as connection:
        connection.execute("set enable_profiling = 'json'")
        connection.execute(f"set profiling_output = '{profile}'")
        connection.execute(statement).fetchall()
        connection.execute("set enable_profiling = 'no_output'")
    found = scans_of_files(json.loads(profile.read_text())["operator"])
    assert len(found) == scans
    for scan in found:
        assert scan["rows_scanned"] == 29 * A_DAY
        assert (scan["row_groups_scanned"], scan["total_row_groups_to_scan"]) == (29, DAYS + 1)


def scans_of_files(operators: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The operators of a profile that read Parquet files."""
    found = []
    for operator in operators:
        if operator.get("extra_info", {}).get("Function") == "READ_PARQUET":
            found.append(operator)
        found += scans_of_files(operator.get("children", []))
    return found
