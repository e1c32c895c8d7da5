"""`make help` lists every command, and CI's jobs together run what `make test` and its like run."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections import Counter

import yaml

from harness import ROOT

TESTS = ROOT / "integration_tests"
WORKFLOW = ROOT / ".github" / "workflows" / "test.yml"
# what the commands run that take no TESTS
FIXED = {
    "lint": ["tests/test_style.py"],
    "diff": ["tests/test_differential.py"],
    "proved": ["tests/test_warehouse_table.py"],
}


def test_help_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", "")
    commands = re.search(r"^\.PHONY: (.*) FORCE$", makefile, re.MULTILINE).group(1).split()
    help_ = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    assert sorted(re.findall(r"^make (\S+) ", help_, re.MULTILINE)) == sorted(commands)


def test_every_python_is_run_and_named() -> None:
    pythons = re.search(r"^PYTHONS := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    looked_for = re.findall(r"python(3\.\d+)", pythons.group(1))
    jobs = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    [whole] = {
        step["with"]["python-version"]
        for job in ("test", "proved")
        for step in jobs[job]["steps"]
        if "setup-python" in step.get("uses", "")
    }
    # the first is the one that runs everything
    assert looked_for[0] == whole
    assert sorted(looked_for) == sorted([whole, *jobs["pythons"]["strategy"]["matrix"]["python"]])
    needs = "Python 3.10, 3.11, 3.12 or 3.13, make and git"
    assert needs in (ROOT / "README.md").read_text()
    assert needs in (ROOT / "CONTRIBUTING.md").read_text()
    assert sorted(re.findall(r"3\.\d+", needs)) == sorted(looked_for)


def modules_of(command: str, marked: dict[str, set[str]]) -> list[str]:
    """The test modules that a command of CI runs."""
    _, target, *more = shlex.split(command)
    if target in FIXED:
        return FIXED[target]
    chosen = more[0].removeprefix("TESTS=").split()
    if named := [test for test in chosen if not test.startswith("--")]:
        # what a command's mark leaves out does not run, though it is named
        return [test for test in named if (test in marked["heavy"]) == (target == "test-engines")]
    assert target == "test"
    left = {test.removeprefix("--ignore=") for test in chosen}
    assert left <= marked["all"]
    return sorted(marked["all"] - left - marked["heavy"] - marked["last"])


def test_ci_runs_every_module_once() -> None:
    sources = {f"tests/{file.name}": file.read_text() for file in TESTS.glob("tests/test_*.py")}
    marked = {
        mark: {name for name, text in sources.items() if f"pytestmark = pytest.mark.{mark}" in text}
        for mark in ("heavy", "last")
    } | {"all": set(sources)}
    jobs = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    assert {"run": "${{ matrix.command }}"} in jobs["test"]["steps"]
    matrix = jobs["test"]["strategy"]["matrix"]["include"]
    commands = [*(job["command"] for job in matrix), jobs["proved"]["steps"][-1]["run"]]
    run = Counter(name for command in commands for name in modules_of(command, marked))
    assert run == Counter(sources.keys())
