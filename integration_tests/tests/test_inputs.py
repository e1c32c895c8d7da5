"""The door: what it refuses and how it says so, what it reads, what becomes of every bad row."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from harness import MODELS_ONLY, Project, Result, Row, Rows, column_types, write_table

RULES: dict[str, Rows] = {
    "plr_event_roles": [{"event_name": "shared", "role": "value"}],
    "plr_activity_rules": [
        {
            "rule_group_id": "g",
            "rule_id": "r",
            "group_operator": "all",
            "event_name": "role:value",
            "min_events": 1,
            "anchor": "rolling",
            "is_active": True,
        },
    ],
    "plr_contact_rules": [
        {
            "priority": 10,
            "actor_team": "sales",
            "is_sales_contact": True,
            "is_human_touch": True,
            "is_commercial": True,
        },
    ],
    "plr_stage_expectations": [
        {
            "stage_idx": 0,
            "stage": "any",
            "arr_from": 0,
            "max_human_started_share": 1,
            "min_arr_per_fte": 0,
        },
    ],
}
AS_OF = {"plr_as_of_date": "2024-06-30"}
QUALITY = (*MODELS_ONLY, "--select", "+plr_data_quality", "+plr_quarantine")
JUNE = datetime(2024, 6, 10, 9)
BEFORE_1990 = datetime(1989, 12, 31, 23, 59, 59, 999999)

Judged = list[tuple[str, Row]]  # the code that a row must get, and the row
OK = "valid"


def said(result: Result) -> str:
    """What dbt printed, on one line."""
    return " ".join(result.output.split())


# --- what the door refuses ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run says of accounts that fit, revenue that is not there, and the rest wrong."""
    project = Project(
        tmp_path_factory.mktemp("refused"),
        {
            "accounts": [{"account_id": "a"}],
            "users": [{"user_id": "u", "valid_from": JUNE, "valid_to": "soon"}],
            "product_events": [
                {"event_id": "e", "occurred_at": date(2024, 6, 1), "event_name": "shared"}
            ],
            "crm_activities": [
                {
                    "activity_id": 1.5,
                    "occurred_at": JUNE,
                    "is_automated": 1,
                    "duration_minutes": "5",
                }
            ],
            "fx_rates": [{"month": "2024-06", "currency": "EUR", "rate": "1.1"}],
            "entitlements": [
                {
                    "account_id": "[1]",
                    "metric": "{'int': 1}",
                    "limit_quantity": "1 day",
                    "valid_from": date(2024, 6, 1),
                }
            ],
        },
        AS_OF,
        RULES,
        types={
            "users": {"valid_from": "timestamptz", "valid_to": "text"},
            "product_events": {"occurred_at": "date"},
            "crm_activities": {
                "activity_id": "double",
                "is_automated": "int",
                "duration_minutes": "text",
            },
            "fx_rates": {"month": "text", "rate": "text"},
            "entitlements": {
                "account_id": "int[]",
                "metric": "struct(int int)",
                "limit_quantity": "interval",
            },
        },
    )
    result = project.dbt("build", *MODELS_ONLY, "--select", "+product_led_revenue.staging")
    assert not result.ok
    return said(result)


def test_a_missing_required_input_names_its_var_and_where_to_read(refused: str) -> None:
    assert (
        "the required input 'revenue' (var plr_input_revenue) is not set. Set it to a model, "
        "project.model or source:name.table whose columns are those of the model "
        "stg_plr__<input> (README, section 'Map your inputs')" in refused
    )
    assert "the required input 'accounts'" not in refused


def test_every_misfit_of_an_input_is_named_at_once(refused: str) -> None:
    assert re.search(
        r"input 'users' \(var plr_input_users: 'source:raw.users'\) does not fit its contract. "
        r"column account_id: expected text, found no such column "
        r"column valid_from: expected timestamp, found timestamp with time zone "
        r"column valid_to: expected timestamp, found [^:]*char[^:]* Rename or cast",
        refused,
    )
    assert re.search(
        r"input 'crm_activities' \(var plr_input_crm_activities: 'source:raw.crm_activities'\) "
        r"does not fit its contract. "
        r"column activity_id: expected text, found double "
        r"column is_automated: expected boolean, found integer "
        r"column duration_minutes: expected int, found [^:]*char",
        refused,
    )


def test_amounts_and_months_are_not_read_from_text(refused: str) -> None:
    assert re.search(
        r"input 'fx_rates' .* column month: expected date, found [^:]*char[^:]* "
        r"column rate: expected numeric, found [^:]*char",
        refused,
    )


def test_timestamps_of_every_warehouse_are_told_from_those_with_a_zone(tmp_path: Path) -> None:
    plain = (
        "timestamp|timestamp without time zone|timestamp_ntz|timestamp_ntz(9)|timestamp(6)"
        "|datetime|datetime2|date"
    ).split("|")
    zoned = (
        "timestamptz|timestamp with time zone|timestamp(6) with time zone|timestamp_tz"
        "|timestamp_ltz(9)"
    ).split("|")
    asked = [
        f"{{{{ product_led_revenue.plr_type_fits('timestamp', '{name}') }}}}"
        for name in plain + zoned
    ]
    project = Project(tmp_path, {"accounts": []})
    answers = said(project.dbt("--quiet", "compile", "--inline", " ".join(asked))).split()
    assert answers == ["True"] * len(plain) + ["False"] * len(zoned)


def test_nested_types_and_intervals_are_no_numbers(refused: str) -> None:
    assert re.search(
        r"input 'entitlements' .* column account_id: expected text, found integer\[\] "
        r"column metric: expected text, found struct.* "
        r"column limit_quantity: expected numeric, found interval",
        refused,
    )


def test_event_dates_need_a_stated_precision(refused: str) -> None:
    assert (
        "column occurred_at: expected timestamp, found date without an occurred_precision column"
        in refused
    )


