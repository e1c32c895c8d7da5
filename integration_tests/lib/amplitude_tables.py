"""The demo's single events of people, in the table that Fivetran makes of Amplitude's.

    write(connection, data)     # data: the folder of the demo's raw files

A workspace stands in an array of groups of its type, or alone. An event sent twice has the same
insert id, and another id of each delivery; some have no insert id. Browsers' clocks are wrong.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from event_tables import sent

VARS = {"plr_connector_account_fields": {"amplitude": "company"}}
OWN_NAMES = ("session_start", "session_end", "[Amplitude] Page Viewed", "$identify")

TABLES = """
create schema amplitude;

create table amplitude.event as
select
    row_number() over () as id,
    case when mixed % 5 = 0 then event_id else printf('%s, %d', event_id, again) end as uuid,
    case when mixed % 5 > 0 then event_id when mixed % 10 = 0 then '' end as _insert_id,
    event_name as event_type,
    occurred_at at time zone 'UTC' as event_time,
    (occurred_at + interval 13 hour) at time zone 'UTC' as client_event_time,
    loaded_at at time zone 'UTC' as server_upload_time,
    user_id,
    device_id,
    case
        when account_id is null then ['{{}}', '{{"company": []}}', null][1 + mixed % 3]::json
        when mixed % 3 = 0 then json_object('company', account_id)
        else json_object('project', ['x'], 'company', [account_id, 'ws_other'])
    end as groups
from ({sent});
"""


def write(connection: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Write Amplitude's table into a database."""
    connection.execute(TABLES.format(sent=sent(data, OWN_NAMES)))
