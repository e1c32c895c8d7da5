"""The warehouses that the tests start for themselves: a Postgres server and a local Spark session.

    with Postgres() as warehouse:        # or Spark()
        warehouse.load("accounts", Path("accounts.parquet"))

Each lives in a temporary folder of its own, takes tables from Parquet files, is worked on by dbt
from `.venv-engines`, and gives its tables back to DuckDB, which compares them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

import duckdb

from harness import ROOT, Rows

ENGINES = ROOT / ".venv-engines" / "bin"
SCHEMA = "plr"
# DuckDB's types for which Postgres has another word
POSTGRES_TYPES = {"DOUBLE": "double precision", "JSON": "jsonb"}


def quoted(path: Path) -> str:
    """A path as a SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def package_version(python: Path, package: str) -> str:
    """Of a package that this Python has."""
    code = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
    command = [str(python), "-c", code, package]
    return subprocess.run(command, text=True, check=True, stdout=subprocess.PIPE).stdout.strip()


class Warehouse:
    """A warehouse in a folder that goes when it does."""

    name: str
    # DuckDB's types that a loader of tools' tables turns into others here, which DuckDB has, too
    loaders_types: ClassVar[dict[str, str]] = {}

    def __init__(self) -> None:
        # not pytest's folder: a socket's path has to be short
        self.folder = Path(tempfile.mkdtemp(prefix=f"plr-{self.name}-"))

    def __enter__(self) -> Warehouse:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @classmethod
    def missing(cls) -> str:
        """What this machine lacks to run it, if anything."""
        return "" if (ENGINES / "dbt").exists() else "requirements/engines.txt is not installed"

    @property
    def version(self) -> str:
        """As the warehouse itself says."""
        raise NotImplementedError

    def start(self) -> None:
        """Bring it up."""

    def stop(self) -> None:
        """Take it down."""

    def profile(self, schema: str = SCHEMA) -> dict[str, Any]:
        """The output of a dbt profile."""
        raise NotImplementedError

    def load(self, relation: str, file: Path, schema: str = "raw") -> None:
        """Make table <schema>.<relation> of a Parquet file, anew."""
        raise NotImplementedError

    def on_run_start(self) -> list[str]:
        """What dbt has to run first for the loaded tables to be there."""
        return []

    def rows_of(self, model: str) -> str:
        """What DuckDB selects from to read a model."""
        raise NotImplementedError

    def on_run_end(self, views: Iterable[str]) -> list[str]:  # noqa: ARG002
        """What dbt has to run last for views to be read."""
        return []

    def rows_of_view(self, view: str) -> Rows:
        """A view's rows: numbers, flags and nulls as Python has them, times in UTC."""
        raise NotImplementedError


# --- Postgres -------------------------------------------------------------------------------------


