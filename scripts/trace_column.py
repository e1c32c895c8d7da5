"""Say where a column is made, and of which inputs: `make trace COLUMN=plr_mrr_movements.churn_mrr`.

Read from the SQL as dbt compiles it for the empty company, so nothing is kept by hand. Models that
hand a column on unchanged are skipped. What decides which rows there are, joins and filters, is not
followed: the other models read at a place are named beside it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from sqlglot import exp, parse_one
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "integration_tests" / "projects" / "empty_company" / "target" / "trace"
PACKAGE = "product_led_revenue"
INPUT = "stg_plr__"
ROWS = "*"  # of a count: the rows of a model, none of its columns


class Column(NamedTuple):
    """A column of a model; ROWS stands for how many rows it has."""

    model: str
    name: str

    def __str__(self) -> str:
        return f"rows of {self.model}" if self.name == ROWS else f"{self.model}.{self.name}"


class Step(NamedTuple):
    """What a model does to a column, from which it takes it."""

    sources: frozenset[Column]
    made: tuple[tuple[str, str], ...]  # CTEs and their columns, the last first; none: handed on


def is_handed_on(value: exp.Expression) -> bool:
    """A bare column, whatever its type; null may be filled up with a constant."""
    value = value.unalias()
    if isinstance(value, exp.Coalesce):
        return not any(more.find(exp.Column) for more in value.expressions) and is_handed_on(
            value.this
        )
    if isinstance(value, (exp.Cast, exp.Paren)):
        return is_handed_on(value.this)
    return isinstance(value, exp.Column)


def columns_in(value: exp.Expression) -> list[exp.Column]:
    """The columns that a value is made of; not those that only part a window."""
    parts = {
        id(column)
        for window in value.find_all(exp.Window)
        for part in window.args.get("partition_by") or []
        for column in part.find_all(exp.Column)
    }
    return [column for column in value.find_all(exp.Column) if id(column) not in parts]


def rows_of(scope: Scope) -> Iterator[Column]:
    """The models whose rows a query has."""
    for part in scope.set_operation_scopes:
        yield from rows_of(part)
    if not scope.set_operation_scopes:
        for _, source in scope.selected_sources.values():
            if isinstance(source, Scope):
                yield from rows_of(source)
            else:
                yield Column(source.name, ROWS)


def together(steps: Iterable[Step]) -> Step:
    """Several steps as one."""
    steps = list(steps)
    made = dict.fromkeys(made for step in steps for made in step.made)
    return Step(frozenset().union(*(step.sources for step in steps)), tuple(made))


class Query:
    """The columns of one model, followed through its CTEs."""

    def __init__(self, sql: str, columns: dict[str, list[str]]) -> None:
        """Columns are those of the models that it may read."""
        tree = parse_one(sql, read="duckdb")
        for table in tree.find_all(exp.Table):
            table.set("db", None)
            table.set("catalog", None)
        schema = {model: dict.fromkeys(names, "text") for model, names in columns.items()}
        self.tree = qualify(tree, dialect="duckdb", schema=schema, validate_qualify_columns=False)
        self.columns: list[str] = self.tree.named_selects
        self.ctes = {id(cte.this): cte.alias for cte in self.tree.find_all(exp.CTE)}
        self.seen: dict[tuple[int, int], Step] = {}

    def steps(self) -> dict[str, Step]:
        """Each column's step."""
        scope = build_scope(self.tree)
        return {name: self.step(scope, place) for place, name in enumerate(self.columns)}

    def step(self, scope: Scope, place: int) -> Step:
        """What becomes of the column at a place of a query; of unions, of all their parts."""
        key = id(scope), place
        if key not in self.seen:
            self.seen[key] = Step(frozenset(), ())  # a query may read itself
            self.seen[key] = self.followed(scope, place)
        return self.seen[key]

    def followed(self, scope: Scope, place: int) -> Step:
        """The same, not remembered."""
        here = self.ctes.get(id(scope.expression), "")
        if parts := scope.set_operation_scopes:
            return together(self.step(part, place) for part in parts)
        value = scope.expression.selects[place]
        found = columns_in(value)
        steps = [Step(frozenset(), () if is_handed_on(value) else ((here, value.alias_or_name),))]
        for column in found:
            source = scope.sources[column.table]
            if isinstance(source, Scope):
                names = source.expression.named_selects
                steps.append(self.step(source, names.index(column.name)))
            else:
                steps.append(Step(frozenset([Column(source.name, column.name)]), ()))
        step = together(steps)
        if not step.sources and value.find(exp.AggFunc, exp.Window):  # a count
            step = Step(frozenset(rows_of(scope)), step.made)
        return step


