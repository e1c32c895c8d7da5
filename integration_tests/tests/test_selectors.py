"""Each selector of selectors.yml, copied to a consumer, selects what it says and builds alone."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from companies.rules import PLAIN
from harness import INPUT_TYPES, ROOT, Project

MARTS = {
    "plr_product_driven_only": {"plr_product_driven_revenue", "plr_account_origin"},
    "plr_revenue_and_retention": {"plr_mrr_movements", "plr_retention_monthly", "plr_cohort_nrr"},
    "plr_setup": {"plr_value_event_candidates"},
    "plr_all": {file.stem for file in ROOT.glob("models/marts/*/*.sql")},
}


@pytest.fixture(scope="module")
def consumer(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with the selectors; its inputs are empty, and nothing is built."""
    inputs = {relation: [] for relation in (*INPUT_TYPES, "revenue")}
    folder = tmp_path_factory.mktemp("selectors")
    settings = {"plr_find_value_events": True}
    project = Project(folder, inputs, settings, {"plr_activity_rules": PLAIN.rows})
    shutil.copy(ROOT / "selectors.yml", project.folder)
    return project


@pytest.mark.parametrize("selector", MARTS)
def test_a_selector_builds_its_marts_and_no_other(
    selector: str, consumer: Project, tmp_path: Path, say: Callable[[str], None]
) -> None:
    unbuilt = shutil.copy(consumer.database, tmp_path)
    built = [node.split(".") for node in consumer.build("--selector", selector).statuses]
    shutil.copy(unbuilt, consumer.database)  # so that the next one finds nothing either

    marts = {name for kind, _, name, *_ in built if kind == "model" and name in MARTS["plr_all"]}
    assert marts == MARTS[selector]
    kinds = Counter(kind for kind, *_ in built)
    say(f"{selector}: " + ", ".join(f"{count} {kind}s" for kind, count in kinds.items()))
