"""A throw-away consumer project on DuckDB: rows in, `dbt build`, marts out.

    project = Project(tmp_path, inputs={"accounts": [{"account_id": "a"}], ...},
                      vars={"plr_as_of_date": "2024-12-31"},
                      rules={"plr_activity_rules": [...]})
    project.build()
    project.mart("plr_account_origin")   # [{"account_id": "a", "origin": ...}]

Each input becomes a table `raw.<relation>` with the contract's types, declared as a dbt source and
named by its var, as a user would.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

import install_packages
from reference import contract

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = ROOT / "integration_tests" / "projects"
EMPTY_COMPANY = PROJECTS / "empty_company"
# names the folder of the package's unit tests, which dbt does not read otherwise
UNIT_TESTS = "DBT_PLR_UNIT_TESTS"

Row = dict[str, Any]
Rows = list[Row]

TEXT, INT, FLAG, DATE, TIME = "text", "int", "boolean", "date", "timestamp"
DATE_OR_TIME = "date or timestamp"  # dates where no row has a time
MONEY, SHARE, RATE = "numeric(28,6)", "numeric(28,6)", "numeric(28,12)"

# --- columns and their types ----------------------------------------------------------------------

SQL_TYPES = {
    "text": TEXT,
    "word": TEXT,
    "currency": TEXT,
    "int": INT,
    "bool": FLAG,
    "date": DATE,
    "month": DATE,
    "ts": TIME,
    "ts_or_date": DATE_OR_TIME,
    "num": MONEY,
    "rate": RATE,
}
INPUT_TYPES, REVENUE_TYPES = (
    {
        name: {column: SQL_TYPES[kind] for column, kind in relation.columns.items()}
        for name, relation in relations.items()
    }
    for relations in (contract.RELATIONS, contract.REVENUE)
)

RULE_TYPES: dict[str, dict[str, str]] = {
    "plr_event_roles": {
        "event_name": TEXT,
        "role": TEXT,
    },
    "plr_activity_rules": {
        "rule_group_id": TEXT,
        "rule_id": TEXT,
        "group_operator": TEXT,
        "event_name": TEXT,
        "min_events": INT,
        "min_distinct_users": INT,
        "min_distinct_days": INT,
        "within_days": INT,
        "anchor": TEXT,
        "is_active": FLAG,
    },
    "plr_contact_rules": {
        "priority": INT,
        "activity_type": TEXT,
        "actor_team": TEXT,
        "direction": TEXT,
        "is_automated": TEXT,
        "purpose": TEXT,
        "min_duration_minutes": INT,
        "is_sales_contact": FLAG,
        "is_human_touch": FLAG,
        "is_commercial": FLAG,
    },
    "plr_stage_expectations": {
        "stage_idx": INT,
        "stage": TEXT,
        "arr_from": MONEY,
        "max_human_started_share": SHARE,
        "min_arr_per_fte": MONEY,
    },
    "plr_pattern_reasons": {
        "pattern": TEXT,
        "reason": TEXT,
        "status": TEXT,
    },
}


def column_types(relation: str, shape: str = "periods") -> dict[str, str]:
    """The types of an input or a rule table."""
    if relation == "revenue":
        return REVENUE_TYPES[shape]
    return INPUT_TYPES.get(relation) or RULE_TYPES[relation]


# --- tables ---------------------------------------------------------------------------------------


def _plain(value: Any) -> str | None:
    """A value as text that DuckDB casts back without loss."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (date, datetime, Decimal)):
        return str(value)
    if isinstance(value, dict):
        return json.dumps(value)
    return value if isinstance(value, str) else repr(value)


def _settled(kind: str, values: Iterable[Any]) -> str:
    """The type of a column."""
    if kind != DATE_OR_TIME:
        return kind
    has_times = any(isinstance(value, datetime) or ":" in str(value) for value in values)
    return TIME if has_times else DATE


