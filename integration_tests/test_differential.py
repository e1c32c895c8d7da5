"""The built package against the plain Python reference, on random companies.

Every row and column of every mart has to agree, for each of the builds in companies/builds.py.

    PLR_COMPANIES=500 pytest test_differential.py                    more companies a build
    PLR_SEEDS=17,230 pytest test_differential.py -k invoices_with    only these, after a failure
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

import differences
from companies import BUILDS, EVENT_ROLES, Build, deliver
from harness import Project, Rows
from reference import compute

COMPANIES = int(os.environ.get("PLR_COMPANIES", "100"))
SEEDS = os.environ.get("PLR_SEEDS")

compared: dict[str, dict[str, Rows]] = {}  # build → mart → rows on which both agree


def seeds() -> list[int]:
    """The companies of every build."""
    return [int(seed) for seed in SEEDS.split(",")] if SEEDS else list(range(1, COMPANIES + 1))


@pytest.mark.parametrize("build", BUILDS, ids=lambda build: build.name)
def test_every_row_agrees(build: Build, tmp_path: Path) -> None:
    inputs = deliver(build, seeds())
    rules = {"plr_event_roles": EVENT_ROLES, "plr_activity_rules": build.rules.rows}
    if build.contact_rules is not None:
        rules["plr_contact_rules"] = build.contact_rules
    expected = compute(inputs, rules, build.vars)

    durations = {"plr_contact_rules": {"min_duration_minutes": "int"}}
    project = Project(tmp_path, inputs, build.vars, rules, types=durations)
    project.build("--resource-type", "model", "--resource-type", "seed")
    found = {mart: project.mart(mart) for mart in expected}

    wrong = differences.compare_quarantine(expected["plr_quarantine"], found["plr_quarantine"])
    for mart in differences.KEYS:
        wrong += differences.compare(mart, expected[mart], found[mart])
    assert not wrong, "\n" + differences.report(wrong, inputs, expected)
    compared[build.name] = expected
