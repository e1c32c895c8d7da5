"""Finds in a statement what its warehouse cannot do, by the table traps.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlglot
import yaml
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

TABLE = Path(__file__).with_name("traps.yml")
DIALECTS = {
    "bigquery": "bigquery",
    "clickhouse": "clickhouse",
    "databricks": "databricks",
    "redshift": "redshift",
    "snowflake": "snowflake",
    "sqlserver": "tsql",
    "trino": "trino",
}
QUOTED = re.compile(r"'((?:[^']|'')*)'")
NOISE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL)


@dataclass(frozen=True)
class Trap:
    """One row of the table."""

    trap: str
    warehouses: tuple[str, ...]
    find: Mapping[str, Any]
    why: str
    instead: str
    sample: str


def traps() -> list[Trap]:
    """The table."""
    return [
        Trap(row["trap"], tuple(row["in"]), row["find"], row["why"], row["instead"], row["sample"])
        for row in yaml.safe_load(TABLE.read_text())
    ]


class Statement:
    """A statement as text and as the trees that sqlglot reads; raises where it cannot."""

    def __init__(self, sql: str, warehouse: str) -> None:
        self.warehouse = warehouse
        self.sql = sql
        self.code = NOISE.sub(lambda found: "''" if found[0][0] == "'" else " ", sql).lower()
        trees = sqlglot.parse(sql, dialect=DIALECTS[warehouse])
        self.nodes = [node for tree in trees if tree for node in tree.walk()]

    def caught(self, trap: Trap) -> str | None:
        """The part of the statement that falls into the trap."""
        return next(self._found(trap.find), None)

    def _found(self, find: Mapping[str, Any]) -> Iterator[str]:
        if "text" in find and (match := re.search(find["text"], self.code)):
            yield match[0]
        if "quoted" in find:
            yield from (text for text in QUOTED.findall(self.sql) if re.match(find["quoted"], text))
        if "words" in find:
            yield from self._reserved(find["words"], find.get("but", ""))
        if "node" in find:
            yield from (node.sql()[:80] for node in self.nodes if fits(node, find))

    def _reserved(self, words: str, but: str) -> Iterator[str]:
        listed = set(words.split())
        if words == "dialect":
            dialect = Dialect.get_or_raise(DIALECTS[self.warehouse])
            listed = set(dialect.generator_class.RESERVED_KEYWORDS) - set(but.split())
        for node in self.nodes:
            if isinstance(node, exp.Identifier) and not node.quoted and node.name.lower() in listed:
                yield node.name


def fits(node: exp.Expression, find: Mapping[str, Any]) -> bool:
    """Whether a node is of the kind and has, lacks and holds what the row says."""
    kinds = find["node"] if isinstance(find["node"], list) else [find["node"]]
    content = node.this.unnest() if isinstance(node.this, exp.Expression) else None
    return (
        type(node).__name__ in kinds
        and all(node.args.get(part) for part in find.get("has", ()))
        and not any(node.args.get(part) for part in find.get("lacks", ()))
        and ("of" not in find or type(content).__name__ in find["of"])
        and ("without" not in find or not node.find(getattr(exp, find["without"])))
    )
