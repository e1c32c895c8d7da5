"""The connectors' cases of connectors/<tool>.yml: tables of each tool, and what must come of them.

    project = with_all_tools(folder)      # every tool on, its tables written; yet to be built
    differences_from_cases(project.mart, TOOLS["stripe"])

Cases of a tool are built together, and all tools in one project on DuckDB; another warehouse takes
its tables and vars from there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

import write_messages
from harness import ROOT, Project, Row, Rows, write_table

CASES = ROOT / "integration_tests" / "connectors"
FEEDS = write_messages.table("vars.sql", "plr_connectors")
ALWAYS_THERE = {"plr_as_of_date": "2024-12-31", "plr_revenue_shape": "invoices"}
SELECTED = "+product_led_revenue.staging.connectors"  # all models of all connectors, to dbt


@dataclass(frozen=True)
class Tool:
    """A tool's tables, its cases and the inputs that it feeds."""

    name: str
    said: dict[str, Any]

    @property
    def feeds(self) -> list[str]:
        """The inputs for which the connector has a model; what serves only its own is private."""
        cases = self.said["cases"]
        return sorted({relation for case in cases for relation in case.get("expect", {})})

    @property
    def models(self) -> dict[str, str]:
        """The model that delivers each."""
        return {relation: f"base_{self.name}__{relation}" for relation in self.feeds}

    def rows(self, table: str) -> Rows:
        """A table's rows of all cases, filled up with what a row that is silent has."""
        default = self.said.get("defaults", {}).get(table, {})
        given = (case["given"].get(table, []) for case in self.said["cases"])
        return [default | row for rows in given for row in rows]

    def expected(self, relation: str) -> Iterator[tuple[str, Row]]:
        """What must come out, each row with its case."""
        for case in self.said["cases"]:
            for row in case.get("expect", {}).get(relation, []):
                yield case["name"], row

    def write(self, database: Path) -> None:
        """Write all its tables, in a schema of its own unless a table's name says another."""
        for name, types in self.said["tables"].items():
            schema, _, table = name.rpartition(".")
            write_table(database, table, self.rows(name), types, schema or self.name)


TOOLS = {
    file.stem: Tool(file.stem, yaml.safe_load(file.read_text()))
    for file in sorted(CASES.glob("*.yml"))
}
DOMAIN = TOOLS.pop("domain")  # links accounts of the others, so it needs other rows of them


def write_tables(
    database: Path, schema: str, types: dict[str, dict[str, str]], filled: dict[str, Rows]
) -> None:
    """Write a tool's tables into a schema of their own."""
    for table, rows in filled.items():
        write_table(database, table, rows, types[table], schema)


def vars_of(
    feeds: Mapping[str, Iterable[str]], of_tools: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The vars of a project that connectors feed, by tool and input, with what each tool needs."""
    found: dict[str, Any] = {}
    for tool, relations in feeds.items():
        for relation in relations:
            if relation == "revenue" and "revenue_periods" in FEEDS[tool]:
                continue  # the door takes one shape; its model is there for the tool's contracts
            found.setdefault(f"plr_input_{relation}", []).append(f"connector:{tool}")
    for own in of_tools:
        for name, value in own.items():  # a var of all tools is a map by tool
            found[name] = found.get(name, {}) | value if isinstance(value, dict) else value
    return found


def with_all_tools(folder: Path) -> Project:
    """A project in which every input that a connector feeds is fed by them all."""
    feeds = {tool.name: tool.feeds for tool in TOOLS.values()}
    of_tools = [tool.said["vars"] for tool in TOOLS.values()]
    project = Project(folder, {}, ALWAYS_THERE | vars_of(feeds, of_tools))
    for tool in TOOLS.values():
        tool.write(project.database)
    return project


def linked_by_domain(folder: Path) -> Project:
    """A project in which accounts of several tools are linked by their domains."""
    project = Project(folder, {}, ALWAYS_THERE | DOMAIN.said["vars"])
    DOMAIN.write(project.database)
    return project


def plain(value: Any) -> Any:
    """A value as YAML writes it and as a warehouse gives it, made comparable."""
    if isinstance(value, (Decimal, float)):
        return round(float(value), 6)
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return value
    spaced = re.sub(r"^(\d{4}-\d\d-\d\d)T(?=\d\d:\d\d)", r"\1 ", str(value))
    return re.sub(r"(\d\d:\d\d):00$", r"\1", spaced)


def comparable(value: Any) -> Any:
    """A value whose last digits, or whose midnight, may be written otherwise elsewhere."""
    value = plain(value)
    if isinstance(value, float):
        return round(value, 3) + 0
    return value.removesuffix(" 00:00") if isinstance(value, str) else value


def row_differences(delivered: Rows, expected: Rows) -> list[str]:
    """A few rows that nobody delivers, or that nobody expects, in the columns expected."""
    names = sorted(expected[0])
    ours, theirs = (
        Counter(tuple(comparable(row[name]) for name in names) for row in rows)
        for rows in (delivered, expected)
    )
    return [
        f"{what}: {dict(zip(names, row, strict=True))}"
        for what, rows in {"not delivered": theirs - ours, "not expected": ours - theirs}.items()
        for row in sorted(rows.elements(), key=str)[:3]
    ]


def differences_from_cases(rows_of: Callable[[str], Rows], tool: Tool) -> list[str]:
    """What a case expects and nothing delivers, and what is delivered and nothing expects."""
    found = {relation: rows_of(model) for relation, model in tool.models.items()}
    problems = []
    for relation, rows in found.items():
        left = [{name: plain(value) for name, value in row.items()} for row in rows]
        for case, row in tool.expected(relation):
            wanted = {name: plain(value) for name, value in row.items()}
            same = [has for has in left if wanted.items() <= has.items()]
            if same:
                left.remove(same[0])
            else:
                problems.append(f"{relation}: no row of '{case}': {wanted}")
        problems += [f"{relation}: nobody expects {row}" for row in left]
    return problems
