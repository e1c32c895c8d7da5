"""The package compiled for warehouses that cannot run here, read in each one's dialect by sqlglot,
and searched for what that warehouse cannot do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlglot.errors import SqlglotError

from harness import skip_for_want
from offline import compile_for, missing
from records import forget, write_record
from traps import DIALECTS, Statement, Trap, traps

pytestmark = pytest.mark.heavy
TRAPS = traps()
# these fall into traps that only uglier SQL for everybody would avoid: traps.yml says which
NOT_YET = {"clickhouse", "sqlserver"}


@pytest.mark.parametrize(
    ("trap", "warehouse"),
    [
        pytest.param(trap, name, id=f"{trap.trap} on {name}")
        for trap in TRAPS
        for name in trap.warehouses
    ],
)
def test_every_trap_can_be_seen(trap: Trap, warehouse: str) -> None:
    with suppress(SqlglotError):  # where the parser refuses it already
        assert Statement(trap.sample, warehouse).caught(trap)


@pytest.mark.parametrize("warehouse", DIALECTS)
def test_nothing_compiled_falls_into_a_trap(
    warehouse: str, tmp_path: Path, say: Callable[[str], None]
) -> None:
    forget(f"{warehouse}_compiled")
    skip_for_want(missing())
    compiled = compile_for(warehouse, tmp_path)
    mine = [trap for trap in TRAPS if warehouse in trap.warehouses]
    caught: dict[str, str] = {}
    for name, sql in compiled.statements.items():
        statement = Statement(sql, warehouse)
        for trap in mine:
            if part := statement.caught(trap):
                caught.setdefault(trap.trap, f"{name}: {part}")

    is_ready = warehouse not in NOT_YET
    told = "\n".join(f"{trap}: {where}" for trap, where in caught.items())
    assert not caught if is_ready else caught, told or f"{warehouse} is ready"
    note = f"none of {len(mine)} known traps met"
    if not is_ready:
        note = f"meets {', '.join(sorted(caught))}"
    write_record(
        f"{warehouse}_compiled",
        warehouse,
        version=compiled.adapter,
        how="compiled and parsed" if is_ready else "not yet",
        models=compiled.counts["model"],
        data_tests=compiled.counts["test"],
        note=note,
    )
    say(f"{warehouse}: {len(compiled.statements)} statements, {len(mine)} traps, {len(caught)} met")
