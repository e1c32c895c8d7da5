"""Spark for real: the demo, every mart as on DuckDB; the unit tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servers import Spark, Warehouse
from warehouse_runs import check_demo, check_unit_tests, running

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    with running(Spark) as started:
        yield started


def test_the_demos_marts_are_duckdbs(
    warehouse: Warehouse, built: Path, tmp_path: Path, say: Callable[[str], None]
) -> None:
    say(check_demo(warehouse, built, tmp_path))


@pytest.mark.usefixtures("with_unit_tests")
def test_every_unit_test_passes(
    warehouse: Warehouse, tmp_path: Path, say: Callable[[str], None]
) -> None:
    say(check_unit_tests(warehouse, tmp_path))
