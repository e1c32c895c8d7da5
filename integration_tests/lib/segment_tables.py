"""The demo's single events of people, in the tables that Segment writes.

    write(connection, data)     # data: the folder of the demo's raw files

Days' counts and machines' events are left to the demo's own feed: Segment knows neither. Beside
them stand what a website leaves: visitors who are nobody, and a clock that a browser had wrong. A
member is told of a workspace anew by each of several group calls.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

# what the demo's own feeds keep, as conditions on its raw tables
EVENTS_LEFT = "grain = 'day' or source = 'scheduler'"
USERS_LEFT = "left_at is not null or email_domain = 'kestrel.example'"

TABLES = """
create schema segment;

create table segment.tracks as
select
    event_uuid as id,
    'browser_' || member_id as anonymous_id,
    member_id as user_id,
    event,
    upper(event) as event_text,
    ts as timestamp,
    ts + interval 13 hour as original_timestamp,
    ts + interval 2 second as received_at,
    workspace_id as context_group_id
from '{data}/product_events.parquet'
where not ({events_left})
union all
select
    'visit_' || event_uuid,
    'browser_nobody',
    null,
    event,
    event,
    ts,
    ts,
    ts,
    null
from '{data}/product_events.parquet'
where grain = 'event' and event_uuid like '%7';

create table segment.groups as
select
    'group_' || member_id || workspace_id || again.number as id,
    member_id as user_id,
    workspace_id as group_id,
    joined_at + interval (again.number) day as timestamp
from '{data}/users.parquet'
cross join (select unnest([0, 5, 90]) as number) as again
where not ({users_left});
"""


def write(connection: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Write Segment's tables into the demo's database."""
    connection.execute(TABLES.format(data=data, events_left=EVENTS_LEFT, users_left=USERS_LEFT))
