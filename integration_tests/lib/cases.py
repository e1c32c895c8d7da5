"""The cases of cases.yml: as rows of the inputs, and held against what came out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml

from differences import KEYS, is_same
from harness import INPUT_TYPES, ROOT, RULE_TYPES, Row, Rows

TABLE = yaml.safe_load((ROOT / "integration_tests" / "cases.yml").read_text())
REQUIRED = ("accounts", "product_events", "revenue")
INPUTS = (*INPUT_TYPES, "revenue")
# the ids that the table leaves out
NUMBERED = {
    "product_events": "event_id",
    "crm_activities": "activity_id",
    "opportunities": "opportunity_id",
    "periods": "subscription_period_id",
    "invoices": "invoice_line_id",
}
# what tells an account's rows of a mart apart
LINES = {
    **{mart: [c for c in key if c != "account_id"] for mart, key in KEYS.items()},
    "plr_revenue_events": ["stage", "month"],
    "plr_conversion_black_holes": ["month"],
}
NO_ROW = "no row"


@dataclass
class Build:
    """Cases that are built together, in one project."""

    name: str
    vars: dict[str, Any]
    cases: Rows
    inputs: dict[str, Rows] = field(default_factory=lambda: {name: [] for name in REQUIRED})
    rules: dict[str, Rows] = field(default_factory=dict)


def label(case: Row) -> str:
    """What a case is called in ids and segments."""
    number = case["case"]
    return f"case {number:02}" if isinstance(number, int) else number


def builds() -> list[Build]:
    """Every build with the rows of its cases."""
    return [_build(name, **setup) for name, setup in TABLE["builds"].items()]


def _build(name: str, is_watched: bool = True, **variables: Any) -> Build:
    cases = [case for case in TABLE["cases"] if name in case.get("builds", ["usual"])]
    build = Build(name, TABLE["vars"] | variables, cases)
    for relation, rows in TABLE["rules"].items():
        _add(build, "shared", relation, rows)
    if is_watched:
        _add_account(build, "shared", "watched", TABLE["watched"])
    for case in cases:
        owner, rules = label(case), case.get("plr_activity_rules", [])
        _add(build, owner, "plr_activity_rules", rules, rules)
        for account, told in case["accounts"].items():
            _add_account(build, owner, account, told, rules)
        for relation, rows in case.get("given", {}).items():
            _add(build, owner, relation, rows)
    return build


def _add_account(build: Build, owner: str, account: str, told: Row, rules: Rows = ()) -> None:
    mine = {"account_id": account}
    itself = {"account_name": account, "segment": owner, **told.get("accounts", {})}
    _add(build, owner, "accounts", [mine | itself])
    for relation in told.keys() & set(INPUTS) - {"accounts"}:
        _add(build, owner, relation, [mine | row for row in told[relation]], rules)


def _add(build: Build, owner: str, relation: str, rows: Rows, rules: Rows = ()) -> None:
    """Rows with all that the table leaves out; ids, and events of own rules, are the owner's."""
    table = (build.rules if relation in RULE_TYPES else build.inputs).setdefault(relation, [])
    shape = build.vars.get("plr_revenue_shape", "periods") if relation == "revenue" else relation
    own_events = {rule["event_name"] for rule in rules}
    for row in rows:
        row = TABLE["defaults"].get(shape, {}) | row
        if shape in NUMBERED:
            row = {NUMBERED[shape]: f"{relation} {len(table)}"} | row
        if relation == "plr_activity_rules":
            row = {"rule_group_id": row["rule_id"]} | row
        table.append(
            {
                column: f"{owner} {value}"
                if (column.endswith("_id") and value) or value in own_events
                else _typed(value)
                for column, value in row.items()
            }
        )


def _typed(value: Any) -> Any:
    """Months, and times to the minute, are text in YAML."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d", value):
        return date.fromisoformat(f"{value}-01")
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", value):
        return datetime.fromisoformat(value)
    return value


# --- what must come out -----------------------------------------------------------------------


def complaints(case: Row, marts: Mapping[str, Rows]) -> list[str]:
    """What the table says of a case and a build's marts do not."""
    found = []
    for mart, where, values in _expected(case):
        place = " ".join([mart, *where.values()])
        rows = [row for row in marts[mart] if {c: _text(row[c]) for c in where} == where]
        if values == NO_ROW:
            found += [f"{place}: there is a row"] * bool(rows)
        elif len(rows) != 1:
            found.append(f"{place}: there are {len(rows)} rows")
        else:
            found += [
                f"{place}: {column} is {rows[0][column]}, not {value}"
                for column, value in values.items()
                if not is_same(_typed(value), rows[0][column])
            ]
    return found


def unread(build_names: Iterable[str]) -> list[str]:
    """Keys of the table that nothing reads, and cases that ask for nothing."""
    known = {"case", "title", "builds", "accounts", "given", "plr_activity_rules", "stops", "says"}
    found = []
    for case in TABLE["cases"]:
        words = case.keys() - known - KEYS.keys()
        words |= {*case.get("builds", [])} - {*build_names}
        words |= case.get("given", {}).keys() - {*INPUTS}
        for told in case["accounts"].values():
            words |= told.keys() - {*INPUTS} - KEYS.keys()
        found += [f"{case['case']}: {word}" for word in sorted(words)]
        if not case.get("stops") and not list(_expected(case)):
            found.append(f"{case['case']}: nothing is expected")
    return found


def _expected(case: Row) -> Iterator[tuple[str, Row, Any]]:
    """A mart, where in it (column → text), and the values there, or NO_ROW."""
    for mart in KEYS.keys() & case.keys():
        for key, values in case[mart].items():
            parts = [label(case) if part == "own" else part for part in key.split()]
            yield mart, dict(zip(KEYS[mart], parts, strict=True)), values
    for account, told in case["accounts"].items():
        for mart in KEYS.keys() & told.keys():
            column = "entity_id" if "entity_id" in KEYS[mart] else "account_id"
            me = {column: f"{label(case)} {account}"}
            lines = told[mart] if LINES[mart] else {"": told[mart]}
            for key, values in lines.items():
                yield mart, me | dict(zip(LINES[mart], key.split(), strict=True)), values


def _text(value: Any) -> str:
    """A part of a key as the table writes it; every date in a key is a month."""
    return f"{value:%Y-%m}" if isinstance(value, date) else str(value)
