"""The demo's single events of people, in the table that Fivetran makes of Mixpanel's.

    write(connection, data)     # data: the folder of the demo's raw files

The project is an old one of California, whose clock is eight hours behind: a time is said to be in
UTC, and is not. Who a person is stands in a column, in either of two properties, or is the distinct
id; a workspace is a property, or the first of a list. An event sent twice has the same insert id,
and another id of each delivery; some have no insert id.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from event_tables import sent

VARS = {
    "plr_connector_account_fields": {"mixpanel": "company"},
    "plr_connector_utc_offset_minutes": {"mixpanel": -480},
}
OWN_NAMES = ("$mp_web_page_view", "$mp_click", "$identify", "$session_start")

TABLES = """
create schema mixpanel;

create table mixpanel.event as
select
    case when mixed % 5 = 0 then event_id else printf('%s, %d', event_id, again) end
        as _fivetran_id,
    case when mixed % 5 > 0 then event_id when mixed % 10 = 0 then '' end as insert_id,
    event_name as name,
    (occurred_at - interval 8 hour) at time zone 'UTC' as time,
    case
        when user_id is null and mixed % 2 = 0 then '$device:' || device_id
        when user_id is null then device_id
        when mixed % 4 = 0 then user_id
        else 'canonical'
    end as distinct_id,
    device_id,
    case when mixed % 4 = 1 then user_id end as user_id,
    cast(json_merge_patch(
        case
            when account_id is null then '{{"company": []}}'
            when mixed % 3 = 0 then json_object('company', account_id)
            else json_object('company', [account_id, 'ws_other'])
        end,
        case mixed % 4
            when 2 then json_object('$user_id', user_id)
            when 3 then json_object('user_id', user_id)
            else '{{}}'
        end
    ) as text) as properties,
    loaded_at at time zone 'UTC' as _fivetran_synced
from ({sent});
"""


def write(connection: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Write Mixpanel's table into a database."""
    connection.execute(TABLES.format(sent=sent(data, OWN_NAMES)))
