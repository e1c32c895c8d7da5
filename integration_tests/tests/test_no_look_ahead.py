"""Events, patterns and the board: what comes later changes nothing earlier.

Random companies are built as of a few days after a month's end and again four months later, with
everything that was delivered in between. Every row of that month and the ones before has to be the
same, but for what is exempt by definition: origins decided since, meetings booked ahead, rates that
came later, and words about the run as a whole.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

import differences
from companies import BUILDS, deliver
from harness import MODELS_ONLY, Project, Row, Rows

BUILD = dataclasses.replace(next(b for b in BUILDS if b.name == "periods"), dirt=0.0)
EARLY, MONTH = date(2024, 6, 4), date(2024, 5, 1)  # the as-of day, and the last complete month
COMPANIES = range(1, 21)

# columns that tell of today's origins or of the whole run
TODAY = {"origin", "product_driven_share", "data_confidence", "confidence_reason"}
MARTS = [
    "plr_retention_monthly",
    "plr_revenue_events",
    "plr_index_monthly",
    "plr_expansion_orphans",
    "plr_conversion_black_holes",
    "plr_hollow_usage",
    "plr_borrowed_nrr",
    "plr_architecture_drift",
    "plr_product_passive_growth",
    "plr_pattern_flags",
    "plr_board_metrics",
    "plr_growth_efficiency",
    "plr_quick_test",
    "plr_origin_comparison",
]


# marts that say of each row whether it is over, and what the one of the flags counts
DEMAND = ["plr_pipeline", "plr_pql_funnel"]
COUNTED = ["plr_pattern_backtest", "int_plr__verdict_outcomes"]
# what candidates for value are made of, once an account's days are over
FIRST_DAYS = "int_plr__value_event_accounts"


def is_exempt(relation: str, row: Row) -> bool:
    """A meeting booked by then for later, or a user known to be internal only later."""
    if relation == "crm_activities":
        booked = row.get("created_at")
        return bool(booked and booked.date() <= EARLY < row["occurred_at"].date())
    if relation == "users":
        since = row.get("valid_from")
        return bool(row.get("is_internal") and since and since.date() > EARLY)
    return False


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Rows]]:
    """The marts as of EARLY, and as of the build's own day."""
    inputs = {
        relation: [row for row in rows if not is_exempt(relation, row)]
        for relation, rows in deliver(BUILD, COMPANIES).items()
    }
    # the CRM feed goes on, so that the month's last windows are covered both times
    [like] = inputs["crm_activities"][:1]
    newest = {"activity_id": "newest", "occurred_at": datetime(2024, 6, 4, 9), "created_at": None}
    inputs["crm_activities"].append({**like, **newest})

    project = Project(tmp_path_factory.mktemp("look"), inputs, BUILD.vars, BUILD.rule_tables)
    only = (*MODELS_ONLY, "--full-refresh")
    found = {}
    for name, as_of in (("early", EARLY), ("late", BUILD.as_of)):
        project.build(*only, "--vars", json.dumps({"plr_as_of_date": as_of.isoformat()}))
        marts = [*MARTS, *DEMAND, *COUNTED, "plr_renewals", FIRST_DAYS]
        found[name] = {mart: project.mart(mart) for mart in marts}
    return found


DEALS_OPENED = (
    "opened_month",
    "sequence_at_open",
    "opportunity_type",
    "segment",
    "opened",
    "not_covered",
    "pipeline_mrr",
    "product_first_mrr",
    "product_sourced_share",
)


def opened_until_then(rows: Rows) -> Rows:
    """What was opened by then, whatever became of it."""
    return [
        {name: row[name] for name in DEALS_OPENED} for row in rows if row["opened_month"] <= MONTH
    ]


def until_then(rows: Rows) -> Rows:
    """The rows of months that were complete, without what may change."""
    return [
        {name: value for name, value in row.items() if name not in TODAY}
        for row in rows
        if row["month"] <= MONTH
        # a not_eligible row stands in the latest month only
        and row.get("status") != "not_eligible"
        # whose customers are those of today's origins
        and row.get("growth_group") != "product_led"
    ]


@pytest.mark.parametrize("mart", MARTS)
def test_later_rows_change_nothing_earlier(
    mart: str, runs: dict[str, dict[str, Rows]], say: Callable[[str], None]
) -> None:
    then, now = (until_then(runs[name][mart]) for name in ("early", "late"))
    assert then, "nothing to compare"
    changed = differences.compare(mart, then, now)
    assert not changed, "\n".join(map(str, changed[:10]))
    later = [row for row in runs["late"][mart] if row["month"] > MONTH]
    assert later, "nothing came later"
    say(f"{mart}: {len(then):,} rows until {MONTH:%Y-%m}, unchanged by {len(later):,} later ones")


