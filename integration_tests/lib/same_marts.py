"""Compares the marts of another warehouse with DuckDB's, row by row.

Everything is compared exactly, money to its last decimal, but for the ratios: twelve decimals that
come from a division of eight-byte floats, equal within a billionth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb

from differences import KEYS
from harness import ROOT

CHANGES = "plr_origin_changes"  # tells of the runs before, so each warehouse has its own
MARTS = sorted(
    file.stem for file in (ROOT / "models" / "marts").rglob("*.sql") if file.stem != CHANGES
)
RATIO = "DECIMAL(28,12)"
NEAR = "1e-9"


def _as(data_type: str, name: str) -> str:
    """A column as DuckDB's type; money with decimals to spare, so that none is rounded away."""
    wide = "DECIMAL(38,12)" if data_type.startswith("DECIMAL") else data_type
    return f'cast("{name}" as {wide}) as "{name}"'


def check(database: Path, source: Callable[[str], str], marts: Iterable[str] = MARTS) -> None:
    """Every mart of a DuckDB file must be what DuckDB selects from its `source`."""
    found = [line for mart in marts for line in differences(database, mart, source(mart))]
    assert not found, "\n".join(found)


def differences(database: Path, mart: str, theirs: str) -> list[str]:
    """What of a mart is not the same; `theirs` is what DuckDB selects the other rows from."""
    with duckdb.connect(str(database), read_only=True) as ours:
        ours.execute("set timezone = 'UTC'")
        types = {name: kind for name, kind, *_ in ours.execute(f"describe {mart}").fetchall()}
        assert not {"DOUBLE", "FLOAT"} & set(types.values()), f"{mart} has a column of floats"
        ratios = [name for name, kind in types.items() if kind == RATIO]
        columns = ", ".join(_as(kind, name) for name, kind in types.items())
        ours.execute(f"create temp table ours as select {columns} from {mart}")
        ours.execute(f"create temp table theirs as select {columns} from {theirs}")

        exact = f"* exclude ({', '.join(ratios)})" if ratios else "*"
        found = [
            f"{mart}: only {side}: {row}"
            for side, one, other in (("here", "ours", "theirs"), ("there", "theirs", "ours"))
            for row in ours.execute(
                f"select {exact} from {one} except all select {exact} from {other} limit 3"
            ).fetchall()
        ]
        for ratio in ratios if not found else []:
            key = ", ".join(KEYS[mart])
            a, b = f"ours.{ratio}", f"theirs.{ratio}"
            found += [
                f"{mart}.{ratio}: {row}"
                for row in ours.execute(
                    f"select {key}, {a}, {b} from ours inner join theirs using ({key}) where "
                    f"({a} is null) <> ({b} is null) "
                    f"or abs({a} - {b}) > {NEAR} * greatest(1, abs({a})) limit 3"
                ).fetchall()
            ]
        return found
