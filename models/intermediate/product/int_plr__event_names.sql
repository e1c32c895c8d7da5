{{ config(materialized='view') }}

with

event_roles as (
    select * from {{ ref('stg_plr__event_roles') }}
),

activity_rules as (
    select * from {{ ref('stg_plr__activity_rules') }}
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
    union all
    select
        '(unlisted)' as event_name,
        1 as is_usage,
        is_signal
    from usage_rules
),

final as (
    select
        event_name,
        coalesce(max(is_usage), 1) = 1 as is_usage,
        max(is_signal) = 1 as is_signal
    from named_events
    group by 1
)

select * from final
