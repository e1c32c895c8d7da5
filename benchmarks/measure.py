"""Run dbt or the floor in this process and print what it cost as JSON; bench.py starts it, so that
peak memory is that of one thing alone.

    python benchmarks/measure.py dbt <project folder> build
    python benchmarks/measure.py floor <database> <file of SQL>

Every SQL statement is timed on its own, dbt's between the events it sends before and after: seconds
on the clock, and seconds of the processor, which tell more on a machine that others share.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any

MAX_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
BLOCK = 512

Costs = dict[str, dict[str, float]]


class Clock:
    """Adds up the seconds of statements by the thing they are for."""

    def __init__(self) -> None:
        self.costs: Costs = {}
        self._began = (0.0, 0.0)

    def start(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def stop(self, name: str) -> None:
        cost = self.costs.setdefault(name, {"seconds": 0.0, "cpu_seconds": 0.0})
        cost["seconds"] += time.perf_counter() - self._began[0]
        cost["cpu_seconds"] += time.process_time() - self._began[1]


def run_dbt(folder: str, *command: str) -> dict[str, Any]:
    """The costs of each node, and the nodes that failed."""
    from dbt.cli.main import dbtRunner

    clock = Clock()

    def listen(message: Any) -> None:
        """dbt runs with one thread: between these two there is only the statement."""
        if message.info.name == "SQLQuery":
            clock.start()
        elif message.info.name == "SQLQueryStatus":
            clock.stop(message.data.node_info.unique_id or "dbt")

    os.chdir(folder)
    outcome = dbtRunner(callbacks=[listen]).invoke([*command, "--profiles-dir", "."])
    results = getattr(outcome.result, "results", [])
    kinds = [result.node.resource_type.value for result in results]
    return {
        "ok": outcome.success,
        "costs": clock.costs,
        "nodes": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
    }


def run_floor(database: str, sql_file: str, memory: str) -> dict[str, Any]:
    """The costs of each statement, named by the relation it creates."""
    import duckdb

    clock = Clock()
    with duckdb.connect(database) as connection:
        connection.execute(f"set threads = 2; set memory_limit = '{memory}'")
        for statement in Path(sql_file).read_text().split(";\n"):
            if created := re.search(r"^create (?:table|view) (\w+)", statement, re.MULTILINE):
                clock.start()
                connection.execute(statement)
                clock.stop(created[1])
    return {"ok": True, "costs": clock.costs}


def main() -> None:
    began = time.perf_counter()
    what, *arguments = sys.argv[1:]
    # stdout carries the answer, what dbt prints goes to stderr
    with contextlib.redirect_stdout(sys.stderr):
        answer = {"dbt": run_dbt, "floor": run_floor}[what](*arguments)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    answer |= {
        "seconds": time.perf_counter() - began,
        "peak_bytes": usage.ru_maxrss * MAX_RSS_UNIT,
        "written_bytes": usage.ru_oublock * BLOCK,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
