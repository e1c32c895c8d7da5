"""What every warehouse has to show: the demo and random companies, their marts those of DuckDB,
and the unit tests.

The demo's mapping models are written for DuckDB, whose Parquet files they read. Here the warehouse
gets what they deliver as tables, named as `source:raw.<relation>`; everything behind that door is
built by the warehouse itself.

What a run proved is left in target/warehouses/<name>.json, from which the documentation's table of
warehouses is made.
"""

from __future__ import annotations

import json
import shutil
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import yaml

from companies import BUILDS, deliver
from connector_cases import Tool, differences_from_cases, row_differences
from demo_project import DEMO
from harness import (
    EMPTY_COMPANY,
    MODELS_ONLY,
    Folder,
    Project,
    Rows,
    package_for,
    run_dbt,
    skip_for_want,
)
from records import forget, write_record
from same_marts import CHANGES, MARTS, check
from servers import ENGINES, SCHEMA, Warehouse, quoted

# a first build up to here, in the middle of a month, then the rest
CUT = "2025-09-17"
# of the first build only what the second goes on from, with all that it rests on
GONE_ON_FROM = "+config.materialized:incremental +int_plr__events_read"
FIRST = ("build", *MODELS_ONLY, "--select", GONE_ON_FROM)
READ_ANEW = "select count(*) from {months} where reason = 'everything'"
RULES = {"plr_event_roles": "kestrel_event_roles", "plr_activity_rules": "kestrel_activity_rules"}


@contextmanager
def running(warehouse: type[Warehouse]) -> Iterator[Warehouse]:
    """The warehouse, whose record is written anew."""
    forget(warehouse.name)
    with unrecorded(warehouse) as started:
        remember(started, version=started.version, how="built for real")
        yield started


@contextmanager
def unrecorded(warehouse: type[Warehouse]) -> Iterator[Warehouse]:
    """The warehouse, or a test skipped for want of it; in CI it must not be wanting."""
    skip_for_want(warehouse.missing())
    with warehouse() as started:
        yield started


def remember(warehouse: Warehouse, **facts: Any) -> None:
    """Add to what the run proved."""
    write_record(warehouse.name, warehouse.name, **facts)


class Consumer(Folder):
    """A project in a folder of its own that runs dbt on a warehouse."""

    def __init__(self, folder: Path, project: Path, warehouse: Warehouse, schema: str) -> None:
        self.config = yaml.safe_load((project / "dbt_project.yml").read_text())
        self.vars = self.config["vars"]["product_led_revenue"]
        self.config["on-run-start"] = warehouse.on_run_start()
        profile, output = self.config["profile"], warehouse.profile(schema)
        super().__init__(folder, profile, output, package_for(self.vars))

    def dbt(self, *args: str) -> Counter[str]:
        """Run dbt, which has to succeed without a warning; how many of what it ran."""
        self.write("dbt_project.yml", self.config)
        # with garbage collection: without it Spark keeps every plan, and its heap fills up
        result = run_dbt(self.folder, *args, dbt=[str(ENGINES / "dbt")])
        assert result.ok, result.output
        wrong = {
            node: status
            for node, status in result.statuses.items()
            if status not in ("success", "pass", "no-op")
        }
        assert not wrong, wrong
        return result.kinds


def mapped_inputs(demo: Path, folder: Path) -> dict[str, Path]:
    """What the demo's mapping models and rule seeds hold in DuckDB, a Parquet file each."""
    relations = [file.stem for file in (DEMO / "models").glob("*_for_plr.sql")]
    files = {}
    with duckdb.connect(str(demo), read_only=True) as connection:
        # the mapping models are views that name their files from the project's folder
        connection.execute(f"set file_search_path = {quoted(demo.parent)}")
        for name in [*relations, *RULES.values()]:
            files[name] = folder / f"{name}.parquet"
            connection.execute(f"copy (from {name}) to {quoted(files[name])}")
    return files


def until(file: Path, day: str) -> Path:
    """The events of a Parquet file before a day, and those without a time."""
    cut = file.with_stem("events_before_the_cut")
    duckdb.sql(
        f"copy (from {quoted(file)} where occurred_at < '{day}' or occurred_at is null) "
        f"to {quoted(cut)}"
    )
    return cut