def test_each_required_input_is_asked_for(tmp_path: Path) -> None:
    project = Project(tmp_path, {}, AS_OF, RULES)
    result = project.dbt("run", "--select", "stg_plr__accounts", "stg_plr__product_events")
    assert not result.ok
    assert "the required input 'accounts' (var plr_input_accounts) is not set" in said(result)
    assert "input 'product_events' (var plr_input_product_events) is not set" in said(result)


def test_without_an_as_of_day_yesterday_is_the_last(tmp_path: Path) -> None:
    day = datetime.now(timezone.utc).date()
    today = datetime.combine(day, time.min)
    ages = {"last but one": timedelta(days=1), "last": timedelta(microseconds=1), "first": None}
    events = [
        {
            "event_id": name,
            "event_name": "fix",
            "account_id": "a",
            "occurred_at": today - (age or timedelta(0)),
        }
        for name, age in ages.items()
    ]
    project = Project(tmp_path, {"accounts": [], "product_events": events}, {}, RULES)
    result = project.dbt("run", "--select", "stg_plr__product_events")
    assert result.ok, result.output
    rows = project.query("select event_id, row_code from stg_plr__product_events")
    if datetime.now(timezone.utc).date() == day:  # else a day has passed meanwhile
        codes = {row["event_id"]: row["row_code"] for row in rows}
        assert codes == {"last but one": None, "last": None, "first": "future_dated"}


# --- what the door reads --------------------------------------------------------------------------


def test_required_columns_suffice_and_kindred_types_are_read(tmp_path: Path) -> None:
    day = date(2024, 6, 3)
    project = Project(
        tmp_path,
        {
            "accounts": [{"account_id": 7, "created_at": day}],
            "users": [{"user_id": "5d0f6f4e-6a0b-4f7b-9d6e-1f2a3b4c5d6e", "account_id": 7}],
            "product_events": [
                {
                    "event_id": 1,
                    "occurred_at": day,
                    "event_name": "shared",
                    "account_id": 7,
                    "occurred_precision": "date",
                    "event_count": 2.0,
                }
            ],
            "crm_activities": [{"activity_id": 1, "activity_type": "call", "occurred_at": day}],
            "opportunities": [
                {
                    "opportunity_id": 1,
                    "account_id": 7,
                    "opportunity_type": "renewal",
                    "created_at": day,
                    "amount_mrr": 2.5,
                }
            ],
            "revenue": [
                {
                    "subscription_period_id": 1,
                    "account_id": 7,
                    "subscription_id": 1,
                    "valid_from": JUNE,
                    "mrr": 2.5,
                    "currency": "USD",
                }
            ],
            "company_months": [{"month": JUNE, "headcount_fte": 3}],
        },
        AS_OF,
        RULES,
        types={
            "accounts": {"account_id": "bigint", "created_at": "date"},
            "users": {"user_id": "uuid", "account_id": "hugeint"},
            "product_events": {
                "event_id": "smallint",
                "occurred_at": "date",
                "account_id": "int",
                "event_count": "decimal(18,2)",
            },
            "crm_activities": {"activity_id": "bigint", "occurred_at": "date"},
            "opportunities": {
                "opportunity_id": "bigint",
                "account_id": "int",
                "created_at": "date",
                "amount_mrr": "double",
            },
            "revenue": {
                "subscription_period_id": "bigint",
                "account_id": "utinyint",
                "subscription_id": "decimal(10,0)",
                "valid_from": "timestamp",
                "mrr": "float",
            },
            "company_months": {"month": "timestamp", "headcount_fte": "int"},
        },
    )
    project.build(*MODELS_ONLY)

    [account] = project.query("select * from stg_plr__accounts")
    assert (account["account_id"], account["created_at"]) == ("7", datetime(2024, 6, 3))
    assert (account["segment"], account["is_internal"]) == ("unsegmented", False)
    assert account["account_name"] is account["signed_up_at"] is None
    [event] = project.query("select * from stg_plr__product_events")
    assert (event["event_id"], event["occurred_at"]) == ("1", datetime(2024, 6, 3))
    assert event["event_count"] == 2
    assert event["user_id"] is event["loaded_at"] is None
    [activity] = project.query("select * from stg_plr__crm_activities")
    assert (activity["activity_type"], activity["is_automated"]) == ("call", False)
    assert activity["status"] is activity["dropped_columns"] is None
    assert activity["actor_team"] is activity["account_id"] is activity["created_at"] is None
    [period] = project.query("select * from stg_plr__revenue")
    assert (period["valid_from"], period["mrr"]) == (datetime(2024, 6, 10, 9), 2.5)
    assert period["valid_to"] is period["seats"] is period["service_start"] is None
    [month] = project.query("select month from stg_plr__company_months")
    assert month["month"] == date(2024, 6, 1)
    [verdict] = project.query("select * from plr_account_origin")
    assert (verdict["account_id"], verdict["sequence"]) == ("7", "product_first")
    assert verdict["first_paid_date"] == date(2024, 6, 10)


# --- what becomes of bad rows ---------------------------------------------------------------------


def spoil(code: str, row: Row, *changes: Row) -> Judged:
    """The row once for each set of changes, every time to get this code."""
    return [(code, row | change) for change in changes]


def keyed(key: str, judged: Judged) -> Judged:
    """The rows with keys of their own where they have none."""
    return [(code, {key: f"{key}-{n}"} | row) for n, (code, row) in enumerate(judged)]


USER = {"account_id": "a", "valid_from": datetime(2024, 1, 1), "valid_to": None}
EVENT = {"occurred_at": JUNE, "event_name": "shared", "account_id": "a"}
ACTIVITY = {
    "account_id": "a",
    "activity_type": "call",
    "actor_team": "sales",
    "occurred_at": datetime(2024, 6, 22, 9),
}
DEAL = {"account_id": "a", "opportunity_type": "new_business", "created_at": datetime(2024, 6, 1)}
PERIOD = {
    "account_id": "a",
    "subscription_id": "s",
    "valid_from": date(2024, 1, 1),
    "valid_to": date(2024, 2, 1),
    "mrr": 10,
    "currency": "USD",
}
CONTRACT = {
    "account_id": "a",
    "term_start": date(2024, 1, 1),
    "term_end": date(2025, 1, 1),
    "contract_mrr": 10,
    "currency": "USD",
}
COST = {"account_id": "a", "month": date(2024, 6, 5), "amount": 1, "currency": "USD"}
SPEND = {
    "month": date(2024, 6, 5),
    "cost_type": "sales",
    "spent_on": "sales_led",
    "amount": 1,
    "currency": "USD",
}
LIMIT = {"account_id": "a", "limit_quantity": 5, "valid_from": date(2024, 1, 1)}


