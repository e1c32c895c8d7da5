"""The numbered edge cases of cases.yml, each through the package's SQL and through the reference.

pytest tests/test_cases.py -k case_07      one of them
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import pytest

import differences
from cases import builds, complaints, label, unread
from harness import MODELS_ONLY, Project, Row, Rows
from reference import InputError, compute

BUILDS = {build.name: build for build in builds()}
EVERY = [(case, build.name) for build in BUILDS.values() for case in build.cases]
NAMES = [f"{label(case)}, {build}".replace(" ", "_") for case, build in EVERY]
MARTS = (*(mart for mart in differences.KEYS if mart != differences.ASKED_FOR), "plr_quarantine")
MISSING = re.compile(r"missing_\w+ \w+ \d{4}-\d\d-\d\d")


@dataclass
class Outcome:
    """The marts of a build, or what it said when it stopped."""

    marts: dict[str, Rows] = field(default_factory=dict)
    stops: list[str] = field(default_factory=list)
    said: str = ""


@cache
def by_reference(name: str) -> Outcome:
    """What the reference makes of a build."""
    build = BUILDS[name]
    try:
        return Outcome(compute(build.inputs, build.rules, build.vars))
    except InputError as error:
        return Outcome(stops=[f"{error.code} {missing}" for missing in error.detail.split(", ")])


@pytest.fixture(scope="module")
def by_dbt(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Outcome]:
    """What the package makes of a build; made once, when a case first asks for it."""

    @cache
    def made(name: str) -> Outcome:
        build = BUILDS[name]
        folder = tmp_path_factory.mktemp(name.replace(" ", "_"))
        project = Project(folder, build.inputs, build.vars, build.rules)
        result = project.dbt("build", *MODELS_ONLY)
        if result.ok:
            return Outcome({mart: project.mart(mart) for mart in MARTS})
        assert MISSING.search(result.output), result.output
        return Outcome(stops=sorted({*MISSING.findall(result.output)}), said=result.output)

    return made


def test_every_case_is_in_the_table() -> None:
    assert {case["case"] for case, _ in EVERY} >= {*range(1, 43)}


def test_no_word_of_the_table_is_passed_over() -> None:
    assert not unread(BUILDS.keys())


@pytest.mark.parametrize(("case", "build"), EVERY, ids=NAMES)
def test_case_by_reference(case: Row, build: str) -> None:
    check(case, by_reference(build))


@pytest.mark.parametrize(("case", "build"), EVERY, ids=NAMES)
def test_case_by_dbt(case: Row, build: str, by_dbt: Callable[[str], Outcome]) -> None:
    outcome = by_dbt(build)
    check(case, outcome)
    assert case.get("says", "") in outcome.said


def check(case: Row, outcome: Outcome) -> None:
    """All that the table says of a case."""
    assert outcome.stops == case.get("stops", [])
    found = [] if outcome.stops else complaints(case, outcome.marts)
    assert not found, "\n".join([case["title"], *found])


@pytest.mark.parametrize("build", [name for name in BUILDS if "missing" not in name])
def test_both_agree_on_every_row(build: str, by_dbt: Callable[[str], Outcome]) -> None:
    expected = by_reference(build).marts
    wrong = differences.compare_all(expected, by_dbt(build).marts)
    assert not wrong, "\n" + differences.report(wrong, BUILDS[build].inputs, expected)
