"""The demo's revenue and contracts, as each billing tool keeps them, come back as they were.

Beside the demo's accounts one of them pays in yen, too. Stripe's round trip is in
test_round_trips.py, with the marts that come of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import billing
import chargebee_tables
import recurly_tables
import zuora_tables
from connector_cases import ALWAYS_THERE, SELECTED, row_differences, vars_of, write_tables
from harness import MODELS_ONLY, Project, Rows, rows_of

TOOLS = {"chargebee": chargebee_tables, "recurly": recurly_tables, "zuora": zuora_tables}
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
    feeds = {tool: ["accounts", "account_links", "contracts", "revenue"] for tool in TOOLS}
    given = vars_of(feeds, [tables.VARS for tables in TOOLS.values()])
    given["plr_as_of_date"] = str(billing.AS_OF)
    project = Project(tmp_path_factory.mktemp("billing"), {}, ALWAYS_THERE | given)
    kept = {
        "chargebee": chargebee_tables.kept(invoices, contracts),
        "recurly": recurly_tables.kept(invoices),
        "zuora": zuora_tables.kept(periods, contracts),
    }
    for tool, (tables, _) in kept.items():
        write_tables(project.database, tool, TOOLS[tool].TYPES, tables)
    project.build(*MODELS_ONLY, "-s", SELECTED)
    lines = [
        line.row() | {"account_id": line.period["account_id"]}
        for invoice in invoices
        for line in invoice.lines
        if invoice.fate == "paid"
    ]
    return Billed(project, {tool: told for tool, (_, told) in kept.items()}, periods, lines)


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
        problems = row_differences(delivered, rows)
        assert not problems, "\n".join([f"base_{tool}__{relation}", *problems])
    # what is expected leaves out nothing that the demo was paid
    is_zuora = tool == "zuora"
    names = ("mrr", "valid_from") if is_zuora else ("amount", "service_start")
    ours = money(billed.expected[tool]["revenue"], *names)
    theirs = money(billed.periods if is_zuora else billed.lines, *names)
    assert not (apart := sorted(ours.items() ^ theirs.items())[:5]), apart
    counts = ", ".join(f"{len(rows):,} of {name}" for name, rows in billed.expected[tool].items())
    say(f"{tool}: rows that come back: {counts}")
