"""What the test run proved of each warehouse and each dbt, and the two tables of it in
docs/warehouses.md.

    .venv/bin/python integration_tests/lib/records.py    # write the tables anew from the records

Records are files of target/warehouses/ and its folder dbts/, left by the tests that ran; of a
warehouse that was both built and compiled the build is shown.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RECORDS = ROOT / "integration_tests" / "target" / "warehouses"
PAGE = ROOT / "docs" / "warehouses.md"
BEGIN, END = "<!-- written by the tests: begin -->\n", "<!-- written by the tests: end -->\n"
DBT_BEGIN, DBT_END = (mark.replace("written", "dbts, written") for mark in (BEGIN, END))
STRENGTH = ("built for real", "built on an emulator", "compiled and parsed", "not yet")
NAMES = {
    "bigquery": "BigQuery",
    "clickhouse": "ClickHouse",
    "databricks": "Databricks",
    "duckdb": "DuckDB",
    "postgres": "Postgres",
    "redshift": "Redshift",
    "snowflake": "Snowflake",
    "spark": "Spark",
    "sqlserver": "SQL Server",
    "trino": "Trino",
}
DBTS = ("dbt-1.10", "dbt-1.11", "dbt-1.12", "dbt-2.0")
DBT_HEAD = ("dbt", "Adapter", "DuckDB", "Models", "Data tests", "Marts as ours")
HEAD = ("Warehouse", "Proven by", "With", "Models", "Data tests", "Unit tests", "Marts as DuckDB's")


def forget(file: str) -> None:
    """Take away what an earlier run proved."""
    (RECORDS / f"{file}.json").unlink(missing_ok=True)


def write_record(file: str, warehouse: str, **facts: Any) -> None:
    """Leave what a test proved, beside what others did since it was forgotten."""
    record = RECORDS / f"{file}.json"
    known = json.loads(record.read_text()) if record.is_file() else {}
    RECORDS.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(known | {"warehouse": warehouse} | facts, indent=2) + "\n")


def records() -> dict[str, dict[str, Any]]:
    """What is known of each warehouse: its strongest records, put together."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(RECORDS.glob("*.json")):
        record = json.loads(file.read_text())
        known = found.get(record["warehouse"])
        if not known or STRENGTH.index(record["how"]) < STRENGTH.index(known["how"]):
            found[record["warehouse"]] = record
        elif record["how"] == known["how"]:
            known |= record
    return found


def row(record: dict[str, Any]) -> str:
    """A line of the table."""
    counts = [record.get(key) for key in ("models", "data_tests", "unit_tests", "marts_equal")]
    cells = [NAMES[record["warehouse"]], record["how"], record["version"]]
    return f"| {' | '.join(cells + [str(count) if count else '' for count in counts])} |"


def table(found: dict[str, dict[str, Any]]) -> str:
    """The rows, the best proven first, and what each record has to say."""
    order = sorted(
        found.values(), key=lambda record: (STRENGTH.index(record["how"]), record["warehouse"])
    )
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}", *map(row, order), ""]
    lines += [
        f"- {NAMES[record['warehouse']]}: {record['note']}."
        for record in order
        if record.get("note")
    ]
    return "\n".join(lines) + "\n"


# --- dbts -----------------------------------------------------------------------------------------


def forget_dbt(name: str) -> None:
    """Take away what an earlier run proved."""
    forget(f"dbts/{name}")


def write_dbt_record(name: str, **facts: Any) -> None:
    """Leave what a test proved of a dbt."""
    record = RECORDS / "dbts" / f"{name}.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(facts, indent=2) + "\n")


def dbt_records() -> dict[str, dict[str, Any]]:
    """What is known of each dbt."""
    files = {name: RECORDS / "dbts" / f"{name}.json" for name in DBTS}
    return {name: json.loads(file.read_text()) for name, file in files.items() if file.is_file()}


def dbt_row(record: dict[str, Any]) -> str:
    """A line of their table."""
    keys = ("dbt", "adapter", "duckdb", "models", "data_tests", "marts_equal")
    return f"| {' | '.join(str(record.get(key) or '') for key in keys)} |\n"


def dbt_table(found: dict[str, dict[str, Any]]) -> str:
    """Their table, the oldest first."""
    head = f"| {' | '.join(DBT_HEAD)} |\n|{'---|' * len(DBT_HEAD)}\n"
    return head + "".join(map(dbt_row, found.values()))


# --- the page -------------------------------------------------------------------------------------


def shown(page: str) -> str:
    """The table as it stands in the page."""
    return page.partition(BEGIN)[2].partition(END)[0]


def shown_dbts(page: str) -> list[str]:
    """The lines of the table of dbts, as they stand in the page."""
    return page.partition(DBT_BEGIN)[2].partition(DBT_END)[0].splitlines(keepends=True)[2:]


def shown_rows(page: str) -> dict[str, str]:
    """What the page says of each warehouse: its row and its note."""
    by_name = {name: warehouse for warehouse, name in NAMES.items()}
    said: dict[str, str] = {}
    for line in shown(page).splitlines():
        name = line.removeprefix("| ").partition(" | ")[0].removeprefix("- ").partition(":")[0]
        if name in by_name:
            said[by_name[name]] = said.get(by_name[name], "") + line + "\n"
    return said


def rewrite() -> None:
    """Write the tables anew."""
    page = PAGE.read_text()
    for begin, end, written in (
        (BEGIN, END, table(records())),
        (DBT_BEGIN, DBT_END, dbt_table(dbt_records())),
    ):
        before, _, rest = page.partition(begin)
        page = before + begin + written + end + rest.partition(end)[2]
    PAGE.write_text(page)


if __name__ == "__main__":
    rewrite()
    print(PAGE)
