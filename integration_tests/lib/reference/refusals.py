"""What the package refuses to build on: vars and rules that mean nothing, or two things."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from .contract import Row, to_bool
from .words import READINGS, choices, in_form, text

WORDS = {
    "revenue_shape": {"periods", "snapshots", "invoices"},
    "tie_policy": {"sales_first", "product_first"},
    "contact_scope": {"account", "family"},
    "activity_scope": {"account", "family"},
    "overlap_policy": {"sum", "truncate"},
}
ROLES = "usage value breadth limit prompt intent commercial_action ignore".split()
CELLS = {
    "actor_team": {*READINGS["actor_team"][0].values(), "unknown"},
    "direction": set(READINGS["direction"][0]),
    "is_automated": {"true", "false"},
    "purpose": set(READINGS["purpose"][0]),
}
MINIMUMS = ("min_events", "min_distinct_users", "min_distinct_days")


class InputError(Exception):
    """An input the package refuses to build on; carries the code and what is wrong."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def word_of(name: str, value: Any) -> str:
    """A var's word in the form in which words are compared."""
    form = in_form(value)
    if form not in WORDS[name]:
        raise InputError("var_value", f"plr_{name} is {value}, none of {sorted(WORDS[name])}")
    return form


def check_rules(rules: dict[str, list[Row]]) -> None:
    """Rules are checked before use; the first that is wrong is named."""
    activity = rules.get("plr_activity_rules") or []
    active = [row for row in activity if to_bool(row.get("is_active") or False)]
    contacts = rules.get("plr_contact_rules") or []
    roles = rules.get("plr_event_roles") or []
    if not active:
        raise InputError("no_activity_rules", "plr_activity_rules has no active rule")
    _refuse_twice(activity, lambda row: row["rule_id"])
    _refuse_twice(contacts, lambda row: f"priority {row['priority']}")
    _refuse_twice(roles, lambda row: f"{row['event_name']} {in_form(row['role'])}")
    operators: dict[str, set[str]] = defaultdict(set)
    for row in active:
        operator = in_form(row.get("group_operator")) or "all"
        operators[row["rule_group_id"]].add(operator)
        _refuse_unless(operator in ("all", "any"), row["rule_id"])
        _refuse_unless(
            (in_form(row.get("anchor")) or "rolling") in ("rolling", "signup"), row["rule_id"]
        )
        within = row.get("within_days")
        _refuse_unless(within in (None, "") or int(within) > 0, row["rule_id"])
        event = in_form(row["event_name"]) or ""
        role = event.removeprefix("role:").removeprefix("_")
        _refuse_unless(not event.startswith("role:") or role in ROLES, row["rule_id"])
    for group, found in operators.items():
        _refuse_unless(len(found) == 1, f"group {group}")
    for row in [*active, *contacts]:
        named = row.get("rule_id") or f"priority {row.get('priority')}"
        least = [row.get(column) for column in (*MINIMUMS, "min_duration_minutes")]
        _refuse_unless(all(int(value or 0) >= 0 for value in least), named)
    for row in contacts:
        for column, known in CELLS.items():
            words = choices(row.get(column)) if text(row.get(column)) is not None else {"any"}
            _refuse_unless(words == {"any"} or words <= known, f"priority {row['priority']}")
    for row in roles:
        _refuse_unless(in_form(row["role"]) in ROLES, f"{row['event_name']} {row['role']}")


def check_accounts(rows: list[Row]) -> None:
    """`all` is the marts' row of all segments or channels."""
    for row in rows:
        for column in ("segment", "acquisition_channel"):
            if (row[column] or "").strip().lower() == "all":
                raise InputError("named_all", f"{column} of {row['account_id']}")


def check_channels(rows: list[Row]) -> None:
    """A channel of spend, likewise."""
    for row in rows:
        if (row["acquisition_channel"] or "").strip().lower() == "all":
            raise InputError("named_all", f"acquisition_channel of {row['month']}")


def _refuse_twice(rows: Iterable[Row], key: Callable[[Row], str]) -> None:
    for named, times in Counter(key(row) for row in rows).items():
        _refuse_unless(times == 1, named)


def _refuse_unless(is_sound: bool, named: str) -> None:
    if not is_sound:
        raise InputError("rules", named)
