"""Situations that people who do this work report, as tiny inputs with the values that are right.

The files lie beside the repository in shared/cases, or in the folder that PLR_FIELD_CASES names:
a folder each, with a CSV file for every relation, and expected.csv (what, expected, query). Those
whose revenue has one shape are built together, with the folder `background` in every build.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from harness import INPUT_TYPES, ROOT, Project, Rows

CASES = Path(os.environ.get("PLR_FIELD_CASES") or ROOT.parent / "shared" / "cases").resolve()

# the folders that have to hold; one that is not named here is not built
ANSWERED = (
    "annual_cancelled_midterm",
    "anonymous_events",
    "cancelled_same_day",
    "crm_rows_rejected",
    "parent_pays_child_uses",
    "proration_by_the_second",
    "recreated_just_before_as_of",
    "status_words_of_the_crm",
    "weekly_billing",
)
BACKGROUND = "background"
SHAPES = ("periods", "invoices", "snapshots")

SETTINGS = {
    "plr_as_of_date": "2024-06-30",
    "plr_event_tracking_start": "2022-12-01",
    "plr_crm_tracking_start": "2022-12-01",
}
OWN_SETTINGS = {"parent_pays_child_uses": {"plr_activity_scope": "family"}}  # a build of its own
RULES: dict[str, Rows] = {
    "plr_event_roles": [
        {"event_name": "report_shared", "role": "value"},
        {"event_name": "checkout_completed", "role": "commercial_action"},
    ],
    "plr_activity_rules": [
        {
            "rule_group_id": "value",
            "rule_id": "value",
            "group_operator": "all",
            "event_name": "role:value",
            "min_events": 3,
            "min_distinct_users": 1,
            "min_distinct_days": 2,
            "within_days": 30,
            "anchor": "rolling",
            "is_active": True,
        }
    ],
}


def read(path: Path) -> Rows:
    """The rows of a CSV file; an empty cell is null."""
    with path.open(newline="") as file:
        return [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(file)]


def shape_of(case: str) -> str:
    """The shape in which a folder tells its revenue."""
    return next(shape for shape in SHAPES if (CASES / case / f"{shape}.csv").is_file())


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """Gives the project in which a case is built, once for all cases of its shape."""

    @cache
    def built(shape: str, alone: str | None) -> Project:
        together = [alone] if alone else [case for case in ANSWERED if case not in OWN_SETTINGS]
        inputs: dict[str, Rows] = defaultdict(list)
        for folder in [BACKGROUND, *(case for case in together if shape_of(case) == shape)]:
            for relation in INPUT_TYPES:
                if (file := CASES / folder / f"{relation}.csv").is_file():
                    inputs[relation] += read(file)
            inputs["revenue"] += read(CASES / folder / f"{shape}.csv")
        settings = SETTINGS | {"plr_revenue_shape": shape} | OWN_SETTINGS.get(alone, {})
        project = Project(tmp_path_factory.mktemp(alone or shape), inputs, settings, RULES)
        project.build()
        return project

    return lambda case: built(shape_of(case), case if case in OWN_SETTINGS else None)


def is_same(expected: str | None, found: Any) -> bool:
    """A number as a number, anything else as it is written."""
    if expected is None or found is None:
        return expected is found
    if isinstance(found, int | float | Decimal) and not isinstance(found, bool):
        return Decimal(expected) == Decimal(str(found))
    return expected.lower() == str(found).lower()


@pytest.mark.parametrize("case", ANSWERED)
def test_case(case: str, build: Callable[[str], Project], say: Callable[[str], None]) -> None:
    if not (CASES / case).is_dir():
        pytest.skip(f"no case in {CASES / case}: set PLR_FIELD_CASES to its parent folder")
    project = build(case)
    wrong = []
    for fact in read(CASES / case / "expected.csv"):
        [row] = project.query(fact["query"]) or [{"": None}]
        [found] = row.values()
        say(f"{fact['what']:<100} expected {fact['expected']:>8}  found {found!s:>8}")
        if not is_same(fact["expected"], found):
            wrong.append(f"{fact['what']}: expected {fact['expected']}, found {found}")
    assert not wrong, "\n".join(wrong)
