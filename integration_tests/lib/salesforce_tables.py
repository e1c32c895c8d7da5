"""Accounts, deals and sales activities of the demo, in Salesforce's objects as Fivetran loads them.

    write(connection, data)     # data: the folder of the demo's raw files

An account of Salesforce carries the workspace's id. What Salesforce cannot tell stays with the
demo's own feed: a purpose that changes what an activity is, whether a meeting was held, the minute
of a call. Beside what the demo tells lie open tasks, series, invitees' copies, deleted rows, and
leads that nobody ever converted; one in five activities hangs on a lead that became the account.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

VARS = {
    "plr_connector_account_fields": {"salesforce": "workspace_c"},
    "plr_connector_segment_fields": {"salesforce": "size_c"},
}
SCHEMA = """
create schema salesforce;

-- companies of their own, which the demo neither merges nor files under another
create table salesforce.account as
select
    '001' || workspace_id as id,
    name,
    source as account_source,
    case size_band when 'SMB' then 'smb' when 'Mid-Market' then 'mid_market' else 'enterprise' end
        as size_c,
    workspace_id as workspace_c,
    created as created_date,
    false as is_deleted
from '{data}/accounts.parquet' as accounts
where
    kind = 'customer'
    and size_band is not null
    and parent_workspace_id is null
    and merged_into is null
    and not exists (
        from '{data}/accounts.parquet' as others
        where accounts.workspace_id in (others.parent_workspace_id, others.merged_into)
    );

create table salesforce.user as
select *
from (
    values
        ('005sales', 'Account Executive, DACH', 'Sales', 'Standard'),
        ('005sdr', 'SDR', null, 'Standard'),
        ('005am', 'Senior Account Manager', null, 'Standard'),
        ('005partner', null, 'Partnerships', 'Standard'),
        ('005marketing', 'Head of Marketing', null, 'Standard')
) as users (id, title, department, user_type);

create table salesforce.sold as
select
    *,
    '005' || case owner_team when 'Account Management' then 'am' else lower(owner_team) end
        as owner_id,
    case
        when kind in ('Meeting', 'Demo') then 'event'
        when owner_team = 'Marketing' then 'mailing'
        else 'task'
    end as object,
    hash(id) % 5 = 0 as is_of_lead
from '{data}/crm_activities.parquet'
where
    state = 'done'
    and id is not null
    and account_ref in (select workspace_c from salesforce.account)
    and (
        (kind in ('Meeting', 'Demo') and length(activity_at) > 10
            and owner_team in ('Sales', 'Account Management', 'SDR', 'Partner'))
        or (length(activity_at) = 10 and owner_team in ('Sales', 'SDR') and not is_sequence)
        or owner_team = 'Marketing'
    );

create table salesforce.lead as
select distinct
    '00Q' || account_ref as "Id",
    cast(null as varchar) as "Company",
    '001' || account_ref as "ConvertedAccountId",
    timestamptz '2024-12-31 00:00:00+00' as "CreatedDate",
    false as "IsDeleted"
from salesforce.sold
where is_of_lead
union all
select '00Qnobody_' || number, 'Nobody Inc', null, timestamptz '2024-06-01 00:00:00+00', false
from range(9) as leads (number);

create table salesforce.contact as
select '003' || workspace_c as id, id as account_id
from salesforce.account;

create table salesforce.opportunity as
select
    '006' || id as id,
    '001' || account_ref as account_id,
    '005' || case
        when created_by_team = 'Account Management' then 'am' else lower(created_by_team)
    end
    as created_by_id,
    case deal_type when 'Upsell' then 'Existing Business' when 'Win-back' then 'Win Back'
        else deal_type end as type,
    upper(currency) as currency_iso_code,
    coalesce(cast(close_date as date), date '2026-03-31') as close_date,
    cast(created_at as timestamp) as created_date,
    cast(yearly_amount as double) as amount,
    stage like 'Closed%' as is_closed,
    stage = 'Closed Won' as is_won,
    false as is_deleted
from '{data}/opportunities.parquet'
where account_ref in (select workspace_c from salesforce.account);

