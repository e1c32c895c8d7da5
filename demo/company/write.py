"""Rows to Parquet: a temporary CSV per relation, read back by DuckDB with explicit types."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

TYPES = {
    "accounts": {
        "workspace_id": "VARCHAR",
        "name": "VARCHAR",
        "parent_workspace_id": "VARCHAR",
        "merged_into": "VARCHAR",
        "size_band": "VARCHAR",
        "source": "VARCHAR",
        "signed_up": "TIMESTAMP",
        "created": "TIMESTAMP",
        "kind": "VARCHAR",
    },
    "users": {
        "member_id": "VARCHAR",
        "workspace_id": "VARCHAR",
        "joined_at": "TIMESTAMP",
        "left_at": "TIMESTAMP",
        "email_domain": "VARCHAR",
    },
    "product_events": {
        "ts": "TIMESTAMP",
        "event": "VARCHAR",
        "workspace_id": "VARCHAR",
        "member_id": "VARCHAR",
        "quantity": "INTEGER",
        "grain": "VARCHAR",
        "source": "VARCHAR",
        "event_uuid": "VARCHAR",
    },
    "crm_activities": {
        "id": "VARCHAR",
        "account_ref": "VARCHAR",
        "deal_ref": "VARCHAR",
        "kind": "VARCHAR",
        "direction": "VARCHAR",
        "activity_at": "VARCHAR",
        "logged_at": "VARCHAR",
        "owner_team": "VARCHAR",
        "purpose": "VARCHAR",
        "is_sequence": "BOOLEAN",
        "minutes": "INTEGER",
        "state": "VARCHAR",
    },
    "opportunities": {
        "id": "VARCHAR",
        "account_ref": "VARCHAR",
        "deal_type": "VARCHAR",
        "created_at": "VARCHAR",
        "close_date": "VARCHAR",
        "stage": "VARCHAR",
        "created_by_team": "VARCHAR",
        "yearly_amount": "DECIMAL(18, 2)",
        "currency": "VARCHAR",
    },
    "revenue": {
        "version_id": "VARCHAR",
        "customer_id": "VARCHAR",
        "item_id": "VARCHAR",
        "first_day": "DATE",
        "last_day": "DATE",
        "interval_months": "INTEGER",
        "amount": "DECIMAL(18, 2)",
        "list_amount": "DECIMAL(18, 2)",
        "currency": "VARCHAR",
        "quantity": "INTEGER",
        "status": "VARCHAR",
    },
    "contracts": {
        "contract_no": "VARCHAR",
        "account_ref": "VARCHAR",
        "replaces": "VARCHAR",
        "item_id": "VARCHAR",
        "first_day": "DATE",
        "last_day": "DATE",
        "yearly_amount": "DECIMAL(18, 2)",
        "currency": "VARCHAR",
        "discount_percent": "DECIMAL(5, 1)",
        "signed_on": "DATE",
        "auto_renews": "VARCHAR",
    },
    "account_costs": {
        "account_ref": "VARCHAR",
        "month": "VARCHAR",
        "category": "VARCHAR",
        "usd": "DECIMAL(18, 2)",
    },
    "acquisition_costs": {
        "month": "VARCHAR",
        "program": "VARCHAR",
        "category": "VARCHAR",
        "channel": "VARCHAR",
        "amount": "DECIMAL(18, 2)",
        "currency": "VARCHAR",
    },
    "company_months": {
        "month": "VARCHAR",
        "staff": "DECIMAL(8, 1)",
        "recognised_usd": "DECIMAL(18, 2)",
    },
    "fx_rates": {"month": "VARCHAR", "currency": "VARCHAR", "usd_per_unit": "DECIMAL(12, 6)"},
    "entitlements": {
        "workspace_id": "VARCHAR",
        "feature": "VARCHAR",
        "quota": "INTEGER",
        "first_day": "DATE",
        "last_day": "DATE",
    },
}


def write_parquet(tables: dict[str, list], folder: Path) -> None:
    """Write every relation of TYPES; rows are dicts, or tuples in column order."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch, duckdb.connect() as db:
        db.execute("set threads = 1")
        for relation, types in TYPES.items():
            source, target = Path(scratch, "rows.csv"), folder / f"{relation}.parquet"
            with source.open("w", newline="", encoding="utf-8") as handle:
                rows = tables[relation]
                if rows and isinstance(rows[0], dict):
                    csv.DictWriter(handle, list(types)).writerows(rows)
                else:
                    csv.writer(handle).writerows(rows)
            columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
            read = f"select * from read_csv('{source}', header = false, columns = {{{columns}}})"
            db.execute(f"copy ({read}) to '{target}' (format parquet, compression zstd)")
