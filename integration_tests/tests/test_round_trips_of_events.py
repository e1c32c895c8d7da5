"""The demo's events, rendered into the tables of each product tool, come back as they were.

Counts of days and machines' events are left out: none of these tools knows them. A copy of an event
that has the same id and time is the same event, as it is to the package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

import amplitude_tables
import mixpanel_tables
import posthog_tables
import snowplow_tables
from connector_cases import ALWAYS_THERE, SELECTED, vars_of
from event_tables import NOT_OURS, OF_PEOPLE
from harness import MODELS_ONLY, Project, rows_of

TOOLS = {
    "posthog": posthog_tables,
    "amplitude": amplitude_tables,
    "mixpanel": mixpanel_tables,
    "snowplow": snowplow_tables,
}


@pytest.fixture(scope="module")
def connection(
    built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """What the connectors of all tools deliver, with the demo's own feeds as `demo`."""
    feeds = {tool: ["product_events"] for tool in TOOLS}
    feeds["posthog"] += ["users", "accounts"]
    given = vars_of(feeds, [tables.VARS for tables in TOOLS.values()])
    given["plr_connector_ignored_events"] = {tool: [NOT_OURS] for tool in TOOLS}
    project = Project(tmp_path_factory.mktemp("events"), {}, ALWAYS_THERE | given)
    with duckdb.connect(str(project.database)) as tools:
        for tables in TOOLS.values():
            tables.write(tools, built.parent / "data")
    project.build(*MODELS_ONLY, "-s", SELECTED)
    with duckdb.connect(str(project.database), read_only=True) as tools:
        tools.execute(f"set file_search_path = '{built.parent}'")
        tools.execute(f"attach '{built}' as demo (read_only)")
        tools.execute("set TimeZone = 'America/Los_Angeles'")  # a reader's, which must not matter
        yield tools


def assert_same(connection: duckdb.DuckDBPyConnection, delivered: str, expected: str) -> int:
    """Compare two queries, row by row, each row once; how many there are."""
    lost, added = (
        rows_of(connection, f"({these}) except ({those}) order by all limit 3")
        for these, those in ((expected, delivered), (delivered, expected))
    )
    assert not lost and not added, f"lost: {lost}, added: {added}"
    [row] = rows_of(
        connection, f"select count(*) as rows from (select distinct * from ({expected}))"
    )
    return row["rows"]


@pytest.mark.parametrize("tool", TOOLS)
def test_the_demos_events_come_back(
    connection: duckdb.DuckDBPyConnection, tool: str, say: Callable[[str], None]
) -> None:
    columns = "event_id, occurred_at, event_name, account_id, user_id"
    expected = f"select {columns} from demo.product_events_for_plr where {OF_PEOPLE}"
    if tool == "snowplow":
        later = f"* replace (occurred_at + {snowplow_tables.LATER} as occurred_at)"
        expected += f" union all select {later} from ({expected}) where {snowplow_tables.HAD_LATER}"
    # a structured event of Snowplow is named by a category and an action
    named = "* replace (replace(event_name, ':', '_') as event_name)"
    delivered = f"select {named} from (select {columns} from base_{tool}__product_events)"
    events = assert_same(connection, delivered, expected)
    assert events > 150_000
    say(f"{events:,} events come back from {tool}")


def test_the_demos_users_and_accounts_come_back_from_posthog(
    connection: duckdb.DuckDBPyConnection, say: Callable[[str], None]
) -> None:
    """An account signed up at its first call, be it of a member; whom members name is one."""
    members = (
        "select user_id, account_id, valid_from from demo.users_for_plr "
        "where valid_to is null and not is_internal"
    )
    signed_up = (
        "select account_id, account_name, segment, signed_up_at from demo.accounts_for_plr "
        "where account_id is not null and signed_up_at is not null and account_name <> '(copy)'"
    )
    users = assert_same(
        connection, "select user_id, account_id, valid_from from base_posthog__users", members
    )
    accounts = assert_same(
        connection,
        "select account_id, account_name, segment, signed_up_at from base_posthog__accounts",
        "select account_id, account_name, segment, least(signed_up_at, min(valid_from)) "
        f"from ({signed_up}) full join ({members}) using (account_id) "
        "group by account_id, account_name, segment, signed_up_at",
    )
    assert users > 10_000 and accounts > 1_000
    say(f"{users:,} users and {accounts:,} accounts come back from posthog")