DIRTY: dict[str, Judged] = {
    "accounts": [
        (OK, {"account_id": "a", "created_at": datetime(2024, 1, 2)}),
        ("duplicate_key", {"account_id": "a", "created_at": datetime(2024, 1, 1)}),
        ("duplicate_key", {"account_id": "a", "created_at": None}),
        (OK, {"account_id": "b", "merged_into_account_id": "a"}),
        (OK, {"account_id": "other"}),
        (OK, {"account_id": "dangling", "merged_into_account_id": "nobody"}),
        (OK, {"account_id": "self", "merged_into_account_id": "self"}),
        ("null_key", {"account_id": None}),
        ("null_key", {"account_id": "  "}),
        (OK, {"account_id": "old", "signed_up_at": BEFORE_1990}),  # dropped_value
        ("merge_cycle", {"account_id": "round", "merged_into_account_id": "about"}),
        ("merge_cycle", {"account_id": "about", "merged_into_account_id": "round"}),
        ("merge_cycle", {"account_id": "leads_in", "merged_into_account_id": "about"}),
        ("internal", {"account_id": "staff", "is_internal": True}),
        ("internal", {"account_id": "old_staff", "merged_into_account_id": "staff"}),
    ],
    "account_links": [
        (OK, {"account_id": "ws", "same_as_account_id": "a"}),
        ("duplicate_key", {"account_id": "ws", "same_as_account_id": "A", "matched_by": "z"}),
        (OK, {"account_id": "other", "same_as_account_id": "other"}),  # link_cycle
        ("null_key", {"account_id": None, "same_as_account_id": "a"}),
        ("null_key", {"account_id": "nobody", "same_as_account_id": " "}),
    ],
    "users": [
        (OK, USER | {"user_id": "u"}),
        (OK, USER | {"user_id": "u_linked", "account_id": "ws"}),
        (OK, USER | {"user_id": "u_always", "valid_from": None}),
        ("duplicate_key", USER | {"user_id": "u_always", "valid_from": None}),
        (OK, USER | {"user_id": "u_two"}),
        (OK, USER | {"user_id": "u_two", "account_id": "other"}),
        (OK, USER | {"user_id": "u_gone", "valid_to": datetime(2024, 6, 10, 9)}),
        (OK, USER | {"user_id": "u_late", "valid_from": datetime(2024, 6, 30, 23, 59)}),
        ("null_key", USER | {"user_id": None}),
        ("null_key", USER | {"user_id": "u1", "account_id": None}),
        ("bad_interval", USER | {"user_id": "u1", "valid_to": datetime(2023, 12, 31)}),
        ("empty_interval", USER | {"user_id": "u1", "valid_to": USER["valid_from"]}),
        ("future_dated", USER | {"user_id": "u1", "valid_from": datetime(2024, 7, 1)}),
        (OK, USER | {"user_id": "u_ever", "valid_from": BEFORE_1990}),  # dropped_value
        (OK, USER | {"user_id": "u_still", "valid_to": BEFORE_1990}),
        ("unmapped_account", USER | {"user_id": "u1", "account_id": "nobody"}),
        ("unmapped_account", USER | {"user_id": "u1", "account_id": "round"}),
        ("internal", USER | {"user_id": "u_staff", "account_id": "staff"}),
        ("internal", USER | {"user_id": "u_ours", "is_internal": True}),
        ("internal", USER | {"user_id": "u_ours", "account_id": "other"}),
    ],
    "product_events": [
        (OK, EVENT | {"event_id": "twice", "loaded_at": datetime(2024, 6, 12)}),
        ("duplicate_key", EVENT | {"event_id": "twice", "loaded_at": datetime(2024, 6, 11)}),
        ("duplicate_key", EVENT | {"event_id": "twice", "account_id": "b"}),
        (OK, EVENT | {"event_id": "twice", "occurred_at": datetime(2024, 6, 11, 9)}),
        (OK, EVENT | {"event_id": "twice", "account_id": "other"}),
        (OK, EVENT | {"event_id": "linked", "account_id": "ws"}),
        (OK, EVENT | {"event_id": "by_user", "account_id": None, "user_id": "u"}),
        (OK, EVENT | {"event_id": "in_time", "occurred_at": datetime(2024, 6, 30, 23, 59, 59)}),
        (OK, EVENT | {"event_id": "view", "event_name": "viewed"}),
        ("duplicate_key", EVENT | {"event_id": "view", "event_name": "viewed", "user_id": "u"}),
        ("null_key", EVENT | {"event_id": None}),
        ("null_key", EVENT | {"event_id": "x1", "event_name": None}),
        ("null_key", EVENT | {"event_id": "x2", "event_count": 0}),
        ("null_key", EVENT | {"event_id": " "}),
        ("null_key", EVENT | {"event_id": "x3", "event_name": ""}),
        ("anonymous_event", EVENT | {"event_id": "x14", "account_id": None}),
        ("anonymous_event", EVENT | {"event_id": "x15", "account_id": "", "user_id": " "}),
        ("implausible_time", EVENT | {"event_id": "x16", "occurred_at": BEFORE_1990}),
        ("implausible_amount", EVENT | {"event_id": "x17", "event_count": 2**31 - 1}),
        ("null_time", EVENT | {"event_id": "x4", "occurred_at": None}),
        ("future_dated", EVENT | {"event_id": "x5", "occurred_at": datetime(2024, 7, 1)}),
        ("unmapped_account", EVENT | {"event_id": "x6", "account_id": "nobody"}),
        ("unmapped_account", EVENT | {"event_id": "x7", "account_id": "round", "user_id": "u"}),
        ("unmapped_user", EVENT | {"event_id": "x8", "account_id": None, "user_id": "nobody"}),
        ("unmapped_user", EVENT | {"event_id": "x9", "account_id": None, "user_id": "u_gone"}),
        ("ambiguous_user", EVENT | {"event_id": "x10", "account_id": None, "user_id": "u_two"}),
        ("internal", EVENT | {"event_id": "x11", "account_id": "staff"}),
        ("internal", EVENT | {"event_id": None, "user_id": "u_ours"}),
        ("internal", EVENT | {"event_id": "x12", "event_name": "viewed", "user_id": "u_ours"}),
        (
            "unmapped_user",
            EVENT
            | {"event_id": "x13", "event_name": "viewed", "account_id": None, "user_id": "nobody"},
        ),
    ],
    "opportunities": [
        (OK, DEAL | {"opportunity_id": "deal", "amount_mrr": 0}),
        (OK, DEAL | {"opportunity_id": "deal_of_b", "account_id": "b"}),
        (OK, DEAL | {"account_id": "ws"}),
        ("duplicate_key", DEAL | {"opportunity_id": "deal", "created_at": datetime(2024, 5, 1)}),
        ("internal", DEAL | {"opportunity_id": "staff_deal", "account_id": "staff"}),
        ("unmapped_account", DEAL | {"opportunity_id": "no_deal", "account_id": "nobody"}),
        *spoil(
            "null_key",
            DEAL,
            {"opportunity_id": None},
            {"account_id": None},
            {"account_id": "  "},
        ),
        # in doubt of what it is, a deal is kept: unknown_word, then dropped_value three times
        *spoil(OK, DEAL, {"opportunity_type": "upsell"}, {"opportunity_type": None}),
        *spoil(OK, DEAL, {"amount_mrr": -1}, {"amount_mrr": 10**13}),
        *spoil(OK, DEAL, {"closed_at": BEFORE_1990}),
        *spoil("null_time", DEAL, {"created_at": None}),
        *spoil("implausible_time", DEAL, {"created_at": BEFORE_1990}),
        *spoil("future_dated", DEAL, {"created_at": datetime(2024, 7, 1)}),
    ],
    "crm_activities": [
        (OK, ACTIVITY | {"activity_id": "once", "created_at": datetime(2024, 6, 23)}),
        ("duplicate_key", ACTIVITY | {"activity_id": "once", "created_at": datetime(2024, 6, 22)}),
        (OK, ACTIVITY | {"account_id": "ws"}),
        (OK, ACTIVITY | {"account_id": None, "opportunity_id": "deal"}),
        (OK, ACTIVITY | {"account_id": "nobody", "opportunity_id": "deal"}),
        (OK, ACTIVITY | {"actor_team": None}),  # contact_unmatched
        (OK, ACTIVITY | {"created_at": datetime(2024, 6, 29, 9, 0, 1)}),  # backdated_activity
        (OK, ACTIVITY | {"created_at": datetime(2024, 6, 29, 9)}),
        *spoil("null_key", ACTIVITY, {"activity_id": None}, {"activity_id": ""}),
        *spoil(OK, ACTIVITY, {"activity_type": None}, {"activity_type": "pigeon"}),
        *spoil(OK, ACTIVITY, {"status": "Held"}, {"purpose": "Chat"}),  # unknown_word
        *spoil(OK, ACTIVITY, {"duration_minutes": 2**31 - 1}, {"created_at": BEFORE_1990}),
        *spoil("null_time", ACTIVITY, {"occurred_at": None}),
        *spoil("implausible_time", ACTIVITY, {"occurred_at": BEFORE_1990}),
        *spoil("future_dated", ACTIVITY, {"occurred_at": datetime(2024, 7, 1)}),
        *spoil(
            "unmapped_activity",
            ACTIVITY,
            {"account_id": None},
            {"account_id": "nobody"},
            {"account_id": None, "opportunity_id": "nothing"},
            {"account_id": None, "opportunity_id": "no_deal"},
        ),
        *spoil(
            "internal",
            ACTIVITY,
            {"account_id": "staff"},
            {"account_id": None, "opportunity_id": "staff_deal"},
        ),
    ],
    "revenue": [
        (OK, PERIOD | {"subscription_period_id": "p"}),
        ("duplicate_key", PERIOD | {"subscription_period_id": "p", "mrr": 9}),
        (OK, PERIOD | {"subscription_id": "free", "mrr": 0}),
        (OK, PERIOD | {"subscription_id": "linked", "account_id": "ws"}),
        (OK, PERIOD | {"valid_from": date(2024, 6, 30), "valid_to": None}),
        # overlapping_period: the first two share a day, the third follows without
        (OK, PERIOD | {"subscription_id": "lap"}),
        (OK, PERIOD | {"subscription_id": "lap", "valid_from": date(2024, 1, 31)}),
        (OK, PERIOD | {"subscription_id": "lap", "valid_from": date(2024, 2, 1), "valid_to": None}),
        # intra_month
        (OK, PERIOD | {"valid_from": date(2024, 3, 5), "valid_to": date(2024, 3, 9)}),
        *spoil(
            "null_key",
            PERIOD,
            {"subscription_period_id": None},
            {"account_id": None},
            {"subscription_id": None},
            {"mrr": None},
            {"currency": None},
            {"currency": " "},
        ),
        *spoil("null_time", PERIOD, {"valid_from": None}),
        *spoil("implausible_time", PERIOD, {"valid_from": BEFORE_1990}, {"valid_to": BEFORE_1990}),
        *spoil("implausible_amount", PERIOD, {"mrr": -(10**13)}, {"list_mrr": 10**13}),
        (OK, PERIOD | {"subscription_id": "free", "mrr": -1}),  # a discount item
        *spoil("bad_interval", PERIOD, {"valid_to": date(2023, 12, 31)}),
        *spoil("empty_interval", PERIOD, {"valid_to": PERIOD["valid_from"]}),
        *spoil("future_dated", PERIOD, {"valid_from": date(2024, 7, 1), "valid_to": None}),
        *spoil("unmapped_account", PERIOD, {"account_id": "nobody"}, {"account_id": "leads_in"}),
        *spoil("internal", PERIOD, {"account_id": "staff"}, {"account_id": "old_staff"}),
    ],
    "contracts": [
        (OK, CONTRACT | {"contract_id": "k", "discount_share": 0}),
        (OK, CONTRACT | {"account_id": "ws"}),
        ("duplicate_key", CONTRACT | {"contract_id": "k"}),
        (OK, CONTRACT | {"discount_share": 1}),
        (OK, CONTRACT | {"signed_at": JUNE, "term_start": date(2024, 7, 1)}),
        *spoil("null_key", CONTRACT, {"contract_mrr": None}, {"currency": None}),
        *spoil("null_time", CONTRACT, {"term_start": None}, {"term_end": None}),
        *spoil("negative_mrr_row", CONTRACT, {"contract_mrr": -1}),
        *spoil("implausible_amount", CONTRACT, {"contract_mrr": 10**13}),
        *spoil("implausible_time", CONTRACT, {"term_start": date(1989, 12, 31)}),
        (OK, CONTRACT | {"signed_at": BEFORE_1990}),  # dropped_value
        *spoil("bad_interval", CONTRACT, {"term_end": date(2020, 1, 1)}),
        *spoil("empty_interval", CONTRACT, {"term_end": CONTRACT["term_start"]}),
        *spoil("bad_share", CONTRACT, {"discount_share": -0.1}, {"discount_share": 1.01}),
        *spoil(
            "future_dated",
            CONTRACT,
            {"signed_at": datetime(2024, 7, 1)},
            {"term_start": date(2024, 7, 1)},
        ),
        *spoil("unmapped_account", CONTRACT, {"account_id": "nobody"}),
        *spoil("internal", CONTRACT, {"account_id": "staff"}),
    ],
    "account_costs": [
        (OK, COST | {"cost_type": "support"}),
        (OK, COST | {"cost_type": "hosting", "account_id": "ws"}),
        ("duplicate_key", COST | {"cost_type": "support", "month": date(2024, 6, 1), "amount": 0}),
        (OK, COST | {"cost_type": "support", "account_id": None}),
        ("null_key", COST | {"cost_type": "party"}),
        ("null_key", COST | {"cost_type": None}),
        (OK, COST | {"cost_type": " Third-Party "}),
        ("implausible_amount", COST | {"cost_type": "services", "amount": 10**13}),
        ("implausible_time", COST | {"cost_type": "services", "month": date(1989, 12, 31)}),
        ("null_key", COST | {"cost_type": "hosting", "amount": None}),
        ("null_time", COST | {"cost_type": "hosting", "month": None}),
        ("negative_mrr_row", COST | {"cost_type": "hosting", "amount": -1}),
        ("future_dated", COST | {"cost_type": "hosting", "month": date(2024, 7, 1)}),
        ("unmapped_account", COST | {"cost_type": "hosting", "account_id": "nobody"}),
        ("internal", COST | {"cost_type": "hosting", "account_id": "staff"}),
    ],
    "acquisition_costs": [
        *[(OK, SPEND)] * 2,  # which add up
        (OK, SPEND | {"cost_type": " Product Growth", "spent_on": "plg"}),
        (OK, SPEND | {"spent_on": " ", "acquisition_channel": " ", "amount": 0}),
        *spoil("null_key", SPEND, {"cost_type": "hosting"}, {"cost_type": ""}, {"currency": " "}),
        *spoil("null_key", SPEND, {"amount": None}),
        *spoil("null_time", SPEND, {"month": None}),
        *spoil("implausible_time", SPEND, {"month": date(1989, 12, 31)}),
        *spoil("implausible_amount", SPEND, {"amount": 10**13}),
        *spoil("negative_mrr_row", SPEND, {"amount": -1}),
        *spoil("future_dated", SPEND, {"month": date(2024, 7, 1)}),
    ],
    "company_months": [
        (OK, {"month": date(2024, 5, 1), "headcount_fte": 4}),
        ("duplicate_key", {"month": date(2024, 5, 31), "headcount_fte": 3}),
        (OK, {"month": date(2024, 6, 1), "headcount_fte": None}),
        ("null_time", {"month": None, "headcount_fte": 4}),
        ("nonpositive_rate", {"month": date(2024, 4, 1), "headcount_fte": 0}),
        ("implausible_time", {"month": date(1989, 12, 31), "headcount_fte": 1}),
        ("implausible_amount", {"month": date(2024, 4, 1), "cogs": 10**13}),
        ("future_dated", {"month": date(2024, 7, 1), "headcount_fte": 4}),
    ],
    "fx_rates": [
        (OK, {"month": date(2024, 5, 1), "currency": "EUR", "rate": 2}),
        ("duplicate_key", {"month": date(2024, 5, 9), "currency": " eur", "rate": 1}),
        ("implausible_time", {"month": date(1989, 12, 1), "currency": "GBP", "rate": 1}),
        ("implausible_amount", {"month": date(2024, 5, 1), "currency": "GBP", "rate": 10**13}),
        ("null_key", {"month": date(2024, 5, 1), "currency": None, "rate": 1}),
        ("null_key", {"month": date(2024, 5, 1), "currency": "GBP", "rate": None}),
        ("null_time", {"month": None, "currency": "GBP", "rate": 1}),
        ("nonpositive_rate", {"month": date(2024, 5, 1), "currency": "GBP", "rate": 0}),
        ("nonpositive_rate", {"month": date(2024, 6, 1), "currency": "GBP", "rate": -1}),
        ("future_dated", {"month": date(2024, 7, 1), "currency": "EUR", "rate": 1}),
    ],
    "entitlements": [
        (OK, LIMIT | {"metric": "seats"}),
        (OK, LIMIT | {"metric": "linked", "account_id": "ws"}),
        ("duplicate_key", LIMIT | {"metric": " Seats", "limit_quantity": 4}),
        ("implausible_time", LIMIT | {"metric": "m", "valid_from": date(1900, 1, 1)}),
        ("implausible_amount", LIMIT | {"metric": "m", "limit_quantity": 10**13}),
        (OK, LIMIT | {"metric": "ever", "valid_to": date(1900, 1, 1)}),  # dropped_value
        ("null_key", LIMIT | {"metric": None}),
        ("null_key", LIMIT | {"metric": "m", "limit_quantity": None}),
        ("null_time", LIMIT | {"metric": "m", "valid_from": None}),
        ("bad_interval", LIMIT | {"metric": "m", "valid_to": date(2023, 12, 31)}),
        ("empty_interval", LIMIT | {"metric": "m", "valid_to": LIMIT["valid_from"]}),
        ("nonpositive_rate", LIMIT | {"metric": "m", "limit_quantity": 0}),
        ("future_dated", LIMIT | {"metric": "m", "valid_from": date(2024, 7, 1)}),
        ("unmapped_account", LIMIT | {"metric": "m", "account_id": "nobody"}),
        ("internal", LIMIT | {"metric": "m", "account_id": "staff"}),
    ],
}
KEYS = {
    "opportunities": "opportunity_id",
    "crm_activities": "activity_id",
    "revenue": "subscription_period_id",
    "contracts": "contract_id",
}
DIRTY |= {relation: keyed(key, DIRTY[relation]) for relation, key in KEYS.items()}

