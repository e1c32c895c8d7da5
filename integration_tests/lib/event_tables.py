"""The demo's single events of people, as product tools deliver them: what these share.

    connection.execute(f"create table tool.events as select ... from ({sent(data, own_names)})")

Some events come twice, a few days apart. Beside the demo's events stand what a website leaves,
visitors who are nobody, and what the tool sends by itself, of people and accounts that are known.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from segment_tables import EVENTS_LEFT

NOT_OURS = "heartbeat"  # an event of the product's own that a user of the package does without
# the same condition on the contract's rows
OF_PEOPLE = "occurred_precision = 'timestamp' and not is_automated"

SENT = """
with

events as (
    select
        event_uuid as event_id,
        ts as occurred_at,
        event as event_name,
        workspace_id as account_id,
        member_id as user_id,
        'browser_' || member_id as device_id
    from '{data}/product_events.parquet'
    where not ({events_left})
),

beside as (
    select * from events where event_id like '%7'
),

said as (
    select * from events
    union all
    select 'visit_' || event_id, occurred_at, event_name, null, null, device_id from beside
    union all
    select name || event_id, occurred_at, name, account_id, user_id, device_id
    from beside
    cross join (select unnest([{own_names}]) as name)
)

select
    *,
    cast(hash(event_id) % 120 as int) as mixed,
    occurred_at + interval 1 hour + interval (4 * again) day as loaded_at
from said
cross join (values (0), (1)) as deliveries (again)
where again = 0 or event_id like '%3'
"""


def sent(data: Path, own_names: Iterable[str]) -> str:
    """A select of each delivery of an event; `mixed` is a number by which rows may differ."""
    names = ", ".join(f"'{name}'" for name in (*own_names, NOT_OURS))
    return SENT.format(data=data, events_left=EVENTS_LEFT, own_names=names)
