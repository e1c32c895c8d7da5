"""The warehouses that the tests start for themselves: a Postgres server and a local Spark session.

    with Postgres() as warehouse:        # or Spark()
        consumer = warehouse.project(folder, ...)

Each lives in a temporary folder of its own, takes tables from Parquet files, is worked on by dbt
from `.venv-engines`, and gives its tables back to DuckDB, where they are compared.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
from harness import ROOT

ENGINES = ROOT / ".venv-engines"
DBT = ENGINES / "bin" / "dbt"


def quoted(path: Path) -> str:
    """A path as a SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


class Warehouse:
    """A folder that goes when the warehouse does."""

    name: str

    def __init__(self) -> None:
        # not pytest's folders: a socket's path is short, and Postgres wants to own its folder
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

    def start(self) -> None:
        """Bring it up."""

    def stop(self) -> None:
        """Take it down."""


# --- Postgres -------------------------------------------------------------------------------------


def postgres_programs() -> Path | None:
    """The folder of initdb and postgres: on the path, or where Debian puts its newest."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda file: int(file.parts[4]), default=None)
    return newest.parent if newest else None


class Postgres(Warehouse):
    """A server of its own on a socket in its folder: no port, nothing to clash with."""

    name = "postgres"

    def start(self) -> None:
        self.programs = postgres_programs()
        # the server refuses to run as root
        self.user = None if os.geteuid() else "postgres"
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.data.mkdir()
        if self.user:
            shutil.chown(self.data, self.user)
        self._server("initdb", "--auth=trust", "--username=plr", "--encoding=UTF8", "--locale=C")
        options = (
            f"-c listen_addresses='' -c unix_socket_directories={self.data} -c fsync=off"
            " -c full_page_writes=off -c synchronous_commit=off -c work_mem=128MB"
            " -c shared_buffers=256MB -c jit=off -c timezone=America/New_York"
        )
        self._server("pg_ctl", "-w", "-l", str(self.data / "log"), "-o", options, "start")

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._server("pg_ctl", "-m", "immediate", "stop")

    def _server(self, program: str, *args: str) -> None:
        subprocess.run(
            [str(self.programs / program), "-D", str(self.data), *args],
            cwd=self.data, user=self.user, check=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def psql(self, sql: str) -> str:
        """Run statements, or one \\copy; what it printed."""
        done = subprocess.run(
            [str(self.programs / "psql"), "-h", str(self.data), "-U", "plr", "-d", "postgres"]
            + ["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql],
            text=True, check=True, stdout=subprocess.PIPE,
        )  # fmt: skip
        return done.stdout.strip()

    @property
    def version(self) -> str:
        return self.psql("show server_version").split()[0]

    def profile(self) -> Mapping[str, Any]:
        """The output of a dbt profile."""
        return {
            "type": "postgres", "host": str(self.data), "port": 5432, "user": "plr",
            "password": "", "dbname": "postgres", "schema": "plr", "threads": 2,
        }  # fmt: skip

    def load(self, relation: str, file: Path) -> None:
        """Make table raw.<relation> of a Parquet file, anew."""
        source = f"read_parquet({quoted(file)})"
        columns = ", ".join(
            f"{name} {data_type}"
            for name, data_type, *_ in duckdb.sql(f"describe select * from {source}").fetchall()
        )
        text = file.with_suffix(".csv")
        duckdb.sql(f"copy (select * from {source}) to {quoted(text)} (header, force_quote *)")
        self.psql(
            "create schema if not exists raw;"
            f"drop table if exists raw.{relation} cascade; create table raw.{relation} ({columns})"
        )
        self.psql(f"\\copy raw.{relation} from {quoted(text)} csv header")
        text.unlink()

    def rows_of(self, model: str) -> str:
        """What DuckDB selects from to read a model, every column as text."""
        text = self.folder / f"{model}.csv"
        self.psql(f"\\copy plr.{model} to {quoted(text)} csv header force quote *")
        return f"read_csv({quoted(text)}, header = true, all_varchar = true, nullstr = '', allow_quoted_nulls = false)"