def write_table(
    database: Path,
    relation: str,
    rows: Iterable[Row],
    types: Mapping[str, str],
    schema: str = "raw",
) -> None:
    """Write rows as <schema>.<relation>; a column that no row names is left out of the table."""
    rows = list(rows)
    named = {column for row in rows for column in row}
    if unknown := named - types.keys():
        raise KeyError(f"{relation}: columns without a type: {sorted(unknown)}")
    columns = [column for column in types if column in named or not rows]
    # a file and one statement: row-wise inserts take minutes for what this does in a second
    file = database.with_name(f"{relation}.ndjson")
    with file.open("w") as lines:
        for row in rows:
            lines.write(json.dumps({name: _plain(row.get(name)) for name in columns}) + "\n")
    as_text = ", ".join(f"'{column}': 'varchar'" for column in columns)
    kinds = {name: _settled(types[name], (row.get(name) for row in rows)) for name in columns}
    typed = ", ".join(f'cast("{name}" as {kinds[name]}) as "{name}"' for name in columns)
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"create schema if not exists {schema}")
        connection.execute(
            f'create or replace table {schema}."{relation}" as select {typed} from read_json('
            f"'{file}', format = 'newline_delimited', columns = {{{as_text}}})"
        )
    file.unlink()


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    """The rows of a query."""
    answer = connection.execute(sql)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


# --- the project ----------------------------------------------------------------------------------


# options of `dbt build`: no test
MODELS_ONLY = ("--resource-type", "model", "--resource-type", "seed")


@dataclass(frozen=True)
class Result:
    """What a dbt command left: its exit code, what it printed, and each node's status."""

    exit_code: int
    output: str
    statuses: dict[str, str]

    @property
    def ok(self) -> bool:
        return self.exit_code == 0

    @property
    def kinds(self) -> Counter[str]:
        """How many models, tests ... it ran."""
        return Counter(node.split(".")[0] for node in self.statuses)


def dbt_utils_folder() -> Path:
    """The dbt_utils that this run of the tests uses, chosen by conftest.py."""
    return (EMPTY_COMPANY / "dbt_packages" / "dbt_utils").resolve()


def skip_for_want(lacking: str) -> None:
    """Skip a test for what this machine lacks; in CI it must not lack anything."""
    if lacking:
        assert os.environ.get("CI") != "true", lacking
        pytest.skip(lacking)


def without_gc(program: Path) -> list[str]:
    """How to start a Python program of some environment so that it takes less time."""
    script = ROOT / "scripts" / "without_gc.py"
    return [str(program.with_name("python")), str(script), program.name]


def dbt_command(
    folder: Path, *args: str, dbt: Path | Sequence[str] = install_packages.DBT
) -> dict[str, Any]:
    """How to start dbt in a project folder that holds its profile, for subprocess."""
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("DBT_") or key == UNIT_TESTS
    }
    env |= {
        "DBT_PROFILES_DIR": str(folder),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_USE_COLORS": "false",
        "DBT_VERSION_CHECK": "false",
    }
    return {
        "args": [*(without_gc(dbt) if isinstance(dbt, Path) else dbt), *args],
        "cwd": folder,
        "env": env,
        "text": True,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
    }


def run_dbt(folder: Path, *args: str, dbt: Path | Sequence[str] = install_packages.DBT) -> Result:
    """Run dbt, untouched by the user's settings."""
    results = folder / "target" / "run_results.json"
    results.unlink(missing_ok=True)
    done = subprocess.run(**dbt_command(folder, *args, dbt=dbt))
    statuses: dict[str, str] = {}
    if results.is_file():
        for node in json.loads(results.read_text())["results"]:
            if not node["unique_id"].startswith("operation."):  # the package's hook
                statuses[node["unique_id"]] = node["status"]
    return Result(done.returncode, done.stdout, statuses)


def package_for(package_vars: Mapping[str, Any]) -> Path:
    """The package, or a copy without connectors where these vars name none: dbt reads the less.

    Every test of the installation has the whole.
    """
    return ROOT if "connector:" in str(package_vars) else without_connectors()


