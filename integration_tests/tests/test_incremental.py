"""Whatever arrives, in whatever order: after each run every mart is as after a full refresh.

Random companies, their feeds cut into random deliveries: events and CRM rows that come late and
twice, users and accounts that are linked, merged and found out to be internal afterwards, rules
and settings that change, an as-of day that goes forth and back, and a run that is killed.

    PLR_HISTORIES=17,230 pytest tests/test_incremental.py    only these, after a failure
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from companies import BUILDS, Build, deliver
from harness import MODELS_ONLY, Project, Rows, column_types, dbt_command, run_dbt, write_table
from origin_changes import History, Run

HISTORIES = [int(seed) for seed in os.environ.get("PLR_HISTORIES", "1,2").split(",")]
COMPANIES = 12
DATED = {
    "users": "valid_from",
    "product_events": "occurred_at",
    "crm_activities": "occurred_at",
    "opportunities": "created_at",
    "contracts": "signed_at",
}
CAUSES = {
    "rules_or_settings_changed",
    "merge",
    "evidence_added",
    "evidence_gone",
    "as_of_moved",
}
ORIGIN_VARS = {"plr_events_are_unique"}  # of the vars that change, those that decide origins
# event models one after another: where a run is killed decides what the next one finds
EVENT_MODELS = (
    "months_to_read",
    "product_events",
    "signal_events",
    "event_months",
    "event_words",
    "signal_months",
    "usage_quarters",
    "rules_met",
    "events_read",
    "activity_groups",
)


# --- histories ------------------------------------------------------------------------------------


@dataclass
class Step:
    """What one run finds: everything delivered so far, the rules and the vars of the day."""

    tells: str
    as_of: date
    inputs: dict[str, Rows]
    roles: Rows
    rules: Rows
    settings: dict[str, Any] = field(default_factory=dict)
    killed_after: str | None = None

    @property
    def vars(self) -> str:
        """The vars of this run, for the command line."""
        return json.dumps({"plr_as_of_date": self.as_of.isoformat(), **self.settings})


def _arrival(dice: random.Random, row: dict[str, Any], relation: str, days: list[date]) -> int:
    """The step with which a row arrives: mostly when it is dated, some late, some early."""
    if relation not in DATED:
        return 0
    dated = row.get(DATED.get(relation, ""))
    day = dated.date() if isinstance(dated, datetime) else dated
    due = next((step for step, as_of in enumerate(days) if day is None or day <= as_of), len(days))
    if dice.random() < 0.15:
        due += dice.randint(-1, 3)
    return max(0, min(due, len(days) - 1))


def _history(seed: int, build: Build) -> list[Step]:
    """Seven runs of one set of companies."""
    dice = random.Random(seed)
    delivered = deliver(build, range(seed * 1000, seed * 1000 + COMPANIES))
    end = build.as_of
    days = [end - timedelta(days=back) for back in sorted(dice.sample(range(1, 300), 5))[::-1]]
    days.append(end)
    arrivals = {
        relation: [(_arrival(dice, row, relation, days), row) for row in rows]
        for relation, rows in delivered.items()
    }
    # delivered twice: the same row again, or a copy of it that was loaded later
    arrivals["product_events"] += [
        (dice.randint(0, len(days) - 1), {**row, **dice.choice([{}, {"loaded_at": end}])})
        for row in delivered["product_events"]
        if dice.random() < 0.05
    ]
    merged_at = {
        row["account_id"]: dice.randint(0, len(days) - 1)
        for row in delivered["accounts"]
        if row.get("merged_into_account_id")
    }
    customers = sorted({row["account_id"] for row in delivered["revenue"] if row["account_id"]})
    movers = random.Random(f"{seed}/movers").sample(customers, 8)
    moved_into = dict(zip(movers[:4], movers[4:], strict=True))  # customers, in the second run
    linked_at = random.Random(f"{seed}/links")
    linked = [(linked_at.randint(-2, len(days) - 1), row) for row in delivered["account_links"]]
    strangers = dice.sample([row["account_id"] for row in delivered["accounts"]], 4)
    insiders = {
        row["user_id"]: dice.randint(1, len(days) - 1)
        for row in delivered.get("users", [])
        if dice.random() < 0.05
    }

    def inputs(step: int) -> dict[str, Rows]:
        known = {
            relation: [row for at, row in rows if at <= step] for relation, rows in arrivals.items()
        }
        known["accounts"] = [
            {**row, "merged_into_account_id": None}
            if merged_at.get(row["account_id"], 0) > step
            else dict(row)
            for row in known["accounts"]
            if step > 2 or row["account_id"] not in strangers
        ]
        for row in known["accounts"] if step else []:
            if row["account_id"] in moved_into:
                row["merged_into_account_id"] = moved_into[row["account_id"]]
        known["account_links"] = [row for at, row in linked if at <= step]
        known["users"] = [
            {**row, "is_internal": True} if insiders.get(row["user_id"], 99) <= step else row
            for row in known["users"]
        ]
        return known

    steps = [
        Step(f"run {number + 1}", as_of, inputs(number), build.roles, build.rules.rows)
        for number, as_of in enumerate(days)
    ]
    changed = dice.choice(["fix", "publish", "quota", "browse", "login"])
    other_roles = [row for row in build.roles if row["event_name"] != changed]
    if dice.random() < 0.7:
        other_roles.append(
            {"event_name": changed, "role": dice.choice(["value", "breadth", "limit"])}
        )
    other_rules = [
        {**row, "min_events": (row["min_events"] or 1) + dice.choice([0, 1]), "is_active": True}
        for row in build.rules.rows
    ]
    for step in steps[2:]:
        step.roles, step.tells = other_roles, f"{step.tells}, other roles"
    for step in steps[3:]:
        step.rules, step.tells = other_rules, f"{step.tells}, other rules"
    settings = dice.choice(
        [
            {"plr_hollow_unproven_days": 45},
            {"plr_black_hole_value_days": 20},
            {"plr_events_are_unique": True},
        ]
    )
    steps[4].settings = settings
    steps[dice.choice([1, 2, 3])].killed_after = dice.choice(EVENT_MODELS)
    steps[5].killed_after = dice.choice(EVENT_MODELS)
    # back to an earlier day, with everything that has arrived since
    back = Step(
        "back again",
        days[2] + timedelta(days=dice.randint(0, 40)),
        inputs(5),
        other_roles,
        other_rules,
    )
    return [*steps, back]


# --- runs -----------------------------------------------------------------------------------------


def _lay(project: Project, step: Step, shape: str) -> None:
    tables = {**step.inputs, "plr_event_roles": step.roles, "plr_activity_rules": step.rules}
    for relation, rows in tables.items():
        write_table(project.database, relation, rows, column_types(relation, shape))


def _kill(project: Project, step: Step) -> None:
    """Run until a model is built, and end the process there."""
    said = []
    with subprocess.Popen(
        **dbt_command(project.folder, "build", *MODELS_ONLY, "--vars", step.vars),
        start_new_session=True,
    ) as running:
        for line in running.stdout:
            said.append(line)
            if f"int_plr__{step.killed_after} " in line and " OK " in line:
                os.killpg(running.pid, signal.SIGKILL)
                break
    assert running.returncode == -signal.SIGKILL, "".join(["ended by itself\n", *said])


def _found(project: Project, step: Step) -> Run:
    """The verdicts of a run, with all that a change of them may come from."""
    settings = {name: step.settings[name] for name in ORIGIN_VARS & step.settings.keys()}
    merges = project.query(
        "select account_id, survivor_account_id from stg_plr__accounts where is_known"
    )
    return Run(
        step.as_of,
        (step.roles, [row for row in step.rules if row.get("is_active") is not False], settings),
        {row["account_id"]: row for row in project.mart("plr_account_origin")},
        {row["account_id"]: row["survivor_account_id"] for row in merges},
    )


def _changes(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Rows of plr_origin_changes, those of one account and day in any order."""
    left_out = ("run_at", "account_name")
    told = [{name: row[name] for name in sorted(row) if name not in left_out} for row in rows]
    return sorted(str({**row, "closing_mrr": float(row["closing_mrr"])}) for row in told)