def verdicts(warehouse: Warehouse) -> dict[str, tuple[str | None, str | None]]:
    """Each account's origin and evidence, as the last run found them."""
    found = duckdb.sql(
        f"select account_id, origin, origin_evidence from {warehouse.rows_of('int_plr__origins')} "
        "where subject_type = 'account' and scenario = 'headline'"
    ).fetchall()
    return {account: (origin, evidence) for account, origin, evidence in found}


def check_changes(
    warehouse: Warehouse,
    before: Mapping[str, tuple[str | None, str | None]],
    after: Mapping[str, tuple[str | None, str | None]],
) -> int:
    """plr_origin_changes must tell how two runs differ; how many rows it has."""
    # a first verdict is no change, an account that is gone is one
    expected = {
        (account, *verdict, *after.get(account, (None, None)))
        for account, verdict in before.items()
        if verdict[0] and after.get(account) != verdict
    }
    found = duckdb.sql(
        "select account_id, origin_before, origin_evidence_before, origin_after, "
        f"origin_evidence_after from {warehouse.rows_of(CHANGES)}"
    ).fetchall()
    assert expected and sorted(found, key=str) == sorted(expected, key=str)
    return len(found)


def check_demo(warehouse: Warehouse, demo: Path, folder: Path) -> str:
    """Build the demo in two steps; every mart must be what DuckDB builds in one.

    The first build sees the events before a day in the middle of a month; the second sees all, and
    runs every data test.
    """
    files = mapped_inputs(demo, folder)
    events = files["product_events_for_plr"]
    for name, file in files.items():
        warehouse.load(name, until(file, CUT) if file == events else file)

    consumer = Consumer(folder / "demo_consumer", DEMO, warehouse, "plr")
    del consumer.config["models"]
    for var, name in list(consumer.vars.items()):
        if str(name) in files:
            consumer.vars[var] = f"source:raw.{name}"
    tables = [{"name": name} for name in files]
    sources = [{"name": "raw", "schema": "raw", "tables": tables}]
    consumer.write("models/sources.yml", {"version": 2, "sources": sources})

    last_day = consumer.vars["plr_as_of_date"]
    consumer.vars["plr_as_of_date"] = CUT
    consumer.dbt(*FIRST)
    before = verdicts(warehouse)
    warehouse.load(events.stem, events)
    consumer.vars["plr_as_of_date"] = last_day
    ran = consumer.dbt("build")
    months = warehouse.rows_of("int_plr__months_to_read")
    assert duckdb.sql(READ_ANEW.format(months=months)).fetchall() == [(0,)], "it began anew"
    after = verdicts(warehouse)
    check_changes(warehouse, before, after)
    consumer.dbt("run", "--full-refresh", "--select", "int_plr__origin_log", CHANGES)
    changes = check_changes(warehouse, before, after)

    check(demo, warehouse.rows_of)
    remember(
        warehouse,
        models=ran["model"],
        data_tests=ran["test"],
        marts_equal=len(MARTS),
        note=f"the demo, a part of it twice: events to {CUT}, then all",
    )
    return (
        f"{ran['model']} models, {ran['test']} data tests, {len(MARTS)} marts as on DuckDB; "
        f"{changes} changed verdicts, kept by a full refresh"
    )