@cache
def without_connectors() -> Path:
    """The package, file by file a link, but for its connectors."""
    copy = Path(tempfile.mkdtemp(prefix="product_led_revenue_"))
    atexit.register(shutil.rmtree, copy)
    for part in ("dbt_project.yml", "macros", "seeds", "tests", "analyses"):
        (copy / part).symlink_to(ROOT / part)
    for file in (*(ROOT / "models").rglob("*.*"), *(ROOT / "unit_tests").rglob("*.*")):
        if "connectors" not in file.relative_to(ROOT).parts:
            link = copy / file.relative_to(ROOT)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)
    return copy


class Folder:
    """A consumer project's folder, with its profile and the packages that it installs."""

    def __init__(
        self, folder: Path, profile: str, output: Mapping[str, Any], package: Path = ROOT
    ) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True)
        self.write("packages.yml", {"packages": [{"local": os.path.relpath(ROOT, folder)}]})
        self.write("profiles.yml", {profile: {"target": "dev", "outputs": {"dev": output}}})
        install_packages.lay_links(folder, dbt_utils_folder(), package)

    def write(self, file: str, content: str | Mapping[str, Any]) -> None:
        """Write one of the project's files; a mapping is written as YAML."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str):
            content = yaml.safe_dump(content, sort_keys=False)
        path.write_text(content)


class Project(Folder):
    """A consumer project in a temporary folder, on DuckDB.

    inputs   relation → rows; a relation left out stays unset, an empty list is an empty table
    vars     the package's vars; they win over the names this class gives to inputs and rules
    rules    rule table → rows, replacing the package's seed
    models   file name → SQL, the consumer's own models
    types    relation → column → type, where a test wants other types than the contract's
    schema   the profile's schema
    config   anything else for dbt_project.yml
    """

    def __init__(
        self,
        tmp_path: Path,
        inputs: Mapping[str, Rows],
        vars: Mapping[str, Any] | None = None,  # noqa: A002  (dbt's own word)
        rules: Mapping[str, Rows] | None = None,
        models: Mapping[str, str] | None = None,
        *,
        types: Mapping[str, Mapping[str, str]] | None = None,
        schema: str = "main",
        config: Mapping[str, Any] | None = None,
    ) -> None:
        output = {"type": "duckdb", "path": "consumer.duckdb", "schema": schema, "threads": 2}
        package = package_for(vars or {})
        super().__init__(Path(tmp_path).resolve() / "consumer", "consumer", output, package)
        self.database = self.folder / "consumer.duckdb"
        self.vars: dict[str, Any] = {}
        given = dict(vars or {})
        shape = given.get("plr_revenue_shape", "periods")

        tables = {**inputs, **(rules or {})}
        for relation, rows in tables.items():
            own = dict((types or {}).get(relation, {}))
            write_table(self.database, relation, rows, column_types(relation, shape) | own)
            name = relation if relation in RULE_TYPES else f"plr_input_{relation}"
            self.vars[name] = f"source:raw.{relation}"
        self.vars |= given

        sources = [{"name": "raw", "schema": "raw", "tables": [{"name": n} for n in tables]}]
        self.write("models/sources.yml", {"version": 2, "sources": sources})
        for file, sql in (models or {}).items():
            self.write(f"models/{file}", sql)
        self.write(
            "dbt_project.yml",
            {
                "name": "consumer",
                "version": "1.0.0",
                "config-version": 2,
                "profile": "consumer",
                "vars": {"product_led_revenue": self.vars},
                **(config or {}),
            },
        )

    def dbt(self, *args: str) -> Result:
        """Run a dbt command, whatever comes of it."""
        return run_dbt(self.folder, *args)

    def build(self, *args: str) -> Result:
        """Run `dbt build`, which has to succeed."""
        result = self.dbt("build", *args)
        assert result.ok, result.output
        return result

    def query(self, sql: str) -> Rows:
        """Read from the built database."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return rows_of(connection, sql)

    def mart(self, name: str) -> Rows:
        """Every row of a model, in whatever schema it was built."""
        found = self.query(
            "select table_schema from information_schema.tables "
            f"where table_name = '{name}' and table_schema <> 'raw'"
        )
        assert len(found) == 1, f"{name} was built {len(found)} times"
        return self.query(f'select * from "{found[0]["table_schema"]}".{name}')