class Lineage:
    """Where the package's columns come from."""

    def __init__(self, target: Path = TARGET) -> None:
        """Target is where dbt compiled the package."""
        manifest = json.loads((target / "manifest.json").read_text())
        self.models: dict[str, dict[str, Any]] = {
            node["name"]: node
            for node in manifest["nodes"].values()
            if node["package_name"] == PACKAGE and node["resource_type"] == "model"
        }
        self.compiled = target / "compiled" / PACKAGE
        self.columns: dict[str, list[str]] = {}
        self.steps: dict[Column, Step] = {}
        for model in sorted(self.models):
            self.read(model)

    def parents(self, model: str) -> list[str]:
        """The models that a model reads."""
        names = (node.split(".")[-1] for node in self.models[model]["depends_on"]["nodes"])
        return [name for name in names if name in self.models]

    def read(self, model: str) -> None:
        """Follow a model's columns, those of its parents first; inputs are the end of the way."""
        if model in self.columns:
            return
        if model.startswith(INPUT):
            self.columns[model] = list(self.models[model]["columns"])
            return
        for parent in self.parents(model):
            self.read(parent)
        file = self.compiled / self.models[model]["original_file_path"]
        query = Query(file.read_text(), self.columns)
        self.columns[model] = query.columns
        self.steps |= {Column(model, name): step for name, step in query.steps().items()}

    def made(self, column: Column) -> set[Column]:
        """Where it is made: the column itself, unless its model only hands it on."""
        step = self.steps.get(column)
        if not step or step.made or not step.sources:
            return {column}
        return set().union(*(self.made(source) for source in step.sources))

    def sources(self, column: Column) -> list[Column]:
        """What a column is made of, each where it is made."""
        step = self.steps.get(column)
        return sorted(set().union(*(self.made(source) for source in step.sources))) if step else []

    def way(self, column: Column) -> list[Column]:
        """The places where a column is made, the nearest first, and the inputs at the end."""
        way = sorted(self.made(column))
        for place in way:
            way += [source for source in self.sources(place) if source not in way]
        return way

    def inputs(self, column: Column) -> tuple[str, set[Column]]:
        """How it hangs on inputs, and the columns; of one of fixed words the rows of inputs."""
        way = self.way(column)
        if found := {place for place in way if place.model.startswith(INPUT)}:
            return "the inputs that it is made of", found
        models = [place.model for place in way]
        for model in models:
            if not model.startswith(INPUT):
                models += [parent for parent in self.parents(model) if parent not in models]
        found = {Column(model, ROWS) for model in models if model.startswith(INPUT)}
        return "no input's value: a fixed word or a count, by the rows of", found

    # --- in the files -----------------------------------------------------------------------------

    def description(self, column: Column) -> str:
        """The first sentence of what its YAML says."""
        node = self.models[column.model]
        said = node if column.name == ROWS else node["columns"].get(column.name, {})
        text = " ".join(said.get("description", "").split())
        return re.split(r"(?<=[.?]) ", text)[0]

    def place(self, column: Column) -> tuple[str, list[str]]:
        """File and line of a column, and the definitions that its model calls to make it."""
        file = self.models[column.model]["original_file_path"]
        if not (step := self.steps.get(column)):
            return file, []
        lines = (ROOT / file).read_text().splitlines()
        places = step.made or (("", column.name),)
        items = [found for cte, name in places if (found := item(lines, cte or "final", name))]
        called = re.findall(
            r"\b(plr_\w+)\(", "\n".join(line for _, found in items for line in found)
        )
        known = [name for name in dict.fromkeys(called) if name in self.definitions]
        line = f":{items[0][0]}" if items else ""
        return f"{file}{line}", [f"{name}, {self.definitions[name]}" for name in known]

    @cached_property
    def definitions(self) -> dict[str, str]:
        """Where each contestable definition stands."""
        found = {}
        for file in sorted((ROOT / "macros" / "definitions").glob("*.sql")):
            for number, line in enumerate(file.read_text().splitlines(), 1):
                if macro := re.match(r"{%-? macro (?:default__)?(plr_\w+)\(", line):
                    found[macro[1]] = f"{file.relative_to(ROOT)}:{number}"
        return found

    # --- in words ---------------------------------------------------------------------------------

    def story(self, column: Column) -> Iterator[str]:
        """What `make trace` prints."""
        way = self.way(column)
        nearest = [place for place in way if place in self.made(column)]
        yield f"{column}: {self.description(column)}"
        if nearest == [column]:
            yield "made here"
        else:
            yield f"handed on as it is from {self.place(column)[0]}, and made in"
        yield from self.told(nearest)
        how, found = self.inputs(column)
        inputs: dict[str, list[str]] = {}
        for model, name in sorted(found):
            inputs.setdefault(model, []).append("rows" if name == ROWS else name)
        yield f"\n{how}"
        for model, names in inputs.items():
            file = self.models[model]["original_file_path"]
            yield f"  {model.removeprefix(INPUT)}: {', '.join(names)} ({file})"
        further = [
            place for place in way if place not in nearest and not place.model.startswith(INPUT)
        ]
        if further:
            yield "\nbetween, the nearest first"
            yield from self.told(further)

    def told(self, places: list[Column]) -> Iterator[str]:
        """Each place with its file, what defines it and what it takes."""
        for place in places:
            file, definitions = self.place(place)
            yield f"  {place} ({file})"
            if description := self.description(place):
                yield f"    {description}"
            for definition in definitions:
                yield f"    defined by {definition}"
            if sources := self.sources(place):
                yield f"    from {', '.join(map(str, sources))}"
            if place in self.steps:
                taken = {source.model for source in (*sources, *self.steps[place].sources)}
                if others := sorted(set(self.parents(place.model)) - taken):
                    yield f"    its rows hang on {', '.join(others)}, too"


