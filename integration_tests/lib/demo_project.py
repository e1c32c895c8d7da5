"""The demo's project for the tests: generated twice and built once in a run of the tests, by the
worker that comes first; the others wait for it."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import duckdb
import pytest

import install_packages
from harness import ROOT, dbt_utils_folder, run_dbt
from records import write_dbt_record, write_record

DEMO = ROOT / "demo"
PATIENCE_SECONDS = 600


def cases(name: str) -> list[dict[str, str]]:
    """The rows of a list of the demo's, such as planted.csv."""
    with (DEMO / name).open() as handle:
        return list(csv.DictReader(handle))


def demo_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two runs of the generator, `run1` (built: plr_demo.duckdb) and `run2`."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo"
    said = folder / "outcome.txt"
    try:
        folder.mkdir()
    except FileExistsError:
        _wait_for(said)
    else:
        outcome = _make(folder)
        said.with_suffix(".new").write_text(outcome)
        said.with_suffix(".new").rename(said)
    outcome = said.read_text()
    assert outcome == "ok", outcome
    return folder


def _wait_for(file: Path) -> None:
    """Another worker is at it."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not file.exists():
        assert time.monotonic() < until, f"{file} never came"
        time.sleep(0.2)


def _make(folder: Path) -> str:
    """Generate, copy the project, build: "ok", or what went wrong."""
    runs = [
        subprocess.Popen(
            [sys.executable, DEMO / "generate.py"]
            + ["--out", folder / f"run{n}" / "data"]
            + ["--planted", folder / f"run{n}" / "planted.csv"],
            env={**os.environ, "PYTHONHASHSEED": str(n)},
        )
        for n in (1, 2)
    ]
    if [run.wait() for run in runs] != [0, 0]:
        return "demo/generate.py failed"
    project = folder / "run1"
    for name in ("models", "seeds"):
        shutil.copytree(DEMO / name, project / name)
    for name in ("dbt_project.yml", "packages.yml", "profiles.yml"):
        shutil.copy(DEMO / name, project / name)
    install_packages.lay_links(project, dbt_utils_folder())
    result = run_dbt(project, "build")
    write_record(
        "duckdb",
        "duckdb",
        version=duckdb.__version__,
        how="built for real",
        models=result.kinds["model"],
        data_tests=result.kinds["test"],
    )
    dbt, adapter = version("dbt-core"), version("dbt-duckdb")
    write_dbt_record(
        f"dbt-{dbt.rpartition('.')[0]}",
        dbt=f"dbt-core {dbt}",
        adapter=f"dbt-duckdb {adapter}",
        duckdb=duckdb.__version__,
        models=result.kinds["model"],
        data_tests=result.kinds["test"],
    )
    unclean = {"warn", "error", "fail"} & set(result.statuses.values())
    return "ok" if result.ok and not unclean else result.output
