"""docs/warehouses.md says of each warehouse what this run of the tests proved, and no more."""

from __future__ import annotations

import pytest

from harness import skip_for_want
from records import NAMES, PAGE, records, shown_rows, table

pytestmark = pytest.mark.last
RECORDS = records()


def test_the_table_has_every_warehouse() -> None:
    assert shown_rows(PAGE.read_text()).keys() == NAMES.keys()


@pytest.mark.parametrize("warehouse", NAMES)
def test_the_table_says_what_was_proved(warehouse: str) -> None:
    skip_for_want("" if warehouse in RECORDS else f"nothing was proved of {warehouse} here")
    proved = "".join(
        line + "\n" for line in table({warehouse: RECORDS[warehouse]}).splitlines()[2:] if line
    )
    said = shown_rows(PAGE.read_text()).get(warehouse)
    assert said == proved, "write it anew: .venv/bin/python integration_tests/lib/records.py"