# a subscription's default is its account, keys are judged after that
SNAPSHOT = {"account_id": "a", "month": date(2024, 5, 3), "mrr": 10, "currency": "USD"}
SNAPSHOTS: Judged = [
    (OK, SNAPSHOT | {"subscription_id": "a"}),
    ("duplicate_key", SNAPSHOT | {"mrr": 9}),
    ("duplicate_key", SNAPSHOT | {"mrr": 8, "month": date(2024, 5, 31)}),
    (OK, SNAPSHOT | {"subscription_id": "s"}),
    (OK, SNAPSHOT | {"currency": "EUR"}),
    (OK, SNAPSHOT | {"account_id": "b"}),
    *spoil("null_key", SNAPSHOT, {"account_id": None}, {"mrr": None}, {"currency": None}),
    *spoil("null_time", SNAPSHOT, {"month": None}),
    *spoil("negative_mrr_row", SNAPSHOT, {"mrr": -1}),
    *spoil("implausible_time", SNAPSHOT, {"month": date(1989, 12, 31)}),
    *spoil("implausible_amount", SNAPSHOT, {"mrr": 10**13}),
    *spoil("future_dated", SNAPSHOT, {"month": date(2024, 6, 1)}),
    *spoil("unmapped_account", SNAPSHOT, {"account_id": "nobody"}),
    *spoil("internal", SNAPSHOT, {"account_id": "staff"}),
]

