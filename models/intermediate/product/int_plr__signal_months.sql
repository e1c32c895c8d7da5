-- long, since all measures are taken in one reading of the signals
{{ config(materialized='incremental', **plr_by_month()) }}
{#- A day lies in the windows of its own month and of a few after it. -#}
{%- set last_later = plr_signal_windows() | max // 28 + 1 -%}
{%- set months = plr_months_around(plr_months_of_this_run(rests_on_rules=true), 0, last_later) -%}
{%- set signal_months = plr_months_around(months, -last_later, 0) -%}
{#- Where all is found anew, months of which nothing is left are emptied: windows were longer. -#}
{%- set months_before = plr_months_to_empty(months) if months is none else [] %}

with

named_roles as (
    select distinct
        event_name,
        role
    from {{ ref('stg_plr__event_roles') }}
    where role in ('value', 'limit', 'prompt', 'intent', 'commercial_action')
),

signal_events as (
    select *
    from {{ ref('int_plr__signal_events') }}
    where {{ plr_is_in_months('event_month', signal_months) }}
),

signal_days as (
    select
        events.account_id,
        named_roles.role,
        events.event_month,
        cast(events.occurred_at as date) as event_date,
        sum(events.event_count) as events,
        max(events.lo_us) as last_us
    from signal_events as events
    inner join named_roles
        on events.event_name = named_roles.event_name
    where events.reject_code is null and not events.is_automated
    group by 1, 2, 3, 4
),

signal_month_list as (
    select distinct event_month
    from signal_events
),

later_months as (
    {% for number in range(last_later + 1) %}
        select {{ number }} as months_later
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- every month read, so that one without any more signals replaces what stood there
month_ends as (
    select
        months.event_month as signal_month,
        later_months.months_later,
        {{ plr_date_add('month', 'later_months.months_later', 'months.event_month') }}
            as event_month
    from signal_month_list as months
    cross join later_months
    {% for month in months_before -%}
        union all
        select
            cast(null as date) as signal_month,
            0 as months_later,
            cast('{{ month }}' as date) as event_month
    {% endfor -%}
),

dated_days as (
    select
        month_ends.event_month,
        month_ends.months_later,
        signal_days.account_id,
        signal_days.role,
        signal_days.events,
        signal_days.last_us,
        {{ dbt.datediff(
            'signal_days.event_date',
            dbt.last_day('month_ends.event_month', 'month'),
            'day'
        ) }} as days_ago
    from month_ends
    left join signal_days
        on
            month_ends.signal_month = signal_days.event_month
            and (month_ends.months_later = 0 or signal_days.role in ('value', 'limit'))
),

measured as (
    select
        event_month,
        account_id,
        sum(
            case
                when role = 'value' and days_ago < {{ var('plr_black_hole_value_days') }}
                    then events
                else 0
            end
        ) as value_events_waiting,
        sum(
            case
                when role = 'value' and days_ago < {{ var('plr_passive_value_days') }}
                    then events
                else 0
            end
        ) as value_events_active,
        sum(
            case
                when role = 'value' and days_ago < {{ var('plr_hollow_unproven_days') }}
                    then events
                else 0
            end
        ) as value_events_unproven,
        sum(case when role = 'value' and months_later = 0 then events else 0 end) as value_events,
        sum(
            case
                when role = 'limit' and days_ago < {{ var('plr_orphan_limit_days') }} then events
                else 0
            end
        ) as limit_events,
        sum(
            case
                when role = 'limit' and days_ago < {{ var('plr_orphan_limit_days') }} then 1
                else 0
            end
        ) as limit_days,
        max(case when role = 'commercial_action' and months_later = 0 then last_us end)
            as commercial_action_us,
        max(case when role = 'intent' and months_later = 0 then last_us end) as intent_us,
        max(case when role = 'prompt' and months_later = 0 then last_us end) as prompt_us
    from dated_days
    where {{ plr_is_in_months('event_month', months) }}
    group by 1, 2
),

-- whether a user found value in a window up to a month's end, a month's last day of it tells
value_users as (
    select
        events.account_id,
        events.user_id,
        events.event_month,
        max(cast(events.occurred_at as date)) as last_date
    from signal_events as events
    inner join named_roles
        on events.event_name = named_roles.event_name
    where
        events.reject_code is null
        and not events.is_automated
        and events.user_id is not null
        and named_roles.role = 'value'
    group by 1, 2, 3
),

users_waiting as (
    select
        month_ends.event_month,
        value_users.account_id,
        count(distinct value_users.user_id) as value_users
    from month_ends
    inner join value_users
        on month_ends.signal_month = value_users.event_month
    where {{ dbt.datediff(
        'value_users.last_date',
        dbt.last_day('month_ends.event_month', 'month'),
        'day'
    ) }} < {{ var('plr_black_hole_value_days') }}
    group by 1, 2
),

final as (
    select
        measured.*,
        coalesce(users_waiting.value_users, 0) as value_users_waiting
    from measured
    left join users_waiting
        on
            measured.account_id = users_waiting.account_id
            and measured.event_month = users_waiting.event_month
)

select * from final
