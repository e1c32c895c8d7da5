"""The demo's revenue and contracts, as each billing tool keeps them, come back as they were.

Beside the demo's accounts one of them pays in yen, too. Stripe's round trip is in
test_round_trips.py, with the marts that come of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

import billing
import chargebee_tables
import recurly_tables
import zuora_tables
from connector_cases import plain, write_tables
from harness import MODELS_ONLY, Project, Rows, rows_of

TOOLS = {"chargebee": chargebee_tables, "recurly": recurly_tables, "zuora": zuora_tables}
OWN_ID = {"chargebee": "cf_workspace_id", "recurly": "code", "zuora": "workspace_c"}
IN_YEN = "ws_0008"  # two items, a trial, yearly lines, discounts and changes


@dataclass(frozen=True)
class Billed:
    """The connectors' models of the demo billed by each tool, and what they are made of."""

    project: Project
    expected: dict[str, dict[str, Rows]]  # by tool and input
    periods: Rows
    lines: Rows


@pytest.fixture(scope="module")
def billed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Billed:
    with duckdb.connect(str(built), read_only=True) as connection:
        connection.execute(f"set file_search_path = '{built.parent}'")
        periods = billing.periods_of(connection)
        contracts = rows_of(
            connection, "from stg_plr__contracts where reject_code is null order by contract_id"
        )
    periods += billing.in_yen(periods, IN_YEN)
    contracts += billing.in_yen(contracts, IN_YEN)
    invoices = billing.billed(periods, billing.AS_OF)
    named = [f"connector:{tool}" for tool in TOOLS]
    project = Project(
        tmp_path_factory.mktemp("billing"),
        {},
        {
            "plr_as_of_date": str(billing.AS_OF),
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
    lines = [
        line.row() | {"account_id": line.period["account_id"]}
        for invoice in invoices
        for line in invoice.lines
        if invoice.fate == "paid"
    ]
    return Billed(project, {tool: told for tool, (_, told) in kept.items()}, periods, lines)


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


def money(rows: Rows, amount: str, since: str) -> dict[tuple[str, ...], Decimal]:
    """What rows charge each account from each day on, but for what a tool refunds besides."""
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.get("line_type") != "refund":
            account = row["account_id"].rpartition(":")[2]
            sums[account, row["currency"], str(row[since])] += row[amount]
    return sums


@pytest.mark.parametrize("tool", TOOLS)
def test_what_is_billed_comes_back(billed: Billed, tool: str, say: Callable[[str], None]) -> None:
    for relation, rows in billed.expected[tool].items():
        delivered = billed.project.query(f"from base_{tool}__{relation}")
        problems = differences(delivered, rows)
        assert not problems, "\n".join([f"base_{tool}__{relation}", *problems])
    # what is expected leaves out nothing that the demo was paid
    is_zuora = tool == "zuora"
    names = ("mrr", "valid_from") if is_zuora else ("amount", "service_start")
    ours = money(billed.expected[tool]["revenue"], *names)
    theirs = money(billed.periods if is_zuora else billed.lines, *names)
    assert not (apart := sorted(ours.items() ^ theirs.items())[:5]), apart
    counts = ", ".join(f"{len(rows):,} of {name}" for name, rows in billed.expected[tool].items())
    say(f"{tool}: rows that come back: {counts}")