LINE = {
    "account_id": "a",
    "subscription_id": "s",
    "service_start": date(2024, 1, 1),
    "service_end": date(2024, 3, 1),
    "amount": 20,
    "currency": "USD",
    "line_type": "recurring",
}
ON_ONE_DAY = {"service_end": LINE["service_start"]}
INVOICES: Judged = [
    (OK, LINE | {"invoice_line_id": "line"}),
    ("duplicate_key", LINE | {"invoice_line_id": "line", "amount": 19}),
    # negative_account_mrr in two months, January and February
    (OK, LINE | {"amount": -100, "line_type": "credit"}),
    (OK, LINE | ON_ONE_DAY | {"line_type": "one_time"}),
    (OK, LINE | ON_ONE_DAY | {"line_type": "refund"}),
    (OK, LINE | ON_ONE_DAY | {"line_type": "usage"}),
    *spoil("bad_interval", LINE | ON_ONE_DAY, {"line_type": "recurring"}),
    *spoil(
        "empty_interval",
        LINE | ON_ONE_DAY,
        {"line_type": "proration"},
        {"line_type": "credit"},
        {"amount": 0},
    ),
    *spoil("nonpositive_rate", LINE, {"service_months": 0}),
    *spoil(
        "null_key",
        LINE,
        {"invoice_line_id": None},
        {"account_id": None},
        {"subscription_id": None},
        {"amount": None},
        {"currency": None},
        {"line_type": None},
        {"line_type": "gift"},
    ),
    *spoil("null_time", LINE, {"service_start": None}, {"service_end": None}),
    *spoil("implausible_time", LINE, {"service_start": date(1900, 1, 1)}),
    *spoil("implausible_amount", LINE, {"amount": -(10**13)}, {"service_months": 10**13}),
    *spoil(
        "future_dated", LINE, {"service_start": date(2024, 7, 1), "service_end": date(2024, 8, 1)}
    ),
    *spoil("unmapped_account", LINE, {"account_id": "nobody"}),
    *spoil("internal", LINE, {"account_id": "staff"}),
]
INVOICES = keyed("invoice_line_id", INVOICES)


