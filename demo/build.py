"""Build the demo with dbt: how far it is in one line, and whatever the package or dbt has to say.

    .venv/bin/python demo/build.py

dbt's own lines, some two for each model and test, are in demo/logs/dbt.log.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg

HERE = Path(__file__).resolve().parent
WIDE = 92


class Progress:
    """Writes over one line on a terminal; elsewhere a line for each quarter."""

    def __init__(self) -> None:
        self.quarter = 0

    def __call__(self, event: EventMsg) -> None:
        """Hear what dbt has to tell."""
        if event.info.name == "LogStartLine":
            self.step(event.data.index, event.data.total)
        elif event.info.name == "JinjaLogInfo" or event.info.level == "warn":  # errors show anyway
            self.say(event.info.msg)

    def step(self, done: int, of: int) -> None:
        """So many models and tests of so many have begun."""
        line = f"building the demo: {done} of {of} models, seeds and tests"
        if sys.stdout.isatty():
            print(f"\r{line}", end="" if done < of else "\n", flush=True)
        elif 4 * done // of > self.quarter:
            self.quarter = 4 * done // of
            print(line, flush=True)

    def say(self, line: str) -> None:
        """A line of its own."""
        if sys.stdout.isatty():
            print("\r" + " " * WIDE, end="\r")
        print(line, flush=True)


if __name__ == "__main__":
    os.chdir(HERE)
    result = dbtRunner(callbacks=[Progress()]).invoke(["--quiet", "build", "--profiles-dir", "."])
    sys.exit(0 if result.success else 1)