-- a task was due a week after it was done, or done long after it was due: the earlier of the two
create table salesforce.task as
select
    '00T' || id as "Id",
    case when object = 'mailing' then '001' || account_ref end as "AccountId",
    case when is_of_lead then '00Q' else '003' end || account_ref as "WhoId",
    cast(null as varchar) as "WhatId",
    owner_id as "OwnerId",
    cast(null as varchar) as "Type",
    case when object = 'mailing' then 'ListEmail' else kind end as "TaskSubtype",
    case when kind = 'Call' then direction end as "CallType",
    cast(activity_at as date) + cast(if(hash(id) % 2 = 0, 7, 0) as int) as "ActivityDate",
    case when hash(id) % 2 = 0 then cast(activity_at as timestamp) at time zone 'UTC' end
        as "CompletedDateTime",
    cast(logged_at as timestamp) at time zone 'UTC' as "CreatedDate",
    minutes * 60 as "CallDurationInSeconds",
    true as "IsClosed",
    false as "IsRecurrence",
    false as "IsDeleted"
from salesforce.sold
where object <> 'event'
union all
select
    '00T' || hurt.name || id, '001' || workspace_c, null, null, '005sdr', null, hurt.subtype, null,
    date '2023-01-01', null, timestamptz '2023-01-01 00:00:00+00', null, hurt.is_closed,
    hurt.is_series, hurt.is_deleted
from salesforce.account
cross join (
    values
        ('open', 'Task', false, false, false),
        ('series', 'Task', true, true, false),
        ('gone', 'Call', true, false, true)
) as hurt (name, subtype, is_closed, is_series, is_deleted)
union all
select
    '00Tcadence' || "Id", null, "Id", null, '005sdr', null, 'Cadence', null,
    date '2024-06-03', null, timestamptz '2024-06-03 00:00:00+00', null, true, false, false
from salesforce.lead
where "ConvertedAccountId" is null;

create table salesforce.event as
select
    '00U' || id || copies.name as id,
    case when not is_of_lead then '001' || account_ref end as account_id,
    case when is_of_lead then '00Q' || account_ref end as who_id,
    case when deal_ref is not null then '006' || deal_ref end as what_id,
    owner_id,
    kind as type,
    cast(activity_at as timestamp) as start_date_time,
    cast(activity_at as date) as activity_date,
    cast(logged_at as timestamp) as created_date,
    minutes as duration_in_minutes,
    false as is_all_day_event,
    copies.is_child,
    false as is_recurrence,
    copies.is_deleted
from salesforce.sold
cross join (
    values ('', false, false), ('_invitee', true, false), ('_gone', false, true)
) as copies (name, is_child, is_deleted)
where object = 'event';
"""

# what the demo's own feeds keep, as conditions on its raw tables
ACTIVITIES_LEFT = "id is null or id not in (select id from salesforce.sold)"
DEALS_LEFT = "'006' || id not in (select id from salesforce.opportunity)"

# the contract's rows of what was sold, in the words that Salesforce has for it
ACTIVITIES = """
select
    case object when 'event' then 'salesforce:00U' else 'salesforce:00T' end || id as activity_id,
    'salesforce:' || case
        when object = 'mailing' then '001' when is_of_lead then '00Q' else '001'
    end || account_ref as account_id,
    case when object = 'event' and deal_ref is not null then 'salesforce:006' || deal_ref end
        as opportunity_id,
    lower(kind) as activity_type,
    case when object = 'task' and kind = 'Call' then lower(direction) end as direction,
    case owner_team when 'Account Management' then 'am' else lower(owner_team) end as actor_team,
    case when object <> 'event' then 'completed' end as status,
    case when object = 'event' or hash(id) % 2 = 0 then cast(activity_at as timestamp)
        else cast(cast(activity_at as date) as timestamp) end as occurred_at,
    case when object = 'event' then 'timestamp' else 'date' end as occurred_precision,
    cast(logged_at as timestamp) as created_at,
    minutes as duration_minutes,
    case when object = 'mailing' then true end as is_automated
from salesforce.sold
"""


def write(connection: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Write Salesforce's objects into the demo's database."""
    connection.execute(SCHEMA.format(data=data))