def test_a_decided_renewal_stands(
    runs: dict[str, dict[str, Rows]], say: Callable[[str], None]
) -> None:
    """Once notice is past and nobody can move first any more; late successors come and go."""

    def over(rows: Rows) -> dict[str, Row]:
        return {
            row["contract_id"]: {n: v for n, v in row.items() if n != "late_successor_id"}
            for row in rows
            if row["outcome"] != "open"
            and row["value_until_date"] == row["notice_date"]
            and (row["renewed_date"] or row["term_end"]) + timedelta(days=3) <= EARLY
        }

    then, later = over(runs["early"]["plr_renewals"]), runs["late"]["plr_renewals"]
    now = {row["contract_id"]: row for row in later}
    assert {row["outcome"] for row in then.values()} == {"renewed", "rolled_over", "churned"}
    changed = differences.compare(
        "plr_renewals",
        list(then.values()),
        [{name: now[key][name] for name in row} for key, row in then.items()],
    )
    assert not changed, "\n".join(map(str, changed[:10]))
    were_late = [row for row in later if row["late_successor_id"] and row["contract_id"] in then]
    say(f"{len(then)} decided renewals stand, {len(were_late)} of them with a late successor")
    # an open one is decided, or renewed for later
    opened = {r["contract_id"] for r in runs["early"]["plr_renewals"] if r["outcome"] == "open"}
    assert {now[key]["outcome"] for key in opened} >= {"renewed", "rolled_over", "churned"}


def test_what_was_opened_by_then_stays_as_it_was_opened(runs: dict[str, dict[str, Rows]]) -> None:
    then, now = (runs[name]["plr_pipeline"] for name in ("early", "late"))
    changed = differences.compare("plr_pipeline", opened_until_then(then), opened_until_then(now))
    assert not changed, "\n".join(map(str, changed[:10]))
    firsts = {(row["sequence_at_open"], row["not_covered"] > 0) for row in opened_until_then(then)}
    assert firsts >= {("product_first", False), ("sales_first", False), ("all", True)}
    assert sum(row["won"] for row in then) < sum(row["won"] for row in now)


def test_a_funnel_whose_days_are_over_stays_as_it_was(runs: dict[str, dict[str, Rows]]) -> None:
    then, now = (
        {tuple(row[key] for key in differences.KEYS["plr_pql_funnel"]): row for row in rows}
        for rows in (runs[name]["plr_pql_funnel"] for name in ("early", "late"))
    )
    over = {key: row for key, row in then.items() if row["is_horizon_over"]}
    changed = differences.compare(
        "plr_pql_funnel", list(over.values()), [now[key] for key in over if key in now]
    )
    assert not changed, "\n".join(map(str, changed[:10]))
    assert {row["horizon_days"] for row in over.values() if row["paid"]} == {30, 90, 180}
    since = [key for key, row in then.items() if now[key]["is_horizon_over"] and key not in over]
    assert [key for key in since if now[key]["paid"] > then[key]["paid"]]


def test_what_followed_first_days_stands(runs: dict[str, dict[str, Rows]]) -> None:
    """Halves move on as accounts come, and retention becomes known."""

    def over(rows: Rows) -> dict[tuple[Any, ...], Row]:
        moves_on = {"is_older", "is_twelfth_month_known", "is_retained"}
        return {
            (row["account_id"], row["window_days"]): {
                name: value for name, value in row.items() if name not in moves_on
            }
            for row in rows
        }

    then, now = (over(runs[name][FIRST_DAYS]) for name in ("early", "late"))
    assert then == {key: now.get(key) for key in then}
    assert len(then) < len(now)
    assert {row["has_converted"] for row in then.values()} == {True, False}
    assert [row for row in then.values() if (row["contact_lo_us"] or 0) > row["closes_us"]]


def closed_verdicts(rows: Rows, months: int) -> set[tuple[Any, ...]]:
    """What followed verdicts within so many months that were over by then."""
    last = MONTH.year * 12 + MONTH.month - months

    def within(ahead: int | None) -> int | None:
        return ahead if ahead is not None and ahead <= months else None

    return {
        (
            *(value for name, value in row.items() if not name.startswith("months_to_")),
            within(row["months_to_outcome"]),
            within(row["months_to_act"]),
        )
        for row in rows
        if row["month"].year * 12 + row["month"].month <= last
    }


@pytest.mark.parametrize("months", [3, 6, 12])
def test_what_followed_a_verdict_is_counted_once_and_stands(
    months: int, runs: dict[str, dict[str, Rows]], say: Callable[[str], None]
) -> None:
    verdicts = {name: closed_verdicts(found[COUNTED[1]], months) for name, found in runs.items()}
    assert verdicts["early"] == verdicts["late"]
    counted: dict[str, dict[Any, Row]] = {
        name: {
            tuple(row[key] for key in differences.KEYS[COUNTED[0]]): row
            for row in found[COUNTED[0]]
            if row["horizon_months"] == months
        }
        for name, found in runs.items()
    }
    # later months close what was open, and take back nothing
    grown = 0
    for key, then in counted["early"].items():
        now = counted["late"][key]
        for column in ("episodes", "accounts", "outcomes", "acted_on_outcomes", "mrr_concerned"):
            assert then[column] <= now[column], (key, column)
        grown += then["outcomes"] < now["outcomes"]
        all_then, all_now = (row["episodes"] + row["open_episodes"] for row in (then, now))
        assert all_then <= all_now, key
    assert grown
    say(f"{len(verdicts['early']):,} verdicts of {months} months and more ago stand")


def test_something_did_come_later(runs: dict[str, dict[str, Rows]]) -> None:
    """Verdicts of the latest month differ from those of the month before."""

    def verdicts(name: str, month: date) -> set[tuple[Any, ...]]:
        return {
            (row["pattern"], row["entity_id"], row["status"])
            for row in runs[name]["plr_pattern_flags"]
            if row["month"] == month
        }

    after = (MONTH + timedelta(days=31)).replace(day=1)
    assert verdicts("late", after) != verdicts("late", MONTH)
