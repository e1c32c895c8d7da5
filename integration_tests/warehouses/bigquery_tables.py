"""Moves a table into or out of BigQuery's emulator, as a Parquet file.

.venv-warehouses/bin/python bigquery_tables.py <port> load|save <dataset.table> <file>
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow.parquet
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

TYPES = {
    "bool": "BOOL",
    "date32[day]": "DATE",
    "int32": "INT64",
    "int64": "INT64",
    "string": "STRING",
    "timestamp[us]": "TIMESTAMP",
}


def load(client: bigquery.Client, table: str, file: Path) -> None:
    """Make the table anew."""
    client.create_dataset(table.partition(".")[0], exists_ok=True, retry=None)
    client.delete_table(table, not_found_ok=True, retry=None)
    schema = [
        bigquery.SchemaField(field.name, TYPES.get(str(field.type), "NUMERIC"))
        for field in pyarrow.parquet.read_schema(file)
    ]
    settings = bigquery.LoadJobConfig(source_format="PARQUET", schema=schema)
    with file.open("rb") as content:
        client.load_table_from_file(content, table, job_config=settings).result()


def save(client: bigquery.Client, table: str, file: Path) -> None:
    """Write the table's rows."""
    rows = client.query(f"select * from {table}").result()
    pyarrow.parquet.write_table(rows.to_arrow(create_bqstorage_client=False), file)


if __name__ == "__main__":
    port, task, table, file = sys.argv[1:]
    client = bigquery.Client(
        project="nobody",
        credentials=AnonymousCredentials(),
        client_options=ClientOptions(api_endpoint=f"http://127.0.0.1:{port}"),
        default_query_job_config=bigquery.QueryJobConfig(),
    )
    {"load": load, "save": save}[task](client, table, Path(file))
