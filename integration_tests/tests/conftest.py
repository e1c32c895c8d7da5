"""What every test module shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

import install_packages
from demo_project import demo_project
from harness import EMPTY_COMPANY, UNIT_TESTS

LONGEST = {"test_differential", "test_incremental", "test_spark", "test_style", "test_unit_tests"}


def pytest_configure(config: pytest.Config) -> None:
    """Get dbt_utils once, before the workers start."""
    if not hasattr(config, "workerinput"):
        install_packages.install(EMPTY_COMPANY)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest modules: a worker that came to one last would work on it alone."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two folders written by two runs of the demo's generator, under different hash seeds."""
    folder = demo_project(tmp_path_factory)
    return [folder / "run1", folder / "run2"]


@pytest.fixture(scope="module")
def built(made: list[Path]) -> Path:
    """The demo's database, built in a copy of its project as `make demo` builds it."""
    return made[0] / "plr_demo.duckdb"


@pytest.fixture(scope="module")
def marts(built: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The demo's built database, to read."""
    with duckdb.connect(str(built), read_only=True) as connection:
        yield connection


@pytest.fixture
def with_unit_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let dbt read the package's unit tests, too."""
    monkeypatch.setenv(UNIT_TESTS, "unit_tests")


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Print a line at the end of the run, such as how much was compared."""
    return lambda line: record_property("said", line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests said."""
    said = [
        (report.nodeid.split("::")[0], value)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in report.user_properties
        if name == "said"
    ]
    if said:
        terminalreporter.section("compared")
    for module, line in said:
        terminalreporter.write_line(f"{module}: {line}")