def _from_scratch(project: Project, step: Step) -> Path:
    """The same inputs built in a database of their own, by a full refresh."""
    fresh = project.folder.parent / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(project.folder, fresh, symlinks=True)
    result = run_dbt(fresh, "build", *MODELS_ONLY, "--vars", step.vars, "--full-refresh")
    assert result.ok, result.output
    return fresh / project.database.name


def _differences(one: Path, other: Path) -> dict[str, int]:
    """Rows that only one of two databases has, by mart."""
    with duckdb.connect() as connection:
        for name, file in (("one", one), ("other", other)):
            connection.execute(f"attach '{file}' as {name} (read_only)")
        marts = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'other'"
            " and schema_name = 'main' and table_name like 'plr_%'"
        ).fetchall()
        assert len(marts) >= 20, marts
        found = {}
        for (mart,) in marts:
            one_way, other_way = (
                f"(select * from {a}.main.{mart} except all select * from {b}.main.{mart})"
                for a, b in (("one", "other"), ("other", "one"))
            )
            (count,) = connection.execute(
                f"select count(*) from ({one_way} union all {other_way})"
            ).fetchone()
            if count:
                found[mart] = count
        return found


@pytest.mark.parametrize("seed", HISTORIES)
def test_every_run_equals_a_full_refresh(
    seed: int, tmp_path: Path, say: Callable[[str], None]
) -> None:
    build = {build.name: build for build in BUILDS}[
        ["periods", "periods_every_switch", "invoices"][seed % 3]
    ]
    steps = _history(seed, build)
    first = steps[0]
    project = Project(
        tmp_path,
        first.inputs,
        build.vars,
        {**build.rule_tables, "plr_event_roles": first.roles, "plr_activity_rules": first.rules},
    )
    history = History()
    for number, step in enumerate(steps):
        _lay(project, step, build.shape)
        if step.killed_after:
            _kill(project, step)
        project.build(*MODELS_ONLY, "--vars", step.vars)
        history.note(_found(project, step))
        changes = project.mart("plr_origin_changes")
        assert _changes(changes) == _changes(history.rows), step.tells
        if number == 0:
            continue
        wrong = _differences(project.database, _from_scratch(project, step))
        assert not wrong, f"{build.name}, seed {seed}, {step.tells}: {wrong}"
    causes = Counter(row["cause"] for row in history.rows)
    assert causes.keys() == CAUSES, causes
    say(f"{build.name}: {len(steps)} runs of {COMPANIES} companies, each equal to a full refresh")
    say(f"{build.name}: verdicts changed by {dict(causes)}")
