"""Both dbt engines read the package without a word of complaint."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import ROOT, Project, run_dbt

V2 = ROOT / ".venv-v2" / "bin" / "dbt"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A consumer with every input declared and the package's unit tests switched on."""
    inputs = (
        "accounts users product_events crm_activities opportunities revenue contracts "
        "account_costs company_months fx_rates entitlements"
    )
    return Project(
        tmp_path, {relation: [] for relation in inputs.split()}, {"plr_run_unit_tests": True}
    )


def test_core_parses_without_warning_or_deprecation(project: Project) -> None:
    result = project.dbt(
        "--warn-error", "parse", "--no-partial-parse", "--show-all-deprecations"
    )
    assert result.ok, result.output
    assert "deprecat" not in result.output.lower(), result.output


@pytest.mark.skipif(not V2.exists(), reason="the v2 engine's wheel cannot be had here")
def test_v2_parses_without_warning(project: Project) -> None:
    # v2 resolves packages.yml anew, at the hub; without the file it reads what is installed
    for file in ("packages.yml", "package-lock.yml"):
        (project.folder / file).unlink()
    result = run_dbt(project.folder, "parse", dbt=V2)
    assert result.ok, result.output
    assert "[warning]" not in result.output and "[error]" not in result.output, result.output
    manifest = (project.folder / "target" / "manifest.json").read_text()
    assert '"model.product_led_revenue.stg_plr__accounts"' in manifest
