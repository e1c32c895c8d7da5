"""docs/warehouses.md says of each warehouse and each dbt what this run of the tests proved, and no
more."""

from __future__ import annotations

import sys

import pytest

from harness import skip_for_want
from records import DBTS, NAMES, PAGE, dbt_records, dbt_row, records, shown_dbts, shown_rows, table

pytestmark = pytest.mark.last
RECORDS = records()
DBT_RECORDS = dbt_records()
WRITE_ANEW = "write it anew: .venv/bin/python integration_tests/lib/records.py"
for_newer_pythons = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="Python 3.10 has no DuckDB 2, and the table is written of it"
)


def test_the_table_has_every_warehouse() -> None:
    assert shown_rows(PAGE.read_text()).keys() == NAMES.keys()


@for_newer_pythons
@pytest.mark.parametrize("warehouse", NAMES)
def test_the_table_says_what_was_proved(warehouse: str) -> None:
    skip_for_want("" if warehouse in RECORDS else f"nothing was proved of {warehouse} here")
    proved = "".join(
        line + "\n" for line in table({warehouse: RECORDS[warehouse]}).splitlines()[2:] if line
    )
    said = shown_rows(PAGE.read_text()).get(warehouse)
    assert said == proved, WRITE_ANEW


@for_newer_pythons
@pytest.mark.parametrize("name", DBTS)
def test_the_table_says_what_a_dbt_built(name: str) -> None:
    if name not in DBT_RECORDS and name == "dbt-2.0":
        pytest.skip("the v2 engine was not here: its wheel or its DuckDB cannot be had everywhere")
    skip_for_want("" if name in DBT_RECORDS else f"nothing was proved of {name} here")
    said = shown_dbts(PAGE.read_text())
    assert len(said) == len(DBTS)
    assert dbt_row(DBT_RECORDS[name]) == said[DBTS.index(name)], WRITE_ANEW
