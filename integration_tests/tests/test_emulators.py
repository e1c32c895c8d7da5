"""The demo on emulators of Snowflake and BigQuery, with the data tests they can run; every mart
compared with DuckDB's where the emulator counts as its warehouse does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulators import BigQueryEmulator, Emulator, FakeSnowflake
from harness import run_dbt, skip_for_want
from offline import project_copy
from records import forget, write_record
from same_marts import MARTS, check
from warehouse_runs import mapped_inputs

pytestmark = pytest.mark.heavy
# what the emulator cannot do, or does otherwise than its warehouse
LIMITS = {
    "bigquery": "without contracts and six data tests, marts not compared: the emulator makes no "
    "table of typed columns from a select, and keeps three digits of a number, five of a ratio",
    "snowflake": "fakesnow keeps whole sums as floats; no unit tests and no second run",
}
# they recompute shares from amounts, which takes more digits than the emulator keeps
TOO_FINE = [
    "plr_board_adds_up",
    "plr_growth_efficiency_adds_up",
    "plr_index_adds_up",
    "plr_origin_comparison_adds_up",
    "plr_origin_sensitivity_ties_to_the_headline",
    "plr_retention_adds_up",
]


def build(emulator: Emulator, demo: Path, folder: Path) -> Counter[str]:
    """Build the demo's inputs; how many of what was built, and what failed."""
    loaded = set()
    for name, file in mapped_inputs(demo, folder).items():
        relation = name.removesuffix("_for_plr").replace("kestrel_", "plr_")
        emulator.load(relation, file)
        loaded.add(f"source:raw.{relation}")
    project = project_copy(folder / "project")
    target = "bigquery_emulator" if emulator.name == "bigquery" else emulator.name
    outputs: dict[str, Any] = {target: emulator.profile()}
    profile = {"any_warehouse": {"target": target, "outputs": outputs}}
    (project / "profiles.yml").write_text(yaml.safe_dump(profile))
    config = yaml.safe_load((project / "dbt_project.yml").read_text())
    config["on-run-start"] = emulator.on_run_start()
    named = config["vars"]["product_led_revenue"]
    off = [
        var for var, name in named.items() if str(name).startswith("source:") and name not in loaded
    ]
    named.update(dict.fromkeys(off))  # what the demo has none of
    (project / "dbt_project.yml").write_text(yaml.safe_dump(config, sort_keys=False))
    left_out = ["--exclude", *TOO_FINE] if emulator.name == "bigquery" else []
    result = run_dbt(project, "build", *left_out, dbt=emulator.command())
    assert result.ok, result.output[-4000:]
    return result.kinds


@pytest.mark.parametrize("kind", [FakeSnowflake, BigQueryEmulator], ids=lambda kind: kind.name)
def test_the_demo_builds(
    kind: type[Emulator], built: Path, tmp_path: Path, say: Callable[[str], None]
) -> None:
    forget(kind.name)
    skip_for_want(kind.missing())
    compared = MARTS if kind is FakeSnowflake else []
    with kind() as emulator:
        ran = build(emulator, built, tmp_path)
        check(built, emulator.rows_of, compared)
    write_record(
        kind.name,
        kind.name,
        version=emulator.version,
        how="built on an emulator",
        models=ran["model"],
        data_tests=ran["test"],
        marts_equal=len(compared),
        note=LIMITS[kind.name],
    )
    say(f"{kind.name}: {ran['model']} models, {len(compared)} marts as on DuckDB")
