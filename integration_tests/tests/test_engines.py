"""Both dbt engines read the package without a word of complaint, and build the same of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import yaml

import install_packages
import install_v2_driver
from demo_project import DEMO
from harness import INPUT_TYPES, ROOT, UNIT_TESTS, Project, Result, dbt_utils_folder, run_dbt
from other_dbts import METRICS, check_build, copy_of_demo, copy_with_metrics
from records import forget_dbt, write_dbt_record
from same_marts import MARTS
from servers import package_version

V2 = ROOT / ".venv-v2" / "bin" / "dbt"
# it would have dbt's own service look metrics over, and warns where there is none
ALONE = "DBT_ENGINE_NO_WARN_SEMANTIC_MANIFEST_VALIDATION=1"
DRIVER = ROOT / ".venv-v2" / "driver"
# v2's release candidate looks for an installed package's seeds in the wrong place, but not for ours
RULES = ("plr_contact_rules", "plr_stage_expectations", "plr_pattern_reasons")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A consumer of the whole package with every input declared, unit tests read, too."""
    monkeypatch.setenv(UNIT_TESTS, "unit_tests")
    consumer = Project(tmp_path, {relation: [] for relation in (*INPUT_TYPES, "revenue")})
    install_packages.lay_links(consumer.folder, dbt_utils_folder())
    return consumer


def run_v2(folder: Path, *args: str) -> Result:
    """Run v2, which has to succeed without a warning."""
    # v2 resolves packages.yml anew, at the hub; without the file it reads what is installed
    for file in ("packages.yml", "package-lock.yml"):
        (folder / file).unlink(missing_ok=True)
    result = run_dbt(folder, *args, dbt=["env", ALONE, str(V2)])
    assert result.ok, result.output
    assert "[warning]" not in result.output and "[error]" not in result.output, result.output
    return result


def test_core_parses_without_warning_or_deprecation(project: Project) -> None:
    result = project.dbt("--warn-error", "parse", "--no-partial-parse", "--show-all-deprecations")
    assert result.ok, result.output
    assert "deprecat" not in result.output.lower(), result.output


@pytest.mark.skipif(not V2.exists(), reason="the v2 engine's wheel cannot be had here")
def test_v2_parses_without_warning(project: Project) -> None:
    run_v2(project.folder, "parse")
    manifest = (project.folder / "target" / "manifest.json").read_text()
    assert '"model.product_led_revenue.stg_plr__accounts"' in manifest


@pytest.mark.skipif(not V2.exists(), reason="the v2 engine's wheel cannot be had here")
def test_v2_reads_the_metrics(built: Path, tmp_path: Path) -> None:
    folder = copy_with_metrics(built, tmp_path / "metrics")
    run_v2(folder, "parse")
    read = json.loads((folder / "target" / "semantic_manifest.json").read_text())
    own = yaml.safe_load((METRICS / "_metrics.yml").read_text())
    expected = [
        metric["name"] for part in (own, *own["models"]) for metric in part.get("metrics", ())
    ]
    assert sorted(metric["name"] for metric in read["metrics"]) == sorted(expected)


@pytest.fixture
def v2_demo(built: Path, tmp_path: Path) -> Path:
    """The demo as dbt-core builds it, not yet built, and with all rules in its own seeds."""
    folder = copy_of_demo(built, tmp_path / "v2")
    config = yaml.safe_load((DEMO / "dbt_project.yml").read_text())
    for rules in RULES:
        config["vars"]["product_led_revenue"][rules] = f"own_{rules}"
        shutil.copy(ROOT / "seeds" / f"{rules}.csv", folder / "seeds" / f"own_{rules}.csv")
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(config))
    return folder


@pytest.mark.skipif(not V2.exists(), reason="the v2 engine's wheel cannot be had here")
@pytest.mark.skipif(
    not (DRIVER / "duckdb.toml").exists(), reason="the v2 engine's DuckDB cannot be had here"
)
def test_v2_builds_the_marts_of_core(
    v2_demo: Path, built: Path, monkeypatch: pytest.MonkeyPatch, say: Callable[[str], None]
) -> None:
    monkeypatch.setenv("ADBC_DRIVER_PATH", str(DRIVER))
    forget_dbt("dbt-2.0")
    ran = check_build(built, v2_demo, partial(run_v2, v2_demo))
    write_dbt_record(
        "dbt-2.0",
        dbt=f"dbt {package_version(V2.with_name('python'), 'dbt')}",
        duckdb=install_v2_driver.PACKAGE.rpartition("@")[2].partition("-")[0],
        models=ran["model"],
        data_tests=ran["test"],
        marts_equal=len(MARTS),
    )
    say(f"dbt v2: {ran['model']} models, {ran['test']} data tests, {len(MARTS)} marts as on core")
