-- tasks and events, without what is no activity: deleted rows, series, invitees' copies
{{ config(
    enabled=plr_uses('salesforce', 'plr_input_accounts')
    or plr_uses('salesforce', 'plr_input_crm_activities')
) }}
{%- set due_at = dbt.cast('activity_date', dbt.type_timestamp()) %}

with

tasks as (
    {{ plr_vendor('salesforce', 'task', {
        'activity_id': ['id!', 'id'],
        'account_id': 'id',
        'who_id': 'id',
        'what_id': 'id',
        'who_key': ['text', 'who_id'],
        'what_key': ['text', 'what_id'],
        'owner_id': 'id',
        'type': 'text',
        'task_subtype': 'text',
        'call_type': 'text',
        'activity_date': 'date',
        'completed_at': ['timestamp', 'completed_date_time'],
        'created_at': ['timestamp!', 'created_date'],
        'call_seconds': ['number', 'call_duration_in_seconds'],
        'is_closed': 'boolean',
        'is_recurrence': 'boolean',
        'is_deleted': 'boolean',
    }) }}
),

events as (
    {{ plr_vendor('salesforce', 'event', {
        'activity_id': ['id!', 'id'],
        'account_id': 'id',
        'who_id': 'id',
        'what_id': 'id',
        'who_key': ['text', 'who_id'],
        'what_key': ['text', 'what_id'],
        'owner_id': 'id',
        'type': 'text',
        'started_at': ['timestamp', 'start_date_time', 'activity_date_time'],
        'activity_date': 'date',
        'created_at': ['timestamp!', 'created_date'],
        'minutes': ['number', 'duration_in_minutes'],
        'is_all_day': ['boolean', 'is_all_day_event'],
        'is_child': 'boolean',
        'is_recurrence': 'boolean',
        'is_deleted': 'boolean',
    }, is_optional=true) }}
),

-- a task's date is a due date until it is ticked, and then a day: the earlier of the two
final as (
    select
        activity_id,
        account_id,
        who_id,
        what_id,
        who_key,
        what_key,
        owner_id,
        lower(coalesce(
            case when lower(task_subtype) <> 'task' then task_subtype end, type, 'task'
        )) as type,
        lower(call_type) as direction,
        case
            when activity_date is null and completed_at is null then created_at
            when activity_date is null or completed_at < {{ due_at }} then completed_at
            else {{ due_at }}
        end as occurred_at,
        case
            when activity_date is not null or completed_at is not null then 'date'
            else 'timestamp'
        end as occurred_precision,
        created_at,
        cast(call_seconds / 60 as int) as duration_minutes,
        case when not is_closed then 'scheduled' when is_closed then 'completed' end as status
    from tasks
    where not coalesce(is_deleted, false) and not coalesce(is_recurrence, false)
    union all
    select
        activity_id,
        account_id,
        who_id,
        what_id,
        who_key,
        what_key,
        owner_id,
        lower(coalesce(type, 'event')) as type,
        cast(null as {{ dbt.type_string() }}) as direction,
        coalesce(started_at, {{ due_at }}) as occurred_at,
        case
            when is_all_day or started_at is null then 'date' else 'timestamp'
        end as occurred_precision,
        created_at,
        cast(minutes as int) as duration_minutes,
        cast(null as {{ dbt.type_string() }}) as status
    from events
    where
        not coalesce(is_deleted, false)
        and not coalesce(is_recurrence, false)
        and not coalesce(is_child, false)
)

select * from final
