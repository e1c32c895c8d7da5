"""Postgres and Spark for real: connectors deliver what they do on DuckDB in test_connectors.py.

A module of its own, so that what the others proved of these warehouses stays on record.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connector_cases import DOMAIN, TOOLS, linked_by_domain, with_all_tools
from servers import Postgres, Spark, Warehouse
from warehouse_runs import check_connectors, unrecorded

pytestmark = pytest.mark.heavy


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
