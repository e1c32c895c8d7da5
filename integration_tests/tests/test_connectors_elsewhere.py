"""Postgres and Spark for real: connectors deliver what they do on DuckDB, of the cases of
test_connectors.py and of the demo, as Stripe, Salesforce and Segment keep it.

A module of its own, so that what the others proved of these warehouses stays on record.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

import billing
import salesforce_tables
import segment_tables
import stripe_tables
from connector_cases import (
    ALWAYS_THERE,
    DOMAIN,
    SELECTED,
    TOOLS,
    linked_by_domain,
    vars_of,
    with_all_tools,
    write_tables,
)
from harness import MODELS_ONLY, Project
from servers import Postgres, Spark, Warehouse
from warehouse_runs import check_connectors, check_round_trip, unrecorded

pytestmark = pytest.mark.heavy
FEEDS = {
    "stripe": ["accounts", "account_links", "contracts", "revenue"],
    "salesforce": ["accounts", "account_links", "crm_activities", "opportunities"],
    "segment": ["product_events", "users"],
}


@pytest.fixture(scope="module")
def in_tools(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo in the tools' tables, and what the connectors make of them on DuckDB."""
    given = vars_of(FEEDS, [stripe_tables.VARS, salesforce_tables.VARS])
    project = Project(tmp_path_factory.mktemp("in_tools"), {}, ALWAYS_THERE | given)
    with duckdb.connect(str(built), read_only=True) as demo:
        demo.execute(f"set file_search_path = '{built.parent}'")
        invoices = billing.billed(billing.periods_of(demo), billing.AS_OF)
    tables, _ = stripe_tables.kept(invoices)
    write_tables(project.database, "stripe", stripe_tables.TYPES, tables)
    with duckdb.connect(str(project.database)) as connection:
        for tool in (salesforce_tables, segment_tables):
            tool.write(connection, built.parent / "data")
    project.build(*MODELS_ONLY, "-s", SELECTED)
    return project


@pytest.mark.parametrize("kind", [Postgres, Spark], ids=lambda kind: kind.name)
def test_what_comes_out_is_what_the_cases_expect(
    kind: type[Warehouse], tmp_path: Path, say: Callable[[str], None]
) -> None:
    with unrecorded(kind) as warehouse:
        found = check_connectors(warehouse, with_all_tools(tmp_path), [*TOOLS.values()])
    say(f"{kind.name}: {found}")


@pytest.mark.parametrize("kind", [Postgres, Spark], ids=lambda kind: kind.name)
def test_accounts_of_one_domain_are_linked(
    kind: type[Warehouse], tmp_path: Path, say: Callable[[str], None]
) -> None:
    with unrecorded(kind) as warehouse:
        found = check_connectors(warehouse, linked_by_domain(tmp_path), [DOMAIN])
    say(f"{kind.name}, by domains: {found}")


@pytest.mark.parametrize("kind", [Postgres, Spark], ids=lambda kind: kind.name)
def test_the_demo_comes_back(
    kind: type[Warehouse], in_tools: Project, say: Callable[[str], None]
) -> None:
    views = [f"base_{tool}__{name}" for tool, names in FEEDS.items() for name in names]
    with unrecorded(kind) as warehouse:
        say(f"{kind.name}: {check_round_trip(warehouse, in_tools, views)}")
