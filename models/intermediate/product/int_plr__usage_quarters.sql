{{ config(materialized='incremental', **plr_by_month()) }}
{#- A month counts in its own quarter and in those that end one and two months later. -#}
{%- set months = plr_months_around(plr_months_of_this_run(rests_on_rules=true), 0, 2) -%}
{%- set counted_months = plr_months_around(months, -2, 0) %}

with

counted as (
    select
        account_id,
        event_month,
        usage_events,
        active_users,
        0 as value_events
    from {{ ref('int_plr__event_months') }}
    where
        reject_code is null
        and usage_day is null
        and {{ plr_is_in_months('event_month', counted_months) }}
    union all
    select
        account_id,
        event_month,
        0 as usage_events,
        0 as active_users,
        value_events
    from {{ ref('int_plr__signal_months') }}
    where value_events > 0 and {{ plr_is_in_months('event_month', counted_months) }}
),

later_months as (
    {% for number in range(3) %}
        select {{ number }} as months_later
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

dated as (
    select
        counted.*,
        later_months.months_later,
        {{ plr_date_add('month', 'later_months.months_later', 'counted.event_month') }}
            as quarter_month
    from counted
    cross join later_months
),

-- a month that lost its last event leaves a row, too, or what stood there would stay
final as (
    select
        quarter_month as event_month,
        account_id,
        cast(sum(usage_events) as bigint) as usage_events,
        cast(sum(active_users) as bigint) as user_months,
        cast(sum(value_events) as bigint) as value_events,
        cast(sum(case when months_later = 0 then active_users else 0 end) as bigint)
            as active_users,
        cast(sum(case when months_later = 1 then active_users else 0 end) as bigint)
            as previous_active_users
    from dated
    where
        quarter_month <= {{ plr_month_of(plr_as_of()) }}
        and {{ plr_is_in_months('quarter_month', months) }}
    group by 1, 2
    {% for month in plr_months_to_empty(months) -%}
        union all
        select
            cast('{{ month }}' as date) as event_month,
            cast(null as {{ dbt.type_string() }}) as account_id,
            cast(0 as bigint) as usage_events,
            cast(0 as bigint) as user_months,
            cast(0 as bigint) as value_events,
            cast(0 as bigint) as active_users,
            cast(0 as bigint) as previous_active_users
    {% endfor -%}
)

select * from final
