"""The numbered edge cases of cases.yml: as rows of the inputs, and held against what came out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml
from differences import KEYS, is_same
from harness import INPUT_TYPES, REVENUE_TYPES, ROOT, RULE_TYPES, Row, Rows

TABLE = yaml.safe_load((ROOT / "integration_tests" / "cases.yml").read_text())
INPUTS = {*INPUT_TYPES, "revenue"}
# an input's key, where a row of the table may leave it out
NUMBERED = {
    "product_events": "event_id",
    "crm_activities": "activity_id",
    "opportunities": "opportunity_id",
    "periods": "subscription_period_id",
    "invoices": "invoice_line_id",
}
# what tells an account's rows of a mart apart, where it is not the rest of the mart's key
LINES = {"plr_revenue_events": ("stage", "month")}
OF_ACCOUNT = {"account_id", "entity_type", "entity_id"}
NO_ROW = "no row"


@dataclass
class Build:
    """Cases that are built together, in one project."""

    name: str
    vars: dict[str, Any]
    cases: list[Row]
    inputs: dict[str, Rows] = field(default_factory=dict)
    rules: dict[str, Rows] = field(default_factory=dict)

    @property
    def shape(self) -> str:
        """The shape of its revenue."""
        return self.vars.get("plr_revenue_shape", "periods")

    def add(self, case: str, relation: str, row: Row) -> None:
        """A row of an input or a rule table, with everything that the table leaves out."""
        kind = self.shape if relation == "revenue" else relation
        defaults = TABLE["defaults"].get(relation, {})
        row = (defaults.get(kind, {}) if relation == "revenue" else defaults) | row
        rows = (self.rules if relation in RULE_TYPES else self.inputs).setdefault(relation, [])
        if kind in NUMBERED:
            row = {NUMBERED[kind]: f"{relation}-{len(rows)}"} | row
        if relation == "plr_activity_rules":
            row = {"rule_group_id": row["rule_id"]} | row
        rows.append({name: _own(case, name, _typed(value)) for name, value in row.items()})


def _own(case: str, name: str, value: Any) -> Any:
    """Ids are the case's own."""
    return f"{case} {value}" if name.endswith("_id") and value is not None else value


def _typed(value: Any) -> Any:
    """A month and a time to the minute are text in YAML."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d", value):
        return date.fromisoformat(f"{value}-01")
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", value):
        return datetime.fromisoformat(value)
    return value


def builds() -> dict[str, Build]:
    """Every build with the rows of its cases."""
    found = {}
    for name, setup in TABLE["builds"].items():
        cases = [c for c in TABLE["cases"] if name in c.get("builds", [c.get("build", "usual")])]
        build = found[name] = Build(name, TABLE["vars"] | setup["vars"], cases)
        for relation in ("accounts", "product_events", "revenue"):
            build.inputs[relation] = []
        for relation, rows in TABLE["rules"].items():
            for row in rows:
                build.add("every", relation, row)
        if setup.get("is_watched", True):
            _add_account(build, "every", "watched", TABLE["watched"])
        for case in cases:
            _add_case(build, case)
    return found


def label(case: Row) -> str:
    """What a case is called in ids and segments."""
    return f"case {case['case']:02}"


def _add_case(build: Build, case: Row) -> None:
    rules = [_own_event(case, rule) for rule in case.get("plr_activity_rules", [])]
    for rule in rules:
        build.add(label(case), "plr_activity_rules", rule)
    for name, told in case["accounts"].items():
        _add_account(build, label(case), name, told, case)
    for relation, rows in case.get("given", {}).items():
        for row in rows:
            build.add(label(case), relation, row)


def _add_account(
    build: Build, case: str, name: str, told: Row, rules_of: Row | None = None
) -> None:
    account = {"account_id": name, "account_name": name, "segment": case}
    build.add(case, "accounts", account | told.get("accounts", {}))
    for relation in (INPUTS - {"accounts"}) & told.keys():
        for row in told[relation]:
            build.add(case, relation, {"account_id": name} | _own_event(rules_of or {}, row))


def _own_event(case: Row, row: Row) -> Row:
    """The events of a case's own rules are the case's own."""
    names = {rule["event_name"] for rule in case.get("plr_activity_rules", [])}
    if row.get("event_name") in names:
        return row | {"event_name": f"{label(case)} {row['event_name']}"}
    return row


# --- what must come out -----------------------------------------------------------------------


def expected(case: Row) -> Iterator[tuple[str, Row, Any]]:
    """Mart, where in it, and the values there: or NO_ROW."""
    for mart in KEYS.keys() & case.keys():
        for text, values in case[mart].items():
            where = dict(zip(KEYS[mart], text.split(), strict=True))
            if where.get("scope_value") == "own":
                where["scope_value"] = label(case)
            yield mart, where, values
    for account, told in case["accounts"].items():
        for mart in KEYS.keys() & told.keys():
            yield from _of_account(mart, f"{label(case)} {account}", told[mart])


def _of_account(mart: str, account: str, said: Any) -> Iterator[tuple[str, Row, Any]]:
    columns = LINES.get(mart) or [c for c in KEYS[mart] if c not in OF_ACCOUNT]
    me = {"entity_id" if "entity_id" in KEYS[mart] else "account_id": account}
    if not columns:
        yield mart, me, said
        return
    for text, values in said.items():
        yield mart, me | dict(zip(columns, text.split(), strict=True)), values


def complaints(case: Row, marts: Mapping[str, Rows]) -> list[str]:
    """What of a case did not come out."""
    found = []
    for mart, where, values in expected(case):
        rows = [row for row in marts[mart] if all(_text(row[c]) == v for c, v in where.items())]
        place = f"case {case['case']}: {mart} {' '.join(where.values())}"
        if values == NO_ROW:
            found += [f"{place}: has a row"] if rows else []
        elif len(rows) != 1:
            found.append(f"{place}: has {len(rows)} rows")
        else:
            for column, value in values.items():
                if not is_same(value := _typed(value), rows[0][column]):
                    found.append(f"{place}: {column} is {rows[0][column]!r}, not {value!r}")
    return found


def _text(value: Any) -> str:
    """A part of a key as the table writes it; a month as 2024-03."""
    return f"{value:%Y-%m}" if isinstance(value, date) else str(value)
