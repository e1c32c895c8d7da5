"""The emulators that the tests start: BigQuery's, and fakesnow for Snowflake. Both keep their
tables in DuckDB files, after reading and translating each warehouse's own SQL.

They are warehouses as those in servers.py; what they prove is said with what they cannot.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import duckdb

from harness import ROOT
from servers import SCHEMA, Warehouse, package_version, quoted

ADAPTERS = ROOT / ".venv-warehouses" / "bin"
BIGQUERY = ROOT / ".venv-bigquery" / "bin"
PROJECT = "nobody"
PATIENCE_SECONDS = 60


class Emulator(Warehouse):
    """An emulator with an adapter of `.venv-warehouses`."""

    def __init__(self) -> None:
        super().__init__()
        self.tables = self.folder / "tables"
        self.tables.mkdir()

    @classmethod
    def missing(cls) -> str:
        if (ADAPTERS / "dbt").exists():
            return ""
        return "requirements/warehouses.txt is not installed"

    def command(self) -> list[str]:
        """What runs dbt."""
        return [str(ADAPTERS / "dbt")]


class FakeSnowflake(Emulator):
    """fakesnow, which takes the place of Snowflake's connector inside dbt's own process."""

    name = "snowflake"

    @property
    def version(self) -> str:
        return f"fakesnow {package_version(ADAPTERS / 'python', 'fakesnow')}"

    def command(self) -> list[str]:
        fakesnow = [str(ADAPTERS / "fakesnow"), "--db_path", str(self.tables)]
        return [*fakesnow, "-m", "dbt.cli.main"]

    def profile(self, schema: str = SCHEMA) -> dict[str, Any]:
        return {
            "type": "snowflake",
            "account": PROJECT,
            "user": PROJECT,
            "password": "none",
            "database": PROJECT,
            "warehouse": "none",
            "schema": schema,
            "threads": 2,
        }

    def load(self, relation: str, file: Path) -> None:
        shutil.copy(file, self.folder / f"{relation}.parquet")

    def on_run_start(self) -> list[str]:
        return ["create schema if not exists raw"] + [
            f"create or replace table raw.{file.stem} as select * from read_parquet({quoted(file)})"
            for file in sorted(self.folder.glob("*.parquet"))
        ]

    def rows_of(self, model: str) -> str:
        file = self.folder / f"{model}.parquet"
        with duckdb.connect(str(self.tables / f"{PROJECT.upper()}.db"), read_only=True) as tables:
            tables.execute(f"copy (from {SCHEMA}.{model}) to {quoted(file)}")
        return f"read_parquet({quoted(file)})"


class BigQueryEmulator(Emulator):
    """bqemulator, a server on a free port."""

    name = "bigquery"

    @classmethod
    def missing(cls) -> str:
        has_server = (BIGQUERY / "bqemulator").exists()
        return super().missing() or (
            "" if has_server else "requirements/bigquery.txt is not installed"
        )

    @property
    def version(self) -> str:
        return f"bqemulator {package_version(BIGQUERY / 'python', 'bqemulator')}"

    def start(self) -> None:
        home = self.folder / "home"
        home.mkdir()
        env = os.environ | {"HOME": str(home)}
        # the extension comes as a Python package; the emulator looks for it in its home
        extension = (
            "import duckdb, duckdb_extension_spatial as package, pathlib;"
            "folder = pathlib.Path(package.__file__).parent;"
            "file = next(folder.rglob('spatial.duckdb_extension'));"
            "duckdb.execute(f\"install '{file}'\")"
        )
        subprocess.run([str(BIGQUERY / "python"), "-c", extension], env=env, check=True)
        self.port, grpc_port = free_port(), free_port()
        self.server = subprocess.Popen(
            [str(BIGQUERY / "bqemulator"), "start", "--project", PROJECT, "--log-level", "error"]
            + ["--rest-port", str(self.port), "--grpc-port", str(grpc_port)],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + PATIENCE_SECONDS
        while not answers(self.port):
            assert self.server.poll() is None, "bqemulator ended"
            assert time.monotonic() < until, "bqemulator never answered"
            time.sleep(0.5)

    def stop(self) -> None:
        if hasattr(self, "server"):
            self.server.terminate()
            self.server.wait(PATIENCE_SECONDS)

    def profile(self, schema: str = SCHEMA) -> dict[str, Any]:
        return {
            "type": "bigquery",
            "method": "oauth-secrets",
            "token": "none",
            "project": PROJECT,
            "schema": schema,
            "threads": 2,
            "job_retries": 0,
            "api_endpoint": f"http://127.0.0.1:{self.port}",
        }

    def load(self, relation: str, file: Path) -> None:
        self._tables("load", f"raw.{relation}", file)

    def rows_of(self, model: str) -> str:
        file = self.tables / f"{model}.parquet"
        self._tables("save", f"{SCHEMA}.{model}", file)
        return f"read_parquet({quoted(file)})"

    def _tables(self, task: str, table: str, file: Path) -> None:
        script = Path(__file__).with_name("bigquery_tables.py")
        command = [ADAPTERS / "python", script, str(self.port), task, table, file]
        subprocess.run([str(part) for part in command], check=True)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def answers(port: int) -> bool:
    """Whether somebody listens on a port."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
