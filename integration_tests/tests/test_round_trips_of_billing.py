"""The demo's revenue and contracts, as each billing tool keeps them, come back as they were.

Beside the demo's accounts one of them pays in yen, too. Stripe's round trip is in
test_round_trips.py, with the marts that come of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from test_round_trips import AS_OF, periods_of, rows_of

import billing
import chargebee_tables
import recurly_tables
import zuora_tables
from connector_cases import plain, write_tables
from harness import MODELS_ONLY, Project, Rows

TOOLS = {"chargebee": chargebee_tables, "recurly": recurly_tables, "zuora": zuora_tables}
OWN_ID = {"chargebee": "cf_workspace_id", "recurly": "code", "zuora": "workspace_c"}
IN_YEN = "ws_0008"  # two items, a trial, yearly lines, discounts and changes


@pytest.fixture(scope="module")
def billed(
    built: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, dict[str, dict[str, Rows]]]:
    """The connectors' models of the demo billed by each tool, and the rows that they must have."""
    with duckdb.connect(str(built), read_only=True) as connection:
        connection.execute(f"set file_search_path = '{built.parent}'")
        periods = periods_of(connection)
        contracts = rows_of(
            connection, "from stg_plr__contracts where reject_code is null order by contract_id"
        )
    periods += billing.in_yen(periods, IN_YEN)
    contracts += billing.in_yen(contracts, IN_YEN)
    invoices = billing.billed(periods, AS_OF)
    named = [f"connector:{tool}" for tool in TOOLS]
    project = Project(
        tmp_path_factory.mktemp("billing"),
        {},
        {
            "plr_as_of_date": str(AS_OF),
            "plr_revenue_shape": "invoices",
            "plr_connector_account_fields": OWN_ID,
            "plr_input_accounts": named,
            "plr_input_account_links": named,
            "plr_input_contracts": named,
            # the door takes one shape; Zuora's periods are there for its contracts
            "plr_input_revenue": [name for name in named if name != "connector:zuora"],
        },
    )
    kept = {
        "chargebee": chargebee_tables.kept(invoices, contracts),
        "recurly": recurly_tables.kept(invoices),
        "zuora": zuora_tables.kept(periods, contracts),
    }
    for tool, (tables, _) in kept.items():
        write_tables(project.database, tool, TOOLS[tool].TYPES, tables)
    project.build(*MODELS_ONLY, "-s", "product_led_revenue.staging.connectors")
    return project, {tool: told for tool, (_, told) in kept.items()}


def comparable(value: Any) -> Any:
    """A value as the contract and a warehouse have it: amounts to a tenth of a cent."""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    return round(float(value), 3) + 0 if isinstance(value, Decimal) else plain(value)


def differences(delivered: Rows, expected: Rows) -> list[str]:
    """A few rows that nobody delivers, or that nobody expects, in the columns expected."""
    names = sorted(expected[0])
    ours, theirs = (
        Counter(tuple(comparable(row[name]) for name in names) for row in rows)
        for rows in (delivered, expected)
    )
    return [
        f"{what}: {dict(zip(names, row, strict=True))}"
        for what, rows in {"not delivered": theirs - ours, "not expected": ours - theirs}.items()
        for row in sorted(rows.elements(), key=str)[:3]
    ]


@pytest.mark.parametrize("tool", TOOLS)
def test_what_is_billed_comes_back(
    billed: tuple[Project, dict[str, dict[str, Rows]]], tool: str, say: Callable[[str], None]
) -> None:
    project, expected = billed
    for relation, rows in expected[tool].items():
        delivered = project.query(f"from base_{tool}__{relation}")
        problems = differences(delivered, rows)
        assert not problems, "\n".join([f"base_{tool}__{relation}", *problems])
    counts = ", ".join(f"{len(rows):,} of {name}" for name, rows in expected[tool].items())
    say(f"{tool}: rows that come back: {counts}")
