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

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml

import install_packages

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = ROOT / "integration_tests" / "projects"
EMPTY_COMPANY = PROJECTS / "empty_company"

Row = dict[str, Any]
Rows = list[Row]

TEXT, INT, FLAG, DATE, TIME = "text", "int", "boolean", "date", "timestamp"
MONEY, SHARE, RATE = "numeric(28,6)", "numeric(28,6)", "numeric(28,12)"

# --- the contract's columns and types, in its order ---------------------------------------------

INPUT_TYPES: dict[str, dict[str, str]] = {
    "accounts": {
        "account_id": TEXT,
        "account_name": TEXT,
        "parent_account_id": TEXT,
        "merged_into_account_id": TEXT,
        "segment": TEXT,
        "acquisition_channel": TEXT,
        "signed_up_at": TIME,
        "created_at": TIME,
        "is_internal": FLAG,
    },
    "users": {
        "user_id": TEXT,
        "account_id": TEXT,
        "valid_from": TIME,
        "valid_to": TIME,
        "is_internal": FLAG,
    },
    "product_events": {
        "event_id": TEXT,
        "occurred_at": TIME,
        "event_name": TEXT,
        "account_id": TEXT,
        "user_id": TEXT,
        "event_count": INT,
        "occurred_precision": TEXT,
        "is_automated": FLAG,
        "loaded_at": TIME,
    },
    "crm_activities": {
        "activity_id": TEXT,
        "account_id": TEXT,
        "opportunity_id": TEXT,
        "activity_type": TEXT,
        "direction": TEXT,
        "occurred_at": TIME,
        "occurred_precision": TEXT,
        "created_at": TIME,
        "actor_team": TEXT,
        "purpose": TEXT,
        "is_automated": FLAG,
        "duration_minutes": INT,
        "status": TEXT,
    },
    "opportunities": {
        "opportunity_id": TEXT,
        "account_id": TEXT,
        "opportunity_type": TEXT,
        "created_at": TIME,
        "closed_at": TIME,
        "is_closed": FLAG,
        "is_won": FLAG,
        "created_by_team": TEXT,
        "amount_mrr": MONEY,
        "currency": TEXT,
    },
    "contracts": {
        "contract_id": TEXT,
        "account_id": TEXT,
        "subscription_id": TEXT,
        "previous_contract_id": TEXT,
        "term_start": DATE,
        "term_end": DATE,
        "contract_mrr": MONEY,
        "currency": TEXT,
        "discount_share": SHARE,
        "signed_at": TIME,
        "auto_renew": FLAG,
    },
    "account_costs": {
        "account_id": TEXT,
        "month": DATE,
        "cost_type": TEXT,
        "amount": MONEY,
        "currency": TEXT,
    },
    "company_months": {
        "month": DATE,
        "headcount_fte": MONEY,
        "cogs": MONEY,
        "recognized_revenue": MONEY,
    },
    "fx_rates": {
        "month": DATE,
        "currency": TEXT,
        "rate": RATE,
    },
    "entitlements": {
        "account_id": TEXT,
        "metric": TEXT,
        "limit_quantity": MONEY,
        "valid_from": DATE,
        "valid_to": DATE,
    },
}

REVENUE_TYPES: dict[str, dict[str, str]] = {
    "periods": {
        "subscription_period_id": TEXT,
        "account_id": TEXT,
        "subscription_id": TEXT,
        "valid_from": DATE,
        "valid_to": DATE,
        "mrr": MONEY,
        "currency": TEXT,
        "seats": INT,
        "list_mrr": MONEY,
        "is_trial": FLAG,
    },
    "snapshots": {
        "account_id": TEXT,
        "month": DATE,
        "mrr": MONEY,
        "currency": TEXT,
        "subscription_id": TEXT,
    },
    "invoices": {
        "invoice_line_id": TEXT,
        "account_id": TEXT,
        "subscription_id": TEXT,
        "service_start": DATE,
        "service_end": DATE,
        "amount": MONEY,
        "currency": TEXT,
        "line_type": TEXT,
    },
}

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
    return value if isinstance(value, str) else repr(value)


def write_table(
    database: Path, relation: str, rows: Iterable[Row], types: Mapping[str, str]
) -> None:
    """Write rows as raw.<relation>; a column that no row names is left out of the table."""
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
    typed = ", ".join(f'cast("{column}" as {types[column]}) as "{column}"' for column in columns)
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema if not exists raw")
        connection.execute(
            f"create or replace table raw.{relation} as select {typed} from read_json("
            f"'{file}', format = 'newline_delimited', columns = {{{as_text}}})"
        )
    file.unlink()


# --- the project ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What a dbt command left: its exit code, what it printed, and each node's status."""

    exit_code: int
    output: str
    statuses: dict[str, str]

    @property
    def ok(self) -> bool:
        return self.exit_code == 0


def dbt_utils_folder() -> Path:
    """The dbt_utils that this run of the tests uses, chosen by conftest.py."""
    return (EMPTY_COMPANY / "dbt_packages" / "dbt_utils").resolve()


def dbt_command(folder: Path, *args: str, dbt: Path = install_packages.DBT) -> dict[str, Any]:
    """How to start dbt in a project folder that holds its profile, for subprocess."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("DBT_")}
    env |= {
        "DBT_PROFILES_DIR": str(folder),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_USE_COLORS": "false",
        "DBT_VERSION_CHECK": "false",
    }
    return {
        "args": [str(dbt), *args],
        "cwd": folder,
        "env": env,
        "text": True,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
    }


def run_dbt(folder: Path, *args: str, dbt: Path = install_packages.DBT) -> Result:
    """Run dbt, untouched by the user's settings."""
    results = folder / "target" / "run_results.json"
    results.unlink(missing_ok=True)
    done = subprocess.run(**dbt_command(folder, *args, dbt=dbt))
    statuses: dict[str, str] = {}
    if results.is_file():
        for node in json.loads(results.read_text())["results"]:
            statuses[node["unique_id"]] = node["status"]
    return Result(done.returncode, done.stdout, statuses)


class Project:
    """A consumer project in a temporary folder.

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
        self.folder = Path(tmp_path).resolve() / "consumer"
        self.folder.mkdir(parents=True)
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
        self.write("packages.yml", {"packages": [{"local": os.path.relpath(ROOT, self.folder)}]})
        output = {"type": "duckdb", "path": self.database.name, "schema": schema, "threads": 2}
        self.write("profiles.yml", {"consumer": {"target": "dev", "outputs": {"dev": output}}})
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
        install_packages.lay_links(self.folder, dbt_utils_folder())

    def write(self, file: str, content: str | Mapping[str, Any]) -> None:
        """Write one of the project's files; a mapping is written as YAML."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str):
            content = yaml.safe_dump(content, sort_keys=False)
        path.write_text(content)

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
            answer = connection.execute(sql)
            names = [column[0] for column in answer.description]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def mart(self, name: str) -> Rows:
        """Every row of a model, in whatever schema it was built."""
        found = self.query(
            "select table_schema from information_schema.tables "
            f"where table_name = '{name}' and table_schema <> 'raw'"
        )
        assert len(found) == 1, f"{name} was built {len(found)} times"
        return self.query(f'select * from "{found[0]["table_schema"]}".{name}')
