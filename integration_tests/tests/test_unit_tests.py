"""The package's own unit tests pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from companies.rules import rule
from harness import EMPTY_COMPANY, Project, run_dbt
from records import write_record


@pytest.mark.usefixtures("with_unit_tests")
def test_every_unit_test_passes(say: Callable[[str], None]) -> None:
    result = run_dbt(EMPTY_COMPANY, "build", "--full-refresh")
    assert result.ok, result.output
    names = [node.split(".")[-1] for node in result.statuses if node.startswith("unit_test.")]
    assert len(names) > 200
    # Postgres builds each one as a relation of that name
    assert not [name for name in names if len(name) > 63]
    write_record(
        "duckdb_unit_tests",
        "duckdb",
        version=duckdb.__version__,
        how="built for real",
        unit_tests=len(names),
    )
    say(f"{len(names)} unit tests")


@pytest.mark.usefixtures("with_unit_tests")
def test_every_unit_test_passes_in_a_project_of_euros_with_few_inputs(tmp_path: Path) -> None:
    """Whatever a consumer's own vars say: README promises it."""
    required = {"accounts": [], "product_events": [], "revenue": []}
    rules = {"plr_activity_rules": [rule("core", "r", "role:value")]}
    project = Project(tmp_path, required, {"plr_reporting_currency": "EUR"}, rules)
    result = project.dbt("build", "--exclude", "test_type:data")
    assert result.ok, result.output
    assert sum(node.startswith("unit_test.") for node in result.statuses) > 400
