"""Measure the package beside hand-written SQL: `make bench EVENTS=1e7 ACCOUNTS=2e3`.

Builds the whole package with dbt on DuckDB for a made-up company of EVENTS events and ACCOUNTS
accounts and for the same company with a tenth of the events, adds three days one by one, runs
floor.sql on the same files, checks that both answer the same, builds the smallest selections, and
writes what it saw into README.md beside this file.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "scripts"))

import install_packages  # noqa: E402
import report  # noqa: E402
from generate import DATA, MORE_DAYS, generate, size_name  # noqa: E402

WORK = DATA / "work"
WITHOUT_TESTS = ("--exclude-resource-type", "test")
MEMORY = os.environ.get("MEMORY", "4GB")


def measure(what: str, *arguments: str | Path) -> dict[str, Any]:
    """Run dbt or the floor in a process of its own: what it cost."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("DBT_")}
    env |= {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_USE_COLORS": "false"}
    env |= {"DBT_VERSION_CHECK": "false"}
    done = subprocess.run(
        [sys.executable, str(HERE / "measure.py"), what, *map(str, arguments)],
        env=env,
        text=True,
        capture_output=True,
    )
    answer = json.loads(done.stdout) if done.returncode == 0 else {"ok": False}
    if not answer["ok"]:
        sys.exit(f"{what} {' '.join(map(str, arguments))} failed:\n{done.stderr[-4000:]}")
    return answer


def say(line: str) -> None:
    print(line, flush=True)


@dataclass
class Company:
    """A throw-away consumer project over views of the generated files, and its floor.

    history  the folder with the events; days  that with the days after; events_are_unique  skips
    the search for duplicates, in the package and on the floor.
    """

    name: str
    history: Path
    days: Path
    events_are_unique: bool = False
    floor: dict[str, Any] = field(default_factory=dict)
    full: dict[str, Any] = field(default_factory=dict)
    increments: list[dict[str, Any]] = field(default_factory=list)
    selections: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return WORK / self.name

    @property
    def database(self) -> Path:
        return self.folder / "bench.duckdb"

    @property
    def inputs(self) -> list[Path]:
        """The files of every input but the events."""
        return sorted((self.history.parent / "company").glob("*.parquet"))

    def lay_views(self, database: Path, more_days: int = 0) -> None:
        """Views named as the inputs, over the files: the history and the first days after it."""
        history = [f"{self.history}/events/*/*.parquet"]
        events = history + [f"{self.days}/more_days/{n + 1}.parquet" for n in range(more_days)]
        files = {file.stem: [str(file)] for file in self.inputs}
        files["product_events"] = events
        with duckdb.connect(str(database)) as connection:
            connection.execute("create schema if not exists raw")
            for name, paths in files.items():
                connection.execute(
                    f"create or replace view raw.{name} as "
                    f"from read_parquet({paths}, hive_partitioning = false)"
                )

    def lay_project(self) -> None:
        """The consumer's files, as a user would write them."""
        self.folder.mkdir(parents=True)
        relations = [*(file.stem for file in self.inputs), "product_events"]
        inputs = {
            name if name.startswith("plr_") else f"plr_input_{name}": f"source:raw.{name}"
            for name in relations
        }
        output = {
            "type": "duckdb",
            "path": self.database.name,
            "threads": 1,
            "settings": {"threads": 2, "memory_limit": MEMORY},
        }
        files = {
            "profiles.yml": {"bench": {"target": "dev", "outputs": {"dev": output}}},
            "packages.yml": {"packages": [{"local": os.path.relpath(ROOT, self.folder)}]},
            "models/sources.yml": {
                "sources": [{"name": "raw", "tables": [{"name": name} for name in relations]}],
            },
            "dbt_project.yml": {
                "name": "bench",
                "version": "1.0.0",
                "profile": "bench",
                "vars": {
                    "product_led_revenue": inputs
                    | {
                        # the last of the days after: no var changes between two runs
                        "plr_as_of_date": "2025-12-17",
                        "plr_event_tracking_start": "2023-01-01",
                        "plr_crm_tracking_start": "2023-01-01",
                        "plr_events_are_unique": self.events_are_unique,
                    }
                },
            },
        }
        for file, content in files.items():
            path = self.folder / file
            path.parent.mkdir(exist_ok=True)
            path.write_text(yaml.safe_dump(content, sort_keys=False))
        shutil.copy(ROOT / "selectors.yml", self.folder)
        install_packages.lay_links(self.folder, (ROOT / "dbt_packages" / "dbt_utils").resolve())

    def run_floor(self) -> None:
        """Run the floor on a database of its own."""
        database = self.folder / "floor.duckdb"
        database.unlink(missing_ok=True)
        self.lay_views(database)
        statements = (HERE / "floor.sql").read_text()
        if self.events_are_unique:
            statements = re.sub(r"^ *qualify [^;\n]*", "", statements, flags=re.MULTILINE)
            statements = statements.replace("having count(*) > 1", "having false")
        sql = self.folder / "floor.sql"
        sql.write_text(statements)
        self.floor = measure("floor", database, sql, MEMORY)

    def build(self, *options: str) -> dict[str, Any]:
        """One `dbt build`, with what it left behind."""
        run = measure("dbt", self.folder, "build", *options)
        run["database_bytes"] = self.database.stat().st_size
        with duckdb.connect(str(self.database), read_only=True) as connection:
            run["rows"] = connection.execute(
                "select sum(estimated_size)::bigint from duckdb_tables()"
            ).fetchone()[0]
        return run

    def build_full(self, *options: str) -> None:
        """The first build, which has to answer as the floor does."""
        self.lay_views(self.database)
        self.full = self.build(*options)
        floor = self.folder / "floor.duckdb"
        command = [sys.executable, str(HERE / "answers.py"), str(floor), str(self.database)]
        if subprocess.run(command).returncode:
            sys.exit(f"{self.name}: the floor and the package answer differently")

    def build_day(self, number: int) -> None:
        """A day's events more, late ones among them, and the build that takes them in."""
        self.lay_views(self.database, more_days=number)
        self.increments.append(self.build(*WITHOUT_TESTS))

    def build_selection(self, selector: str) -> None:
        """A first build of a part of the package."""
        self.database.unlink()
        self.lay_views(self.database)
        self.selections[selector] = self.build("--selector", selector, *WITHOUT_TESTS)


def main(events: int, accounts: int) -> None:
    install_packages.install(ROOT)
    folders = [generate(accounts, size) for size in (events // 10, events)]
    shutil.rmtree(WORK, ignore_errors=True)
    names = [folder.name for folder in folders]
    tenth, whole = (Company(folder.name, folder, folders[-1]) for folder in folders)
    unique = Company(f"{whole.name}-unique", folders[-1], folders[-1], events_are_unique=True)
    for company in (tenth, whole, unique):
        say(f"{company.name} of {size_name(accounts)}: floor, full build")
        company.lay_project()
        company.run_floor()
        company.build_full(*([] if company is whole else WITHOUT_TESTS))
    for number in range(1, MORE_DAYS + 1):
        say(f"day {number}")
        for company in (tenth, whole):
            company.build_day(number)
    for selector in report.SELECTORS:
        say(f"selector {selector}")
        unique.build_selection(selector)
    block = report.block(events, accounts, MEMORY, tenth, whole, unique)
    report.write_block(HERE / "README.md", f"{names[-1]} x {size_name(accounts)}", block)
    print(block)
    shutil.rmtree(WORK)


if __name__ == "__main__":
    main(*(int(float(size)) for size in sys.argv[1:3]))
