"""The demo's marts find every planted case in its months, and flag nothing else but what is listed.

demo/planted.csv holds what was planted, demo/unplanned.csv what the made-up company's life brought
about besides, each with a reason that was looked up in its rows.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import duckdb
import pytest

from demo_project import cases

Case = dict[str, str]
Entity = tuple[str, str, str]


PLANTED, UNPLANNED = cases("planted.csv"), cases("unplanned.csv")


def entity(case: Case) -> Entity:
    """The key of a case in plr_pattern_flags."""
    return case["pattern"], case["entity_type"], case["entity_id"]


def months(case: Case) -> list[date]:
    """The first days of a case's months."""
    month, last = (date.fromisoformat(case[name]) for name in ("since", "month"))
    found = []
    while month <= last:
        found.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found


def month_before(month: date) -> date:
    """The first day of the month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


@pytest.fixture(scope="module")
def statuses(marts: duckdb.DuckDBPyConnection) -> dict[Entity, dict[date, str]]:
    """What the package says of every entity, month by month."""
    found: dict[Entity, dict[date, str]] = defaultdict(dict)
    rows = marts.sql(
        "select pattern, entity_type, entity_id, month, status from plr_pattern_flags"
    ).fetchall()
    for pattern, kind, name, month, status in rows:
        found[pattern, kind, name][month] = status
    return found


@pytest.mark.parametrize(
    "case", PLANTED + UNPLANNED, ids=lambda c: f"{c['pattern']}-{c['entity_id']}-{c['since']}"
)
def test_case_is_found(statuses: dict, case: Case) -> None:
    """In each of its months, and not in the month before."""
    found = statuses[entity(case)]
    status = case.get("status", "flagged")
    assert {month: found.get(month) for month in months(case)} == dict.fromkeys(
        months(case), status
    )
    if status == "flagged":
        assert found.get(month_before(months(case)[0])) != "flagged"


def test_nothing_else_is_flagged(statuses: dict, say) -> None:
    flagged = {
        (*key, month)
        for key, by_month in statuses.items()
        for month, status in by_month.items()
        if status == "flagged"
    }
    listed = {
        (*entity(case), month)
        for case in PLANTED + UNPLANNED
        if case.get("status", "flagged") == "flagged"
        for month in months(case)
    }
    assert sorted(flagged) == sorted(listed)
    say(f"demo: {len(flagged)} flags, {len(PLANTED)} planted cases, {len(UNPLANNED)} others")


def test_cases_beyond_the_planted_ones_are_few_and_explained() -> None:
    accounts = [case for case in UNPLANNED if case["entity_type"] == "account"]
    assert len({entity(case) for case in accounts}) <= 10
    assert sum(len(months(case)) for case in accounts) <= 35
    assert all(case["why"] for case in UNPLANNED)


def test_no_case_is_listed_twice() -> None:
    listed = [(*entity(case), case["since"]) for case in PLANTED + UNPLANNED]
    assert len(listed) == len(set(listed))
