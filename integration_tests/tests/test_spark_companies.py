"""Spark for real: random companies, every mart as on DuckDB.

A module of its own, so that another worker may have it: test_spark.py is the longest there is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from servers import Spark
from warehouse_runs import check_companies, unrecorded

pytestmark = pytest.mark.heavy


@pytest.mark.parametrize("build", ["periods_every_switch", "invoices"])
def test_random_companies_are_duckdbs(
    build: str, tmp_path: Path, say: Callable[[str], None]
) -> None:
    with unrecorded(Spark) as warehouse:
        say(check_companies(warehouse, tmp_path, build, range(5000, 5010)))
