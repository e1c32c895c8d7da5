"""The least dbt that the package runs on, and one of each minor version since, build the demo's
marts as our own dbt does, without a deprecation; the demo's file opens in an older DuckDB."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from harness import ROOT, Result, run_dbt, skip_for_want
from other_dbts import check_build, copy_of_demo
from records import DBTS, forget_dbt, write_dbt_record
from same_marts import MARTS, check
from servers import package_version, quoted

pytestmark = pytest.mark.heavy
OLDER = sorted(file.stem for file in (ROOT / "requirements").glob("dbt-*.txt"))
OLDEST = "dbt-1.10"
COPY_MARTS = """
import sys
import duckdb

database, folder, *marts = sys.argv[1:]
with duckdb.connect(database, read_only=True) as connection:
    for mart in marts:
        connection.execute(f"copy {mart} to '{folder}/{mart}.parquet'")
"""


def programs(name: str) -> Path:
    """The folder of an environment's programs, or a test skipped for want of it."""
    folder = ROOT / f".venv-{name}" / "bin"
    lacking = "" if (folder / "dbt").exists() else f"requirements/{name}.txt is not installed"
    skip_for_want(lacking)
    return folder


def test_the_least_dbt_is_the_one_promised() -> None:
    pinned = (ROOT / "requirements" / f"{OLDEST}.txt").read_text()
    [least] = re.findall(r"^dbt-core==(\S+)", pinned, re.MULTILINE)
    for project in (ROOT, ROOT / "demo", *(ROOT / "integration_tests" / "projects").iterdir()):
        if (file := project / "dbt_project.yml").is_file():
            promised = yaml.safe_load(file.read_text()).get("require-dbt-version")
            assert promised in (None, [f">={least}", "<3.0.0"]), file
    assert f"Needs dbt {least} or later (below 3)" in (ROOT / "README.md").read_text()
    assert {OLDEST, *OLDER} < set(DBTS)


@pytest.mark.parametrize("name", OLDER)
def test_its_marts_are_those_of_our_dbt(
    name: str, built: Path, tmp_path: Path, say: Callable[[str], None]
) -> None:
    forget_dbt(name)
    bin_ = programs(name)
    folder = copy_of_demo(built, tmp_path / name)

    def run(command: str, *args: str) -> Result:
        strict = ("--warn-error", command, "--show-all-deprecations")
        result = run_dbt(folder, *strict, *args, dbt=bin_ / "dbt")
        assert result.ok, result.output
        assert "deprecat" not in result.output.lower(), result.output
        return result

    ran = check_build(built, folder, run)
    core, adapter, duckdb = (
        package_version(bin_ / "python", package)
        for package in ("dbt-core", "dbt-duckdb", "duckdb")
    )
    write_dbt_record(
        name,
        dbt=f"dbt-core {core}",
        adapter=f"dbt-duckdb {adapter}",
        duckdb=duckdb,
        models=ran["model"],
        data_tests=ran["test"],
        marts_equal=len(MARTS),
    )
    say(f"dbt {core}: {ran['model']} models, {ran['test']} data tests, {len(MARTS)} marts as ours")


def test_an_older_duckdb_opens_the_demo(built: Path, tmp_path: Path) -> None:
    command = [programs(OLDEST) / "python", "-c", COPY_MARTS, built, tmp_path, *MARTS]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    check(built, lambda mart: f"read_parquet({quoted(tmp_path / f'{mart}.parquet')})")