def respelled(text: str) -> str:
    """An id in capitals or not, with one sign or another: bytes and languages order these apart."""
    number = zlib.crc32(text.encode())
    return (text.upper() if number % 2 else text).replace("_", "_-. "[number // 2 % 4])


def with_ids_respelled(tables: Mapping[str, Rows]) -> dict[str, Rows]:
    """The same rows, whoever names an id."""
    return {
        relation: [
            {
                name: respelled(value) if name.endswith("_id") and isinstance(value, str) else value
                for name, value in row.items()
            }
            for row in rows
        ]
        for relation, rows in tables.items()
    }


def check_companies(warehouse: Warehouse, folder: Path, build_name: str, seeds: range) -> str:
    """Build random companies of the differential test; every mart must be what DuckDB builds."""
    [build] = [build for build in BUILDS if build.name == build_name]
    inputs = with_ids_respelled(deliver(build, seeds))
    project = Project(folder, inputs, build.vars, with_ids_respelled(build.rule_tables))
    project.build(*MODELS_ONLY)

    with duckdb.connect(str(project.database), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
        ).fetchall()
        for (name,) in tables:
            file = folder / f"{name}.parquet"
            connection.execute(f"copy raw.{name} to {quoted(file)}")
            warehouse.load(name, file)
    consumer = Consumer(folder / "consumer_there", project.folder, warehouse, "plr")
    shutil.copytree(project.folder / "models", consumer.folder / "models")
    consumer.dbt("build", "--full-refresh", *MODELS_ONLY)

    check(project.database, warehouse.rows_of)
    return f"{build_name}: {len(seeds)} companies, {len(MARTS)} marts as on DuckDB"


def build_connectors(warehouse: Warehouse, project: Project, views: Sequence[str]) -> str:
    """Build the connectors of a project's tables; `views` are what will be read of them."""
    with duckdb.connect(str(project.database), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name <> 'main'"
        ).fetchall()
        for schema, table in tables:
            name, file = f'{schema}."{table}"', project.folder / f"{schema}.{table}.parquet"
            columns = connection.execute(f"describe {name}").fetchall()
            typed = ", ".join(
                f'cast("{column}" as {warehouse.loaders_types.get(kind, kind)}) as "{column}"'
                for column, kind, *_ in columns
            )
            connection.execute(f"copy (select {typed} from {name}) to {quoted(file)}")
            warehouse.load(table, file, schema)

    folder = project.folder.with_name(f"consumer_on_{warehouse.name}")
    consumer = Consumer(folder, project.folder, warehouse, SCHEMA)
    shutil.copytree(project.folder / "models", consumer.folder / "models")
    consumer.config["on-run-end"] = warehouse.on_run_end(views)
    ran = consumer.dbt("build", *MODELS_ONLY, "-s", *(f"+{view}" for view in views))
    return f"{ran['model']} models, {len(tables)} tables of tools"


def check_connectors(warehouse: Warehouse, project: Project, tools: Sequence[Tool]) -> str:
    """Build connectors of the cases' tables; what they deliver must be what the cases expect."""
    views = [view for tool in tools for view in tool.models.values()]
    built = build_connectors(warehouse, project, views)
    problems = [
        f"{tool.name}: {problem}"
        for tool in tools
        for problem in differences_from_cases(warehouse.rows_of_view, tool)
    ]
    assert not problems, "\n".join(problems)
    return f"{built}, every case as expected"


def check_round_trip(warehouse: Warehouse, project: Project, views: Sequence[str]) -> str:
    """Build connectors of tables that hold the demo; they must deliver what they do on DuckDB."""
    built = build_connectors(warehouse, project, views)
    counts = []
    for view in views:
        expected = project.mart(view)
        problems = row_differences(warehouse.rows_of_view(view), expected)
        assert not problems, "\n".join([view, *problems])
        counts.append(f"{len(expected):,} of {view}")
    return f"{built}; rows as on DuckDB: {', '.join(counts)}"


def check_unit_tests(warehouse: Warehouse, folder: Path) -> str:
    """Run the package's unit tests, in the same consumer project as on DuckDB.

    They look up columns in the relations that the demo left.
    """
    consumer = Consumer(folder / "unit_tests", EMPTY_COMPANY, warehouse, "plr")
    for part in ("models", "macros"):
        shutil.copytree(EMPTY_COMPANY / part, consumer.folder / part)
    consumer.dbt("run", "-s", "package:empty_company")
    ran = consumer.dbt("test", "-s", "test_type:unit")
    manifest = json.loads((consumer.folder / "target" / "manifest.json").read_text())
    assert ran["unit_test"] == len(manifest["unit_tests"]) > 0
    remember(warehouse, unit_tests=ran["unit_test"])
    return f"{ran['unit_test']} unit tests"