class Postgres(Warehouse):
    """A server of its own on a socket in its folder: no port, nothing to clash with."""

    name = "postgres"

    def __init__(self) -> None:
        super().__init__()
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        # the server refuses to run as root
        self.user = None if os.geteuid() else "postgres"

    @staticmethod
    def programs() -> Path | None:
        """The folder of initdb and its like: on the path, or where Debian puts the newest."""
        if found := shutil.which("initdb"):
            return Path(found).resolve().parent
        installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
        newest = max(installed, key=lambda file: int(file.parts[4]), default=None)
        return newest.parent if newest else None

    @classmethod
    def missing(cls) -> str:
        return super().missing() or ("" if cls.programs() else "Postgres is not installed")

    @property
    def version(self) -> str:
        # the minor version moves with the distribution's updates
        return self._psql("show server_version").split(".")[0]

    def start(self) -> None:
        self.data.mkdir()
        if self.user:
            shutil.chown(self.data, self.user)
        # a language and a time zone that would show wherever one slipped in
        self._server(
            "initdb",
            "--auth=trust",
            "--username=plr",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=icu",
            "--icu-locale=en-US",
        )
        options = (
            f"-c listen_addresses='' -c unix_socket_directories={self.data} -c fsync=off"
            " -c full_page_writes=off -c synchronous_commit=off -c jit=off"
            " -c shared_buffers=256MB -c work_mem=64MB -c timezone=America/New_York"
        )
        self._server("pg_ctl", "-w", "-l", str(self.data / "log"), "-o", options, "start")

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._server("pg_ctl", "-m", "immediate", "stop")

    def _server(self, program: str, *args: str) -> None:
        subprocess.run(
            [str(self.programs() / program), "-D", str(self.data), *args],
            cwd=self.folder,
            user=self.user,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def _psql(self, sql: str) -> str:
        done = subprocess.run(
            [str(self.programs() / "psql"), "-h", str(self.data), "-U", "plr", "-d", "postgres"]
            + ["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", "set client_min_messages = warning"]
            + ["-c", sql],
            text=True,
            check=True,
            stdout=subprocess.PIPE,
        )
        return done.stdout.strip()

    def profile(self, schema: str = SCHEMA) -> dict[str, Any]:
        return {
            "type": "postgres",
            "host": str(self.data),
            "port": 5432,
            "user": "plr",
            "password": "",
            "dbname": "postgres",
            "schema": schema,
            "threads": 2,
        }

    def load(self, relation: str, file: Path, schema: str = "raw") -> None:
        source = f"read_parquet({quoted(file)})"
        columns = ", ".join(
            f'"{name}" {POSTGRES_TYPES.get(data_type, data_type)}'
            for name, data_type, *_ in duckdb.sql(f"describe select * from {source}").fetchall()
        )
        text = self.folder / f"{relation}.csv"
        duckdb.sql(f"copy (from {source}) to {quoted(text)} (header, force_quote *)")
        table = f'{schema}."{relation}"'
        self._psql(
            f"create schema if not exists {schema}; drop table if exists {table} cascade; "
            f"create table {table} ({columns})"
        )
        self._psql(f"\\copy {table} from {quoted(text)} csv header")
        text.unlink()

    def rows_of(self, model: str) -> str:
        text = self.folder / f"{model}.csv"
        self._psql(f"\\copy {SCHEMA}.{model} to {quoted(text)} csv header force quote *")
        return (
            f"read_csv({quoted(text)}, header = true, all_varchar = true, nullstr = '', "
            "allow_quoted_nulls = false)"
        )

    def rows_of_view(self, view: str) -> Rows:
        rows = json.loads(self._psql(f"select json_agg(found) from {SCHEMA}.{view} as found"))
        return rows or []


# --- Spark ----------------------------------------------------------------------------------------


class Spark(Warehouse):
    """A session within each dbt command; tables are Parquet, their list a Derby database."""

    name = "spark"
    loaders_types: ClassVar = {"JSON": "VARCHAR", "TIMESTAMP": "TIMESTAMP WITH TIME ZONE"}

    @classmethod
    def missing(cls) -> str:
        return super().missing() or ("" if shutil.which("java") else "Java is not installed")

    @property
    def version(self) -> str:
        return package_version(ENGINES / "python", "pyspark")

    def profile(self, schema: str = SCHEMA) -> dict[str, Any]:
        # what makes small tables quick: few partitions, no code made for each query, none of it
        # compiled twice, and room, so that garbage is seldom looked for
        settings = {
            "spark.master": "local[2]",
            "spark.driver.memory": "6g",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.extraJavaOptions": (
                f"-Dderby.system.home={self.folder} -Duser.timezone=UTC"
                " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
                " -Xms6g -Xmn2g -XX:MetaspaceSize=512m"
            ),
            "spark.sql.warehouse.dir": str(self.folder / "warehouse"),
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "1",
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.ui.enabled": "false",
            "spark.sql.ui.retainedExecutions": "1",
            "spark.ui.retainedJobs": "1",
            "spark.ui.retainedStages": "1",
            "spark.ui.showConsoleProgress": "false",
        }
        return {
            "type": "spark",
            "method": "session",
            "host": "none",
            "schema": schema,
            "threads": 2,
            "server_side_parameters": settings,
        }

    def load(self, relation: str, file: Path, schema: str = "raw") -> None:
        folder = self.folder / "loaded" / schema / relation
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder / "rows.parquet")

    def on_run_start(self) -> list[str]:
        statements = ["create schema if not exists raw"]
        for schema in sorted((self.folder / "loaded").glob("*")):
            statements.append(f"create schema if not exists {schema.name}")
            for folder in sorted(schema.glob("*")):
                table = f"{schema.name}.`{folder.name}`"
                statements.append(f"drop table if exists {table}")
                statements.append(f"create table {table} using parquet location {quoted(folder)}")
        return statements

    def rows_of(self, model: str) -> str:
        files = self.folder / "warehouse" / f"{SCHEMA}.db" / model / "*.parquet"
        return f"read_parquet({quoted(files)})"

    def on_run_end(self, views: Iterable[str]) -> list[str]:
        return [
            f"create table {SCHEMA}.{view}_rows using parquet as select * from {SCHEMA}.{view}"
            for view in views
        ]

    def rows_of_view(self, view: str) -> Rows:
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            found = connection.sql(f"from {self.rows_of(f'{view}_rows')}")
            columns = ", ".join(
                f"cast({name} as timestamp)" if str(kind) == "TIMESTAMP WITH TIME ZONE" else name
                for name, kind in zip(found.columns, found.types, strict=True)
            )
            rows = found.project(columns).fetchall()
            return [dict(zip(found.columns, row, strict=True)) for row in rows]
