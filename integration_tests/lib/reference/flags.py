"""plr_pattern_flags: every verdict of every pattern in one shape."""

from __future__ import annotations

from datetime import date

from .contract import Row
from .facts import COMPANY, Scope
from .verdict import FLAGGED

ACCOUNT_PATTERNS = ["expansion_orphans", "conversion_black_holes", "hollow_usage"]


def flag_rows(patterns: dict[str, list[Row]]) -> list[Row]:
    """The union of the patterns."""
    return [_flag(pattern, row) for pattern, rows in patterns.items() for row in rows]


def flagged_scopes(patterns: dict[str, list[Row]]) -> set[tuple[str, date, Scope]]:
    """Where each pattern has a flagged row; an account's counts in its segment and company."""
    found = set()
    for pattern, rows in patterns.items():
        for row in rows:
            if row["status"] != FLAGGED:
                continue
            if pattern in ACCOUNT_PATTERNS:
                found.add((pattern, row["month"], COMPANY))
                found.add((pattern, row["month"], ("segment", row["segment"])))
            else:
                found.add((pattern, row["month"], (row["scope"], row["scope_value"])))
    return found


def _segment_of(entity: Row) -> str | None:
    return entity["entity_id"] if entity["entity_type"] == "segment" else None


def _flag(pattern: str, row: Row) -> Row:
    entity = {
        "entity_type": row.get("entity_type") or row.get("scope") or "account",
        "entity_id": row.get("entity_id") or row.get("scope_value") or row.get("account_id"),
    }
    counts_people = "excess_fte" in row
    return {
        "pattern": pattern,
        **entity,
        "entity_name": row.get("account_name") or entity["entity_id"],
        "segment": row["segment"] if "segment" in row else _segment_of(entity),
        "month": row["month"],
        "status": row["status"],
        "severity": row["severity"],
        "reason": row["reason"],
        "amount_at_stake": row["excess_fte"] if counts_people else row["mrr_at_stake"],
        "amount_unit": "fte" if counts_people else "mrr",
        "months_flagged_streak": row["months_flagged_streak"],
    }
