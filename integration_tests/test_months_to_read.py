"""Which months of raw events a run reads again, why, what it says of it, and what it then keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from harness import Project, Rows, column_types, write_table

EVENT_MODELS = ("--resource-type", "model", "--select", "+int_plr__events_read")
# of the newest event on; one lies after the as-of day
RECENT = {("2024-06-01", "recent"), ("2024-07-01", "recent")}
SIGNED = "product_led_revenue: "


def _event(event_id: str, day: str, name: str = "opened", **owner: str) -> dict[str, Any]:
    return {
        "event_id": event_id, "event_name": name, "occurred_at": datetime.fromisoformat(day),
        **owner,
    }  # fmt: skip


def _tables() -> dict[str, Rows]:
    """Three accounts, whose events each have months of their own."""
    return {
        "accounts": [
            {"account_id": "a", "signed_up_at": datetime(2023, 8, 1)},
            {"account_id": "b"},
        ],
        "users": [
            {"user_id": "u", "account_id": "a"},
            {"user_id": "mover", "account_id": "a"},
        ],
        "product_events": [
            _event("of a", "2024-06-10", account_id="a"),
            _event("of b", "2024-02-10", account_id="b"),
            _event("of nobody yet", "2024-03-10", account_id="d"),
            _event("of u", "2024-04-10", user_id="u"),
            _event("of mover", "2024-01-10", user_id="mover"),
            _event("of mover, later", "2024-05-10", user_id="mover"),
            _event("a role", "2023-12-10", "shared", account_id="a"),
            _event("of a, by a stranger", "2023-11-10", account_id="a", user_id="stranger"),
            _event("only signal", "2023-09-10", "done", account_id="a"),
            _event("soon after the sign-up", "2023-08-10", "done", account_id="a"),
            _event("and again", "2023-08-20", "done", account_id="a"),
            _event("to come", "2024-07-10", account_id="a"),
        ],
        "revenue": [],
        "plr_event_roles": [{"event_name": "done", "role": "value"}],
        "plr_activity_rules": [
            {
                "rule_group_id": rule_id, "rule_id": rule_id, "group_operator": "all",
                "event_name": "role:value", "min_distinct_users": 0, "min_distinct_days": 1,
                "min_events": 1, "within_days": 30, "anchor": rule_id, "is_active": True,
            }
            for rule_id in ("rolling", "signup")
        ],
    }  # fmt: skip


Change = Callable[[dict[str, Rows]], None]


def _row(tables: dict[str, Rows], relation: str, key: str, value: str) -> dict[str, Any]:
    [row] = [row for row in tables[relation] if row[key] == value]
    return row


# what changes before a run, the months it reads besides the recent ones, and what it says
CHANGES: list[tuple[str, Change, set[tuple[str, str]], list[str]]] = [
    ("nothing", lambda tables: None, set(), []),
    (
        "an event comes eight months late",
        lambda tables: tables["product_events"].append(
            _event("late", "2023-10-10", account_id="a")
        ),
        {("2023-10-01", "late events")},
        ["raw events changed before 2024-06-01: the months whose row counts differ"],
    ),
    (
        "a month loses its only event",
        lambda tables: tables["product_events"].remove(
            _row(tables, "product_events", "event_id", "late")
        ),
        {("2023-10-01", "late events")},
        ["raw events changed before 2024-06-01"],
    ),
    (
        "an account is merged",
        lambda tables: _row(tables, "accounts", "account_id", "b").update(
            merged_into_account_id="a"
        ),
        {("2024-02-01", "changed meaning")},
        ["1 account(s) were merged, found, lost or turned internal"],
    ),
    (
        "an account is known at last",
        lambda tables: tables["accounts"].append({"account_id": "d"}),
        {("2024-03-01", "found owner")},
        [],
    ),
    (
        "a user turns internal",
        lambda tables: _row(tables, "users", "user_id", "u").update(is_internal=True),
        {("2024-04-01", "changed meaning")},
        ["1 user(s) changed accounts in the past or turned internal"],
    ),
    (
        "a stranger turns out to be internal",
        lambda tables: tables["users"].append(
            {"user_id": "stranger", "account_id": "a", "is_internal": True}
        ),
        {("2023-11-01", "changed meaning")},
        ["1 user(s) changed accounts in the past or turned internal"],
    ),
    (
        "a month loses its only signal",
        lambda tables: tables["product_events"].remove(
            _row(tables, "product_events", "event_id", "only signal")
        ),
        {("2023-09-01", "late events")},
        ["raw events changed before 2024-06-01"],
    ),
    (
        "a user has moved in May",
        lambda tables: (
            _row(tables, "users", "user_id", "mover").update(valid_to=datetime(2024, 5, 2)),
            tables["users"].append(
                {"user_id": "mover", "account_id": "d", "valid_from": datetime(2024, 5, 2)}
            ),
        ),
        {("2024-05-01", "changed meaning")},
        ["1 user(s) changed accounts in the past or turned internal"],
    ),
    (
        "an event name gets a role",
        lambda tables: tables["plr_event_roles"].append({"event_name": "shared", "role": "value"}),
        {("2023-12-01", "changed meaning"), ("1900-01-01", "rules")},
        ["1 event name(s) have another role", "1 rule(s) of roles, activity or signal windows"],
    ),
    (
        "a rule asks for more",
        lambda tables: tables["plr_activity_rules"][0].update(min_events=2),
        {("1900-01-01", "rules")},
        ["1 rule(s) of roles, activity or signal windows changed"],
    ),
    # last: a changed rule would have what was met found anew
    (
        "an account signed up earlier than was said",
        lambda tables: _row(tables, "accounts", "account_id", "a").update(
            signed_up_at=datetime(2022, 1, 1)
        ),
        set(),
        [],
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> dict[str, Rows]:
    return _tables()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, tables: dict[str, Rows]) -> Project:
    inputs = {name: rows for name, rows in tables.items() if not name.startswith("plr_")}
    rules = {name: rows for name, rows in tables.items() if name.startswith("plr_")}
    project = Project(tmp_path_factory.mktemp("months"), inputs, {}, rules)
    _run(project, tables)
    return project


def _run(
    project: Project,
    tables: dict[str, Rows],
    as_of: str = "2024-06-20",
    *,
    fresh: bool = False,
    **settings: Any,
) -> tuple[set[tuple[str, str]], list[str]]:
    """The months that a run reads and why, and the sentences of the package in dbt's output."""
    for relation, rows in tables.items():
        write_table(project.database, relation, rows, column_types(relation))
    result = project.build(
        *EVENT_MODELS, *(["--full-refresh"] if fresh else []),
        "--vars", json.dumps({"plr_as_of_date": as_of, **settings}),
    )
    months = project.query("select event_month, reason from int_plr__months_to_read")
    said = [line.split(SIGNED, 1)[1] for line in result.output.splitlines() if SIGNED in line]
    return {(str(row["event_month"]), row["reason"]) for row in months}, said


