"""Which months of raw events a run reads again, why, what it says of it, and what it then keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from companies.rules import rule
from harness import Project, Rows, column_types, write_table


def _only(*models: str) -> tuple[str, ...]:
    """Options of dbt for these models alone, and seeds."""
    return ("--resource-type", "model", "--resource-type", "seed", "--select", *models)


EVERY_MODEL = _only("+int_plr__events_read")
# of the newest event on; one lies after the as-of day
# models that keep what was read of the events → rows that stand for more than a month without any
KEPT = {
    "int_plr__signal_events": "event_id is not null",
    "int_plr__event_months": "coalesce(reject_code, '') <> 'no_events'",
    "int_plr__event_words": "word is not null",
    "int_plr__signal_months": "account_id is not null",
    "int_plr__usage_quarters": "account_id is not null",
    "int_plr__rules_met": "true",
}
RECENT = {("2024-06-01", "recent"), ("2024-07-01", "recent")}
SIGNED = "product_led_revenue: "


def _event(event_id: str, day: str, name: str = "opened", **owner: str) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "event_name": name,
        "occurred_at": datetime.fromisoformat(day),
        **owner,
    }


def _tables() -> dict[str, Rows]:
    """Three accounts, whose events each have months of their own."""
    return {
        "accounts": [
            {"account_id": "a", "signed_up_at": datetime(2023, 8, 1)},
            *({"account_id": account_id} for account_id in "bxfg"),
        ],
        "account_links": [],
        "users": [
            {"user_id": "u", "account_id": "a"},
            {"user_id": "mover", "account_id": "a"},
            {"user_id": "leaver", "account_id": "a"},
            {"user_id": "misplaced", "account_id": "a"},
            {"user_id": "traveller", "account_id": "a"},
            {"user_id": "of staff", "account_id": "x"},
        ],
        "product_events": [
            _event("of a", "2024-06-10", account_id="a"),
            _event("of b", "2024-02-10", account_id="b"),
            _event("of nobody yet", "2024-03-10", account_id="d"),
            _event("of a, under its id elsewhere", "2022-09-10", account_id="ws"),
            _event("of u", "2024-04-10", user_id="u"),
            _event("of mover", "2024-01-10", user_id="mover"),
            _event("of mover, later", "2024-05-10", user_id="mover"),
            _event("a role", "2023-12-10", "shared", account_id="a"),
            _event("of a, by a stranger", "2023-11-10", account_id="a", user_id="stranger"),
            _event("only signal", "2023-09-10", "done", account_id="a"),
            _event("soon after the sign-up", "2023-08-10", "done", account_id="a"),
            _event("and again", "2023-08-20", "done", account_id="a"),
            _event("to come", "2024-07-10", account_id="a"),
            _event("only word", "2023-03-10", account_id="a", occurred_precision="minute"),
            _event("of staff", "2023-07-10", account_id="x"),
            _event("of nobody known", "2023-06-10", user_id="known later"),
            _event("of a user of staff", "2022-10-10", user_id="of staff"),
            _event("of a misplaced one", "2023-05-10", user_id="misplaced"),
            _event("of one who left", "2023-04-10", user_id="leaver"),
            _event("of a traveller", "2023-02-10", user_id="traveller"),
            _event("of f", "2022-12-31", "done", account_id="f"),
            _event("of f, meets its rule", "2023-01-01", "done", account_id="f"),
            _event("of g, gone by night", "2022-11-15T12:00", "done", account_id="g"),
            _event(
                "of g, some time", "2022-12-15", "done", account_id="g", occurred_precision="date"
            ),
            _event("of g, meets its rule late", "2023-01-01", "done", account_id="g"),
        ],
        "revenue": [],
        "contracts": [],
        "plr_event_roles": [{"event_name": "done", "role": "value"}],
        "plr_activity_rules": [
            rule(
                rule_id, rule_id, "role:value", min_distinct_users=0, within_days=30, anchor=rule_id
            )
            for rule_id in ("rolling", "signup")
        ],
    }


def _contract(account_id: str, term_start: date) -> dict[str, Any]:
    return {
        "contract_id": f"{account_id} from {term_start}",
        "account_id": account_id,
        "term_start": term_start,
        "term_end": date(2025, 1, 1),
        "contract_mrr": 10,
        "currency": "USD",
    }


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
        "an account is known at last, another by an id of another system",
        lambda tables: (
            tables["accounts"].append({"account_id": "d"}),
            tables["account_links"].append({"account_id": "ws", "same_as_account_id": "a"}),
        ),
        {("2024-03-01", "found owner"), ("2022-09-01", "found owner")},
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
        "a month loses its only word",
        lambda tables: tables["product_events"].remove(
            _row(tables, "product_events", "event_id", "only word")
        ),
        {("2023-03-01", "late events")},
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
    (
        "an account turns internal, a link and users turn out otherwise than was said",
        lambda tables: (
            _row(tables, "accounts", "account_id", "x").update(is_internal=True),
            _row(tables, "account_links", "account_id", "ws").update(same_as_account_id="d"),
            tables["users"].append({"user_id": "known later", "account_id": "a"}),
            _row(tables, "users", "user_id", "misplaced").update(account_id="d"),
            _row(tables, "users", "user_id", "leaver").update(valid_to=datetime(2023, 4, 2)),
        ),
        {
            ("2023-07-01", "changed meaning"),  # the account's
            ("2022-09-01", "changed meaning"),  # the linked one's
            ("2022-10-01", "changed meaning"),  # its user's
            ("2023-06-01", "found owner"),
            ("2023-05-01", "changed meaning"),
            ("2023-04-01", "changed meaning"),
        },
        ["2 account(s) were merged, found", "3 user(s) changed accounts in the past or turned"],
    ),
    (
        "a user was away for two months, another has left long after",
        lambda tables: (
            _row(tables, "users", "user_id", "traveller").update(valid_to=datetime(2023, 2, 2)),
            tables["users"].append(
                {"user_id": "traveller", "account_id": "a", "valid_from": datetime(2023, 4, 2)}
            ),
            _row(tables, "users", "user_id", "misplaced").update(valid_to=datetime(2023, 5, 2)),
        ),
        {("2023-02-01", "changed meaning"), ("2023-05-01", "changed meaning")},
        ["2 user(s) changed accounts in the past or turned internal"],
    ),
    (
        "an event without a time",
        lambda tables: tables["product_events"].append(
            {"event_id": "timeless", "event_name": "done", "account_id": "a"}
        ),
        {("1900-01-01", "late events")},
        ["raw events changed before 2024-06-01"],
    ),
    (
        "an event name has another role",
        lambda tables: _row(tables, "plr_event_roles", "event_name", "shared").update(
            role="breadth"
        ),
        {("1900-01-01", "rules")},
        ["1 rule(s) of roles, activity or signal windows changed"],
    ),
    # from here on no rule changes, or all that was met would be found anew
    (
        "rules were met by an instant that is no more",
        lambda tables: [
            tables["product_events"].remove(_row(tables, "product_events", "event_id", event_id))
            for event_id in ("of f, meets its rule", "of g, meets its rule late")
        ],
        {("2023-01-01", "late events")},
        ["raw events changed before 2024-06-01"],
    ),
    (
        "a rule was met in January 1900, when time began for many a system",
        lambda tables: tables["product_events"].extend(
            _event(f"of 1900, {day}", f"1900-01-{day}", "done", account_id="g") for day in (15, 16)
        ),
        {("1900-01-01", "late events")},
        ["raw events changed before 2024-06-01"],
    ),
    (
        "an account signed up earlier than was said",
        lambda tables: _row(tables, "accounts", "account_id", "a").update(
            signed_up_at=datetime(2022, 1, 1)
        ),
        set(),
        [],
    ),
    (
        "an account is under contract from this month on",
        lambda tables: tables["contracts"].append(_contract("f", date(2024, 6, 2))),
        set(),
        [],
    ),
    (
        "an account has long been under contract: it, one merged into it, and its user",
        lambda tables: tables["contracts"].append(_contract("a", date(2023, 12, 5))),
        {(f"2024-{month}-01", "changed meaning") for month in ("01", "02", "05", "06", "07")}
        | {("2023-12-01", "changed meaning")},
        ["2 account id(s) are under contract", "4 user(s) belong to an account under contract"],
    ),
    (
        "and longer",
        lambda tables: tables["contracts"].append(_contract("a", date(2023, 11, 10))),
        {(f"2024-{month}-01", "changed meaning") for month in ("01", "02", "05", "06", "07")}
        | {(f"2023-{month}-01", "changed meaning") for month in ("11", "12")},
        ["2 account id(s) are under contract", "4 user(s) belong to an account under contract"],
    ),
    (
        "a new user of an account long under contract",
        lambda tables: tables["users"].append({"user_id": "newcomer", "account_id": "a"}),
        set(),
        [],
    ),
    (
        "two accounts have been under contract, one for longer than the other",
        lambda tables: tables["contracts"].extend(
            [_contract("f", date(2022, 11, 1)), _contract("g", date(2023, 5, 1))]
        ),
        {("2022-12-01", "changed meaning")},  # f's; g's are from before its contract
        ["2 account id(s) are under contract"],
    ),
]


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
    only: tuple[str, ...] = EVERY_MODEL,
    fresh: bool = False,
    **settings: Any,
) -> tuple[set[tuple[str, str]], list[str]]:
    """The months that a run reads and why, and the sentences of the package in dbt's output."""
    for relation, rows in tables.items():
        write_table(project.database, relation, rows, column_types(relation))
    result = project.build(
        *only,
        *(["--full-refresh"] if fresh else []),
        "--vars",
        json.dumps({"plr_as_of_date": as_of, **settings}),
    )
    months = project.query("select event_month, reason from int_plr__months_to_read")
    lines = [line.split(SIGNED, 1)[1] for line in result.output.splitlines() if SIGNED in line]
    said = [line for line in lines if not line.startswith("as of ")]
    return {(str(row["event_month"]), row["reason"]) for row in months}, said


