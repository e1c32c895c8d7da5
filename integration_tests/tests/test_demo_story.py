"""`make story`: one account of the demo, line by line, from its built database."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from demo_project import DEMO, cases

sys.path.insert(0, str(DEMO))
import story

KINDS = {"product", "people", "deal", "contract", "money", "pattern"}
LAST_DAY = date(2025, 12, 31)

PLANTED = [
    case
    for case in cases("planted.csv")
    if case["entity_type"] == "account" and case["status"] == "flagged"
]


def tell(built: Path, *account: str) -> subprocess.CompletedProcess[str]:
    """The script, as make runs it."""
    words = [*account] or [""]
    return subprocess.run(
        [sys.executable, DEMO / "story.py", *words, built], capture_output=True, text=True
    )


def month_end(month: str, later: int = 0) -> date:
    """A month's last day, so many months later."""
    first = date.fromisoformat(month)
    number = first.year * 12 + first.month + later
    return date(number // 12, number % 12 + 1, 1) - timedelta(days=1)


def test_story_of_an_account(built: Path) -> None:
    """A sold one: contacted, won, paid, looked after, flagged, renewed, in this order."""
    case = next(c for c in PLANTED if "check-ins" in c["why"])
    done = tell(built, case["entity_id"])
    assert done.returncode == 0, done.stderr
    head, empty, *lines = done.stdout.splitlines()
    assert case["entity_id"] in head and "sales_originated" in head and not empty
    assert all(re.match(r"20\d\d-\d\d-\d\d  [a-z]+ +\S", line) for line in lines)
    assert {line.split()[1] for line in lines} == KINDS
    assert [line[:10] for line in lines] == sorted(line[:10] for line in lines)
    told = [
        "sales: call outbound, prospecting",
        "new business opened by sales",
        "value is proven",
        "new business won",
        "con_0101 begins",
        "conversion of $4,406 MRR: human initiated",
        "csm: meeting outbound, onboarding (care, not commercial)",
        ": new",
        "expansion_orphans FLAGGED: ",
        "expansion_orphans no longer flagged",
        "renewal won",
        "follows con_0101",
        "retention of $4,406 MRR: human initiated",
    ]
    places = [next((n for n, line in enumerate(lines) if text in line), None) for text in told]
    assert None not in places, dict(zip(told, places, strict=True))
    assert places == sorted(places)


def test_story_without_an_account_takes_a_flagged_one(built: Path) -> None:
    done = tell(built)
    assert done.returncode == 0, done.stderr
    assert "expansion_orphans still flagged: " in done.stdout.splitlines()[-1]
    assert done.stdout.isascii()


def test_story_finds_names(built: Path) -> None:
    by_id = tell(built, PLANTED[0]["entity_id"]).stdout
    assert tell(built, by_id.split(" (")[0].lower()).stdout == by_id


def test_unknown_account_is_an_error(built: Path) -> None:
    done = tell(built, "ws_0000")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "No account ws_0000. Take an id from demo/planted.csv.\n"


def test_no_database_is_an_error(tmp_path: Path) -> None:
    done = tell(tmp_path / "none.duckdb", "ws_0001")
    assert done.returncode == 1
    assert "make demo" in done.stderr


@pytest.mark.parametrize("case", PLANTED, ids=lambda c: f"{c['pattern']}-{c['entity_id']}")
def test_story_dates_the_planted_pattern(marts: duckdb.DuckDBPyConnection, case: dict) -> None:
    """From the end of its first month to the end of the month after its last, or until today."""
    facts = story.history(marts, case["entity_id"])
    told = {
        (day, text.removeprefix(case["pattern"]).split(":")[0].strip())
        for day, kind, text in facts
        if kind == "pattern" and text.startswith(case["pattern"])
    }
    over = (month_end(case["month"], 1), "no longer flagged")
    if month_end(case["month"]) == LAST_DAY:
        over = (LAST_DAY, "still flagged")
    assert {(month_end(case["since"]), "FLAGGED"), over} <= told


def test_every_account_has_a_story(marts: duckdb.DuckDBPyConnection) -> None:
    accounts = marts.sql("select account_id, first_paid_date from plr_account_origin").fetchall()
    for account_id, paid in accounts[::25]:
        kinds = {kind for _, kind, _ in story.history(marts, account_id)}
        assert "product" in kinds
        assert ("money" in kinds) == (paid is not None), account_id