def rows_only(judged: dict[str, Judged]) -> dict[str, Rows]:
    """The rows without their codes, the last ones first: their order must not matter."""
    return {name: [row for _, row in reversed(rows)] for name, rows in judged.items()}


def codes_of(judged: dict[str, Judged]) -> Counter[tuple[str, str]]:
    """How many rows of each relation must get each code."""
    return Counter((name, code) for name, rows in judged.items() for code, _ in rows)


def codes_in(project: Project) -> Counter[tuple[str, str]]:
    """What plr_data_quality counts, of relations that have rows."""
    found = project.mart("plr_data_quality")
    return Counter({(row["relation"], row["code"]): row["rows"] for row in found if row["rows_in"]})


def check_balance(project: Project, delivered: dict[str, Judged]) -> None:
    """Rows in = valid + quarantined, each counted by itself."""
    found = project.mart("plr_data_quality")
    valid = {row["relation"]: row["rows"] for row in found if row["code"] == OK}
    rejected: Counter[str] = Counter()
    by_code: Counter[tuple[str, str]] = Counter()
    for row in project.mart("plr_quarantine"):
        rejected[row["relation"]] += row["rows"]
        by_code[row["relation"], row["code"]] += row["rows"]
    for relation in delivered:
        [raw] = project.query(f"select count(*) as n from raw.{relation}")
        assert raw["n"] == valid[relation] + rejected[relation], relation
        assert {row["rows_in"] for row in found if row["relation"] == relation} == {raw["n"]}
    assert by_code == {key: number for key, number in codes_of(delivered).items() if key[1] != OK}


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Every relation with a row for every code it can get."""
    project = Project(tmp_path_factory.mktemp("dirty"), rows_only(DIRTY), AS_OF, RULES)
    result = project.dbt("build", *QUALITY)
    assert result.ok, result.output
    return project


FLAGS = {
    ("accounts", "dropped_value"): 1,
    ("account_links", "link_cycle"): 1,
    ("users", "dropped_value"): 2,
    ("crm_activities", "dropped_value"): 2,
    ("opportunities", "dropped_value"): 3,
    ("contracts", "dropped_value"): 1,
    ("entitlements", "dropped_value"): 1,
    ("crm_activities", "unknown_word"): 2,
    ("opportunities", "unknown_word"): 1,
    ("crm_activities", "contact_unmatched"): 1,
    ("crm_activities", "backdated_activity"): 1,
    ("crm_activities", "stale_feed"): 1,
    ("revenue", "overlapping_period"): 2,
    ("revenue", "intra_month"): 1,
    ("revenue", "rejected_money"): 12,
}


def test_an_offline_compile_takes_every_column_for_granted(dirty: Project) -> None:
    """On a built project, whose tables lack some optional columns."""
    result = dirty.dbt("compile", "--no-introspect")
    assert result.ok, result.output
    compiled = dirty.folder / "target/compiled/product_led_revenue/models/staging/inputs"
    accounts = (compiled / "stg_plr__accounts.sql").read_text()
    assert re.search(r"account_name as text\)", accounts, re.IGNORECASE)
    assert "cast(null as" not in accounts


def test_every_bad_row_gets_its_code(dirty: Project) -> None:
    assert codes_in(dirty) == codes_of(DIRTY) + Counter(FLAGS)


def test_rows_in_are_valid_or_quarantined(dirty: Project) -> None:
    check_balance(dirty, DIRTY)


def test_of_several_copies_the_latest_or_greatest_is_kept(dirty: Project) -> None:
    kept = {
        "accounts": "account_id = 'a' and created_at = timestamp '2024-01-02'",
        "opportunities": "opportunity_id = 'deal' and created_at = timestamp '2024-06-01'",
        "crm_activities": "activity_id = 'once' and created_at = timestamp '2024-06-23'",
        "revenue": "subscription_period_id = 'p' and mrr = 10",
        "account_costs": "account_id = 'a' and cost_type = 'support' and amount = 1",
        "company_months": "month = date '2024-05-01' and headcount_fte = 4",
        "fx_rates": "currency = 'EUR' and rate = 2",
        "entitlements": "metric = 'seats' and limit_quantity = 5",
    }
    for relation, condition in kept.items():
        found = dirty.query(
            f"select * from stg_plr__{relation} where reject_code is null and {condition}"
        )
        assert len(found) == 1, relation
    events = "select * from int_plr__signal_events where event_id = 'twice' and user_id is null"
    assert len(dirty.query(f"{events} and reject_code is null")) == 3


def test_the_columns_of_values_left_out_are_named(dirty: Project) -> None:
    details = {
        row["relation"]: row["detail"]
        for row in dirty.mart("plr_data_quality")
        if row["code"] == "dropped_value"
    }
    assert details["opportunities"] == "amount_mrr: 2, closed_at: 1"
    assert details["crm_activities"] == "created_at: 1, duration_minutes: 1"
    [deal] = dirty.query("select * from stg_plr__opportunities where dropped_columns = 'closed_at'")
    assert (deal["closed_at"], deal["reject_code"]) == (None, None)


def test_numbers_that_are_none_are_refused(tmp_path: Path) -> None:
    """Doubles that are not finite, or that no decimal of ours can hold."""
    nan, endless = float("nan"), float("inf")
    none = (nan, endless, -endless, 1e13, -1e13, 1e300)
    refused: dict[str, Judged] = {
        "accounts": [(OK, {"account_id": "a"})],
        "product_events": [(OK, EVENT | {"event_id": "e", "event_count": 2})]
        + [
            ("implausible_amount", EVENT | {"event_id": f"e{n}", "event_count": number})
            for n, number in enumerate((nan, endless, 1e12))
        ],
        "revenue": keyed(
            "subscription_period_id",
            [(OK, PERIOD | {"mrr": 9_999_999_999_999.0, "seats": 3})]
            + spoil("implausible_amount", PERIOD, *({"mrr": number} for number in none))
            + spoil("implausible_amount", PERIOD, {"list_mrr": nan}, {"seats": nan}),
        ),
        "opportunities": keyed(
            "opportunity_id", spoil(OK, DEAL, *({"amount_mrr": number} for number in none))
        ),
        "crm_activities": keyed(
            "activity_id", spoil(OK, ACTIVITY, {"duration_minutes": nan}, {"duration_minutes": 5})
        ),
        "contracts": keyed(
            "contract_id",
            spoil(
                "implausible_amount", CONTRACT, {"contract_mrr": nan}, {"discount_share": endless}
            ),
        ),
        "account_costs": spoil(
            "implausible_amount", COST | {"cost_type": "support"}, {"amount": nan}
        ),
        "acquisition_costs": spoil("implausible_amount", SPEND, {"amount": endless}),
        "company_months": spoil("implausible_amount", {"month": date(2024, 5, 1)}, {"cogs": nan}),
        "fx_rates": spoil(
            "implausible_amount", {"month": date(2024, 5, 1), "currency": "EUR"}, {"rate": endless}
        ),
        "entitlements": spoil(
            "implausible_amount", LIMIT | {"metric": "m"}, {"limit_quantity": nan}
        ),
    }
    numbers = {
        "product_events": ["event_count"],
        "revenue": ["mrr", "list_mrr", "seats"],
        "opportunities": ["amount_mrr"],
        "crm_activities": ["duration_minutes"],
        "contracts": ["contract_mrr", "discount_share"],
        "account_costs": ["amount"],
        "acquisition_costs": ["amount"],
        "company_months": ["cogs"],
        "fx_rates": ["rate"],
        "entitlements": ["limit_quantity"],
    }
    types = {name: dict.fromkeys(columns, "double") for name, columns in numbers.items()}
    project = Project(tmp_path, rows_only(refused), AS_OF, RULES, types=types)
    result = project.dbt("build", *QUALITY)
    assert result.ok, result.output
    check_balance(project, refused)
    found = codes_in(project)
    assert found["opportunities", "dropped_value"] == len(none)
    assert found["crm_activities", "dropped_value"] == 1


def test_the_quarantine_says_which_record_and_why(dirty: Project) -> None:
    def of(relation: str, code: str) -> set[tuple[str, str]]:
        return {
            (row["record_id"], row["detail"])
            for row in dirty.mart("plr_quarantine")
            if (row["relation"], row["code"]) == (relation, code)
        }

    assert of("users", "unmapped_account") == {
        ("u1|nobody|2024-01-01 00:00:00", "account_id = nobody"),
        ("u1|round|2024-01-01 00:00:00", "account_id = round"),
    }
    assert of("company_months", "nonpositive_rate") == {
        ("2024-04-01", "headcount_fte = 0.000000"),
    }
    assert of("product_events", "ambiguous_user") == {
        (
            "x10|2024-06-10 09:00:00",
            "event_name = shared, account_id = (unresolved), user_id = u_two",
        ),
    }
    assert of("product_events", "internal") == {
        ("null|2024-06-10 09:00:00", "event_name = shared, account_id = a, user_id = u_ours"),
        ("x11|2024-06-10 09:00:00", "event_name = shared, account_id = staff, user_id = null"),
        ("a|2024-06-01", "usage events of the account and month"),
    }


def test_events_said_to_be_unique_are_not_searched_for_copies(dirty: Project) -> None:
    own = json.dumps({"plr_events_are_unique": True})
    result = dirty.dbt("build", "--vars", own, "--full-refresh", *QUALITY)
    assert result.ok, result.output
    expected = codes_of(DIRTY) + Counter(FLAGS)
    copies = expected.pop(("product_events", "duplicate_key"))
    expected["product_events", OK] += copies
    assert codes_in(dirty) == expected


def test_days_called_instants_and_revenue_sent_twice_are_said(tmp_path: Path) -> None:
    """Half of either is no habit; one more is, and then nobody is told that all is well."""
    accounts = [f"a{n}" for n in range(20)]
    events = [
        {
            "event_id": f"e{n}",
            "occurred_at": datetime(2024, 6, 1 + n, 0 if n < 11 else 9),
            "event_name": "shared",
            "account_id": account,
        }
        for n, account in enumerate(accounts)
    ]
    periods = [
        {
            "subscription_period_id": f"{account}{copy}",
            "account_id": account,
            "subscription_id": f"{account}{copy}",
            "valid_from": date(2024, 1, 1),
            "mrr": 10 + n,
            "currency": "USD",
        }
        for n, account in enumerate(accounts)
        for copy in ("", " again")
    ]
    inputs = {
        "accounts": [{"account_id": account} for account in accounts],
        "product_events": events,
        "revenue": periods,
    }
    project = Project(tmp_path, inputs, AS_OF, RULES)
    judged = (*QUALITY, "+int_plr__run_confidence")
    project.build(*judged)
    found = {row["code"]: row["rows"] for row in project.mart("plr_data_quality")}
    assert (found["times_look_daily"], found["rows_look_doubled"]) == (11, len(periods))
    [run] = project.query("select data_confidence from int_plr__run_confidence")
    assert run == {"data_confidence": "low"}
    # a tenth event by day makes half of them
    events[10]["occurred_at"] = JUNE
    write_table(project.database, "product_events", events, column_types("product_events"))
    write_table(project.database, "revenue", periods[::2], column_types("revenue"))
    project.build(*judged, "--full-refresh")
    codes = {row["code"] for row in project.mart("plr_data_quality")}
    assert not codes & {"times_look_daily", "rows_look_doubled"}


@pytest.mark.parametrize(
    ("shape", "revenue", "flags"),
    [
        ("snapshots", SNAPSHOTS, {("revenue", "rejected_money"): 6}),
        (
            "invoices",
            INVOICES,
            {
                ("revenue", "negative_account_mrr"): 2,
                ("revenue", "rejected_money"): 13,
                # what the credits leave is nothing
                ("revenue", "no_mrr"): sum(code == OK for code, _ in INVOICES),
            },
        ),
    ],
)
def test_bad_rows_of_the_other_revenue_shapes(
    tmp_path: Path, shape: str, revenue: Judged, flags: dict[tuple[str, str], int]
) -> None:
    delivered: dict[str, Judged] = {
        "accounts": [
            (OK, {"account_id": "a"}),
            (OK, {"account_id": "b", "merged_into_account_id": "a"}),
            ("internal", {"account_id": "staff", "is_internal": True}),
        ],
        "product_events": [],
        "revenue": revenue,
        "fx_rates": [(OK, {"month": date(2024, 5, 1), "currency": "EUR", "rate": 2})],
    }
    own = {"plr_revenue_shape": shape, "plr_as_of_date": "2024-06-29"}
    project = Project(tmp_path, rows_only(delivered), own, RULES)
    result = project.dbt("build", *QUALITY)
    assert result.ok, result.output
    assert codes_in(project) == codes_of(delivered) + Counter(flags)
    check_balance(project, delivered)
