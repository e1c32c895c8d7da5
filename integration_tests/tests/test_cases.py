"""The numbered edge cases of cases.yml, each through the package's SQL and through the reference.

    pytest tests/test_cases.py -k case_07      one of them
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import differences
import pytest
from cases import Build, builds, complaints, label
from harness import Project, Row, Rows
from reference import InputError, compute

BUILDS = builds()
EVERY = [(build, case) for build in BUILDS.values() for case in build.cases]
NAMES = [f"{label(case)} {build.name}".replace(" ", "_") for build, case in EVERY]
ONLY_MODELS = ("--resource-type", "model", "--resource-type", "seed")


@dataclass
class Outcome:
    """The marts of a build, or what it said when it stopped."""

    marts: dict[str, Rows] = field(default_factory=dict)
    stops: list[str] = field(default_factory=list)


def by_reference(build: Build) -> Outcome:
    """What the reference makes of a build."""
    try:
        return Outcome(compute(build.inputs, build.rules, build.vars))
    except InputError as error:
        return Outcome(stops=[f"{error.code} {missing}" for missing in error.detail.split(", ")])


@pytest.fixture(scope="module")
def by_dbt(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Build], Outcome]:
    """What the package makes of a build, when a case first asks for it."""
    known: dict[str, Outcome] = {}

    def build_once(build: Build) -> Outcome:
        if build.name not in known:
            folder = tmp_path_factory.mktemp(build.name.replace(" ", "_"))
            project = Project(folder, build.inputs, build.vars, build.rules)
            result = project.dbt("build", *ONLY_MODELS)
            missing = set(re.findall(r"missing_\w+ \w+ \d{4}-\d\d-\d\d", result.output))
            assert result.ok or missing, result.output
            marts = [*differences.KEYS, "plr_quarantine"] if result.ok else []
            known[build.name] = Outcome({mart: project.mart(mart) for mart in marts}, sorted(missing))
        return known[build.name]

    return build_once


def test_every_case_is_in_the_table() -> None:
    assert [*dict.fromkeys(case["case"] for _, case in sorted_by_number())] == [*range(1, 43)]


def sorted_by_number() -> list[tuple[Build, Row]]:
    """The cases in the order of the definitions."""
    return sorted(EVERY, key=lambda each: each[1]["case"])


@pytest.mark.parametrize("build, case", EVERY, ids=NAMES)
def test_case_by_reference(build: Build, case: Row) -> None:
    check(case, by_reference(build))


@pytest.mark.parametrize("build, case", EVERY, ids=NAMES)
def test_case_by_dbt(build: Build, case: Row, by_dbt: Callable[[Build], Outcome]) -> None:
    check(case, by_dbt(build))


def check(case: Row, outcome: Outcome) -> None:
    """Everything that the table says of a case."""
    assert outcome.stops == case.get("stops", [])
    if not outcome.stops:
        found = complaints(case, outcome.marts)
        assert not found, "\n".join([case["title"], *found])


@pytest.mark.parametrize("build", BUILDS.values(), ids=lambda build: build.name.replace(" ", "_"))
def test_both_agree_on_every_row(build: Build, by_dbt: Callable[[Build], Outcome]) -> None:
    expected, found = by_reference(build).marts, by_dbt(build).marts
    wrong = differences.compare_all(expected, found) if expected else []
    assert not wrong, "\n" + differences.report(wrong, build.inputs, expected)
