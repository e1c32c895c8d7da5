"""Warehouses for real: the demo and random companies, every mart as on DuckDB; the unit tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servers import Postgres, Spark, Warehouse
from warehouse_runs import check_companies, check_demo, check_unit_tests, running

# of the demo first only what is incremental on Spark, where a whole build takes minutes
FIRST = {
    "postgres": ("build", "--exclude-resource-type", "test"),
    "spark": ("run", "--select", "+config.materialized:incremental"),
}
COMPANIES = {"postgres": range(5000, 5040), "spark": range(5000, 5010)}


@pytest.fixture(
    scope="module",
    params=[Postgres, pytest.param(Spark, marks=pytest.mark.heavy)],
    ids=lambda kind: kind.name,
)
def warehouse(request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    with running(request.param) as started:
        yield started


def test_the_demos_marts_are_duckdbs(
    warehouse: Warehouse, built: Path, tmp_path: Path, say: Callable[[str], None]
) -> None:
    say(check_demo(warehouse, built, tmp_path, *FIRST[warehouse.name]))


def test_random_companies_are_duckdbs(
    warehouse: Warehouse, tmp_path: Path, say: Callable[[str], None]
) -> None:
    say(check_companies(warehouse, tmp_path, "periods_every_switch", COMPANIES[warehouse.name]))


def test_every_unit_test_passes(
    warehouse: Warehouse, tmp_path: Path, say: Callable[[str], None]
) -> None:
    say(check_unit_tests(warehouse, tmp_path))
