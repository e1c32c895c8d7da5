"""The demo's events, users and accounts, in the table that PostHog's batch export fills.

    write(connection, data)     # data: the folder of the demo's raw files

An event names its workspace among its groups, or in a property; group calls of people say who is
of which workspace, again and again, those of a server what it is called.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from event_tables import sent
from segment_tables import USERS_LEFT

VARS = {
    "plr_connector_account_fields": {"posthog": "company"},
    "plr_connector_segment_fields": {"posthog": "size"},
}
OWN_NAMES = ("$pageview", "$autocapture", "$identify", "$set", "$feature_flag_called")
# accounts that never signed up by themselves, one without an id, another name of one
ACCOUNTS_LEFT = "signed_up is null or workspace_id is null or name = '(copy)'"

TABLES = """
create schema posthog;

create table posthog.events as
select
    event_id as uuid,
    event_name as event,
    case
        when user_id is null and mixed % 2 = 0 then json_object('$is_identified', false)
        when user_id is null then json_object('$process_person_profile', false)
        when account_id is null then json_object('$is_identified', true)
        when mixed % 3 = 0 then json_object('company', account_id)
        else json_object(
            '$is_identified', true,
            '$groups', json_object('project', 'x', 'company', account_id),
            '$group_0', 'x'
        )
    end as properties,
    coalesce(user_id, device_id) as distinct_id,
    occurred_at at time zone 'UTC' as timestamp,
    loaded_at at time zone 'UTC' as created_at
from ({sent});

insert into posthog.events
select
    printf('%s %s %s %d', who, account_id, type, days),
    '$groupidentify',
    json_merge_patch(
        json_object('$group_type', type, '$group_key', account_id),
        case when who like '$%' then '{{}}' else json_object('$is_identified', who like 'mem%') end,
        case when told is null then '{{}}' else json_object('$group_set', told) end
    ),
    who,
    (called_at + interval (days) day) at time zone 'UTC',
    null
from (
    select
        workspace_id as account_id,
        member_id as who,
        'company' as type,
        joined_at as called_at,
        unnest([0, 5, 90]) as days,
        null as told
    from '{data}/users.parquet'
    where not ({users_left})
    union all
    select
        workspace_id,
        unnest(['$company_' || workspace_id, '$company_' || workspace_id, 'browser', 'mem_x']),
        unnest(['company', 'company', 'company', 'project']),
        signed_up,
        unnest([0, 30, 60, 0]),
        unnest([
            json_object('name', 'New workspace'),
            json_object('name', name, 'size', segment),
            json_object('visits', 7),
            json_object('name', 'A project')
        ])
    from (
        select *, replace(lower(size_band), '-', '_') as segment
        from '{data}/accounts.parquet'
        where not ({accounts_left})
    )
);
"""


def write(connection: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Write PostHog's table into a database."""
    left = {"users_left": USERS_LEFT, "accounts_left": ACCOUNTS_LEFT}
    connection.execute(TABLES.format(data=data, sent=sent(data, OWN_NAMES), **left))
