"""The demo's single events of people, in Snowplow's table as its loaders write it.

    write(connection, data)     # data: the folder of the demo's raw files

A workspace is a key of the first of a list of entities. A structured event is named by a category
and an action. An event sent twice has the same id and fingerprint; of some the collector had the
copy later.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from event_tables import sent

VARS = {"plr_connector_account_fields": {"snowplow": "contexts_com_acme_workspace_1.id"}}
OWN_NAMES = ("page_ping", "page_view", "screen_view")
# the collector had these copies at another time, which makes other events of them, as everywhere
HAD_LATER = "event_id like '%13'"
LATER = "interval 90 second"

TABLES = """
create schema snowplow;

create table snowplow.events as
select
    event_id,
    md5(event_id || event_name) as event_fingerprint,
    case when again > 0 and {had_later} then occurred_at + {later} else occurred_at end
        as collector_tstamp,
    occurred_at - interval 2 second as derived_tstamp,
    occurred_at + interval 13 hour as dvce_created_tstamp,
    loaded_at as load_tstamp,
    case
        when event_name in ({own_names}) then event_name
        when mixed % 3 = 0 and contains(event_name, '_') then 'struct'
        else 'unstruct'
    end as event,
    case when event = 'struct' then 'event' else event_name end as event_name,
    case when event = 'struct' then split_part(sent.event_name, '_', 1) end as se_category,
    case when event = 'struct' then substr(sent.event_name, 2 + length(se_category)) end
        as se_action,
    user_id,
    device_id as domain_userid,
    case when account_id is not null then [
        struct_pack(id := account_id, plan := 'free'), struct_pack(id := 'ws_other', plan := null)
    ] end as contexts_com_acme_workspace_1
from ({sent}) as sent;
"""


def write(connection: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Write Snowplow's table into a database."""
    own_names = ", ".join(f"'{name}'" for name in OWN_NAMES)
    later = {"had_later": HAD_LATER, "later": LATER}
    connection.execute(TABLES.format(own_names=own_names, sent=sent(data, OWN_NAMES), **later))
