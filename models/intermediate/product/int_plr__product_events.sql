{{ config(materialized='view') }}

with

events as (
    select * from {{ ref('stg_plr__product_events') }}
),

event_roles as (
    {{ plr_input('plr_event_roles') }}
),

activity_rules as (
    {{ plr_input('plr_activity_rules') }}
),

-- `role:usage` in a rule makes plain usage, listed or not, a signal
usage_rules as (
    select coalesce(max(case when event_name = 'role:usage' then 1 else 0 end), 0) as is_signal
    from activity_rules
    where is_active
),

-- signal events: every role but plain usage, and every name that an active rule counts
named_events as (
    select
        event_roles.event_name,
        case when event_roles.role in ('usage', 'value', 'breadth') then 1 else 0 end as is_usage,
        case
            when event_roles.role = 'usage' then usage_rules.is_signal
            when event_roles.role = 'ignore' then 0
            else 1
        end as is_signal
    from event_roles
    cross join usage_rules
    union all
    select
        event_name,
        cast(null as int) as is_usage,
        1 as is_signal
    from activity_rules
    where is_active
),

event_names as (
    select
        event_name,
        max(is_usage) as is_usage,
        max(is_signal) as is_signal
    from named_events
    group by 1
),

resolved as (
    select
        events.*,
        coalesce({{ plr_month_of('events.occurred_at') }}, cast('1900-01-01' as date))
            as event_month,
        owners.survivor_account_id as account_resolved,
        coalesce(event_names.is_signal, usage_rules.is_signal) = 1 as is_signal,
        coalesce(event_names.is_usage, 1) = 1 as is_usage,
        case
            when users.is_internal then 'internal'
            when events.row_code is not null then events.row_code
            when events.account_id is not null and owners.account_id is null
                then 'unmapped_account'
            when events.account_id is null and users.user_id is null then 'unmapped_user'
            when events.account_id is null and users.account_id is null then 'ambiguous_user'
            when owners.is_internal then 'internal'
        end as code_before_duplicates
    from events
    cross join usage_rules
    left join event_names
        on events.event_name = event_names.event_name
    left join {{ ref('int_plr__user_accounts') }} as users
        on
            events.user_id = users.user_id
            and (
                users.is_internal
                or (events.occurred_at >= users.valid_from and events.occurred_at < users.valid_to)
            )
    left join {{ ref('stg_plr__accounts') }} as owners
        on
            coalesce(events.account_id, users.account_id) = owners.account_id
            and owners.is_known
),

-- the key begins with what a filter reads, so that it reaches the raw events
counted as (
    select
        *,
        {% if var('plr_events_are_unique') %}
            1 as copy_number
        {% else %}
            row_number() over (
                partition by
                    occurred_at, event_id, account_resolved, code_before_duplicates
                order by {{ plr_latest_first('product_events', 'loaded_at') }}
            ) as copy_number
        {% endif %}
    from resolved
),

final as (
    select
        event_month,
        event_id,
        coalesce(account_resolved, '(unresolved)') as account_id,
        user_id,
        event_name,
        occurred_at,
        {{ plr_lo_us('occurred_at', "occurred_precision = 'date'") }} as lo_us,
        {{ plr_hi_us('occurred_at', "occurred_precision = 'date'") }} as hi_us,
        coalesce(event_count, 1) as event_count,
        coalesce(is_automated, false) as is_automated,
        is_signal,
        is_usage,
        case
            when code_before_duplicates is not null then code_before_duplicates
            when copy_number > 1 then 'duplicate_key'
        end as reject_code
    from counted
)

select * from final
