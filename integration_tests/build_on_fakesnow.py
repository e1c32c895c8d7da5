"""Builds a project on fakesnow, Snowflake's stand-in: tables in, `dbt build`, tables out.

    .venv-warehouses/bin/python build_on_fakesnow.py <inputs> <outputs> <dbt arguments> ...

`inputs` and `outputs` are folders of Parquet files, one a table: what is read from the schema
`raw`, and what dbt left in the schema `plr`. The project is the folder it is started in.
"""

from __future__ import annotations

import sys
from pathlib import Path

import fakesnow
import pandas
import snowflake.connector
from dbt.cli.main import dbtRunner
from snowflake.connector.pandas_tools import write_pandas

DATABASE = "NOBODY"  # as in profiles.yml; not the name of a schema


def load(connection: snowflake.connector.SnowflakeConnection, inputs: Path) -> None:
    """Make a table of each file."""
    connection.cursor().execute(f"create schema if not exists {DATABASE}.RAW")
    for file in sorted(inputs.glob("*.parquet")):
        connection.cursor().execute(
            f"create table {DATABASE}.RAW.{file.stem} as select * from read_parquet('{file}')"
        )


def main(inputs: str, outputs: str, *arguments: str) -> int:
    with fakesnow.patch(db_path=Path(outputs)):
        connection = snowflake.connector.connect(database=DATABASE, schema="PLR")
        load(connection, Path(inputs))
        done = dbtRunner().invoke(list(arguments))
    return 0 if done.success else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