def _kept(project: Project) -> dict[str, Rows]:
    """What is kept of the events, but for the rows that stand for a month without any."""
    conditions = {
        "int_plr__signal_events": "event_id is not null",
        "int_plr__event_months": "coalesce(reject_code, '') <> 'no_events'",
        "int_plr__signal_months": "account_id is not null",
        "int_plr__rules_met": "true",
    }
    return {
        model: project.query(f"select * from {model} where {condition} order by all")
        for model, condition in conditions.items()
    }


def test_each_change_is_read_where_it_reaches_and_said(
    project: Project, tables: dict[str, Rows]
) -> None:
    for what, change, months, said in CHANGES:
        change(tables)
        found = _run(project, tables)
        assert found[0] == RECENT | months, what
        assert len(found[1]) == len(said), (what, found[1])
        assert all(line.startswith(start) for start, line in zip(said, found[1])), (what, found[1])


def test_what_is_kept_is_as_after_a_full_refresh(
    project: Project, tables: dict[str, Rows]
) -> None:
    kept = _kept(project)
    _run(project, tables, fresh=True)
    assert kept == _kept(project)
    assert all(kept.values())


def test_the_as_of_day_goes_on_and_back(project: Project, tables: dict[str, Rows]) -> None:
    on, _ = _run(project, tables, "2024-07-20")
    assert on == RECENT | {("2024-07-01", "as-of day")}
    back, _ = _run(project, tables, "2024-05-20")
    assert back == {
        ("2024-07-01", "recent"), ("2024-07-01", "as-of day"), ("2024-06-01", "as-of day"),
    }  # fmt: skip


def test_a_setting_that_decides_over_every_event_has_all_read(
    project: Project, tables: dict[str, Rows]
) -> None:
    months, said = _run(project, tables, plr_events_are_unique=True)
    assert {reason for _, reason in months} == {"everything"}
    assert len(said) == 1 and said[0].startswith("plr_events_are_unique, or what unlisted")