def item(lines: list[str], cte: str, name: str) -> tuple[int, list[str]] | None:
    """The lines of a CTE's select list that end with a column, and the number of the last.

    Where a macro or a star names it, the first line of the CTE.
    """
    head, tail = re.compile(rf"\s*{cte} as \("), re.compile(rf"(?:\bas |\.|^\s*){name},?$")
    begins = next((at for at, line in enumerate(lines) if head.match(line)), None)
    if begins is None:
        return None
    ends = next((at for at in range(begins, len(lines)) if tail.search(lines[at])), begins)
    for start in range(ends, begins, -1):
        found, before = lines[start : ends + 1], lines[start - 1].strip()
        text = "\n".join(found)
        if text.count("(") == text.count(")") and before.endswith((",", "select", "distinct")):
            return ends + 1, found
    return begins + 1, []


def main(asked: str) -> int:
    """Tell of a column; of a name alone, which models have it."""
    lineage = Lineage()
    model, _, name = asked.rpartition(".")
    column = Column(model, name)
    if column in lineage.steps:
        print("\n".join(lineage.story(column)))
        return 0
    known = [str(one) for one in lineage.steps]
    near = [one for one in known if one.endswith(f".{name}")] if not model else []
    near = near or get_close_matches(asked, known)
    print("Name a model's column, as COLUMN=plr_mrr_movements.churn_mrr.", *near, sep="\n  ")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