def _kept(project: Project) -> dict[str, Rows]:
    """What is kept of the events, but for the rows that stand for a month without any."""
    return {
        model: project.query(f"select * from {model} where {condition} order by all")
        for model, condition in KEPT.items()
    }


def test_each_change_is_read_where_it_reaches_and_said(
    project: Project, tables: dict[str, Rows]
) -> None:
    for what, change, months, said in CHANGES:
        change(tables)
        found = _run(project, tables)
        assert found[0] == RECENT | months, what
        assert len(found[1]) == len(said), (what, found[1])
        for start, line in zip(said, found[1], strict=True):
            assert line.startswith(start), (what, found[1])


def _check_against_a_full_refresh(project: Project, tables: dict[str, Rows]) -> None:
    kept = _kept(project)
    _run(project, tables, fresh=True)
    assert kept == _kept(project)
    assert all(kept.values())


def test_what_is_kept_is_as_after_a_full_refresh(project: Project, tables: dict[str, Rows]) -> None:
    _check_against_a_full_refresh(project, tables)


def test_a_run_cut_short_is_made_up_for(project: Project, tables: dict[str, Rows]) -> None:
    """Even where what it had found changes back: an account stays known, the rest is undone."""
    tables["product_events"].append(_event("of h", "2024-03-11", "done", account_id="h"))
    _run(project, tables)
    tables["accounts"].append({"account_id": "h"})
    rule = tables["plr_activity_rules"][0]
    rule.update(min_events=5)
    _run(project, tables, "2024-01-20", only=_only("+int_plr__rules_met"))
    rule.update(min_events=2)
    months, said = _run(project, tables)
    assert {("2024-03-01", "found owner"), ("1900-01-01", "rules")} <= months
    assert said[-1].startswith("the run before did not finish")
    _check_against_a_full_refresh(project, tables)


