"""Postgres for real: the demo and random companies, every mart as on DuckDB; the unit tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servers import Postgres, Warehouse
from warehouse_runs import check_companies, check_demo, check_unit_tests, running


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    with running(Postgres) as started:
        yield started


def test_the_demos_marts_are_duckdbs(
    warehouse: Warehouse, built: Path, tmp_path: Path, say: Callable[[str], None]
) -> None:
    say(check_demo(warehouse, built, tmp_path))


@pytest.mark.parametrize("build", ["periods_every_switch", "invoices"])
def test_random_companies_are_duckdbs(
    warehouse: Warehouse, build: str, tmp_path: Path, say: Callable[[str], None]
) -> None:
    say(check_companies(warehouse, tmp_path, build, range(5000, 5040)))


@pytest.mark.usefixtures("with_unit_tests")
def test_every_unit_test_passes(
    warehouse: Warehouse, tmp_path: Path, say: Callable[[str], None]
) -> None:
    say(check_unit_tests(warehouse, tmp_path))
