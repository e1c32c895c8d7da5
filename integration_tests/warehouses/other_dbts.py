"""Builds the demo with another dbt than the tests' own; its marts have to be the same."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb

import install_packages
from demo_project import DEMO
from harness import Result, dbt_utils_folder
from same_marts import MARTS, check
from servers import quoted
from warehouse_runs import CUT, FIRST, READ_ANEW

METRICS = DEMO / "metrics"


def copy_of_demo(built: Path, folder: Path) -> Path:
    """The project of the built demo, not yet built."""
    shutil.copytree(
        built.parent,
        folder,
        ignore=shutil.ignore_patterns("target", "logs", "dbt_packages", "*.duckdb*"),
    )
    install_packages.lay_links(folder, dbt_utils_folder())
    return folder


def copy_with_metrics(built: Path, folder: Path) -> Path:
    """The same, with the metrics among its models, as docs/metrics.md says."""
    copy_of_demo(built, folder)
    shutil.copytree(METRICS, folder / "models" / "metrics")
    return folder


def check_build(built: Path, folder: Path, run: Callable[..., Result]) -> Counter[str]:
    """Build a copy as the warehouses do, with `run`; how many models and tests it ran.

    In two steps: events up to a day within a month and no tests, then all of both.
    """
    events = folder / "data" / "product_events.parquet"
    all_events = events.rename(folder / "all.parquet")
    duckdb.sql(
        f"copy (from {quoted(all_events)} where ts < '{CUT}' or ts is null) to {quoted(events)}"
    )
    early = json.dumps({"plr_as_of_date": CUT})
    run(*FIRST, "--vars", early)
    all_events.rename(events)
    ran = run("build").kinds
    core = json.loads((built.parent / "target" / "run_results.json").read_text())["results"]
    expected = Counter(node["unique_id"].split(".")[0] for node in core)
    assert (ran["model"], ran["test"]) == (expected["model"], expected["test"])

    # an older DuckDB could not read our file, but ours reads an older one's
    with duckdb.connect(str(folder / built.name), read_only=True) as theirs:
        read = READ_ANEW.format(months="int_plr__months_to_read")
        assert theirs.execute(read).fetchone() == (0,), "the second build began anew"
        for mart in MARTS:
            theirs.execute(f"copy {mart} to {quoted(folder / f'{mart}.parquet')}")
    check(built, lambda mart: f"read_parquet({quoted(folder / f'{mart}.parquet')})")
    return ran