def test_models_refreshed_alone_keep_their_history(
    project: Project, tables: dict[str, Rows]
) -> None:
    assert _run(project, tables)[0] == RECENT
    _run(project, tables, only=_only(*KEPT), fresh=True)
    months, _ = _run(project, tables)
    assert months == RECENT
    _check_against_a_full_refresh(project, tables)


def test_what_was_not_looked_up_is_not_taken_for_read(
    project: Project, tables: dict[str, Rows]
) -> None:
    tables["plr_event_roles"].append({"event_name": "opened", "role": "value"})
    _run(project, tables, only=_only("int_plr__rules_met", "int_plr__events_read"))
    _, said = _run(project, tables)
    assert said[0].startswith("1 event name(s) have another role")
    _check_against_a_full_refresh(project, tables)


def test_shorter_windows_leave_nothing_of_longer_ones(
    project: Project, tables: dict[str, Rows]
) -> None:
    _run(project, tables, plr_hollow_unproven_days=400)
    _run(project, tables)
    _check_against_a_full_refresh(project, tables)


def test_reading_is_noted_after_all_that_read(project: Project) -> None:
    manifest = json.loads((project.folder / "target" / "manifest.json").read_text())
    events_read = manifest["nodes"]["model.product_led_revenue.int_plr__events_read"]
    before = {name.split(".")[-1] for name in events_read["depends_on"]["nodes"]}
    assert before >= set(KEPT)


def test_the_as_of_day_goes_on_and_back(project: Project, tables: dict[str, Rows]) -> None:
    on, _ = _run(project, tables, "2024-07-10")
    assert on == RECENT | {("2024-07-01", "as-of day")}
    back, _ = _run(project, tables, "2024-06-09")
    assert back == {
        ("2024-07-01", "recent"),
        ("2024-07-01", "as-of day"),
        ("2024-06-01", "as-of day"),
    }


def test_a_setting_that_decides_over_every_event_has_all_read(
    project: Project, tables: dict[str, Rows]
) -> None:
    months, said = _run(project, tables, plr_events_are_unique=True)
    assert {reason for _, reason in months} == {"everything"}
    assert len(said) == 1 and said[0].startswith("plr_events_are_unique, the columns of")


def test_a_column_more_has_all_read(project: Project, tables: dict[str, Rows]) -> None:
    _run(project, tables, fresh=True)
    _row(tables, "product_events", "event_id", "of f").update(is_automated=True)
    months, said = _run(project, tables)
    assert {reason for _, reason in months} == {"everything"}
    # the months of events alone: those of the windows after them would be more in every such run
    dated = [row["occurred_at"] for row in tables["product_events"] if "occurred_at" in row]
    assert {month for month, _ in months} == {f"{day:%Y-%m}-01" for day in dated} | {"1900-01-01"}
    assert len(said) == 1 and said[0].startswith("plr_events_are_unique, the columns of")
    _check_against_a_full_refresh(project, tables)


def test_settings_that_decide_over_a_part(project: Project, tables: dict[str, Rows]) -> None:
    _run(project, tables, fresh=True)
    late, said = _run(project, tables, plr_late_arrival_days=30)
    assert late == RECENT | {("2024-05-01", "recent")} and not said
    months, said = _run(project, tables, plr_hollow_unproven_days=45)
    assert months == RECENT | {("1900-01-01", "rules")}
    assert len(said) == 1 and said[0].startswith("1 rule(s) of roles, activity or signal windows")
