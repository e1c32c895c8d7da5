{{ config(materialized='view') }}
{#- A day lies in the window of its own month and of a few after it. -#}
{%- set later_months = range(var('plr_orphan_breadth_days') // 28 + 2) %}

-- a use case is new to an account when first used lately, by enough of its people
with

breadth_names as (
    select distinct event_name
    from {{ ref('stg_plr__event_roles') }}
    where role = 'breadth'
),

first_uses as (
    select
        events.account_id,
        events.event_name,
        events.user_id,
        min(cast(events.occurred_at as date)) as event_date
    from {{ ref('int_plr__signal_events') }} as events
    inner join breadth_names
        on events.event_name = breadth_names.event_name
    where events.reject_code is null and not events.is_automated
    group by 1, 2, 3
),

ranked_users as (
    select
        account_id,
        event_name,
        event_date,
        row_number() over (
            partition by
                account_id, event_name, case when user_id is null then 1 else 0 end
            order by event_date
        ) * case when user_id is null then 0 else 1 end as user_number
    from first_uses
),

use_cases as (
    select
        account_id,
        event_name,
        min(event_date) as first_date,
        min(case when user_number = {{ var('plr_orphan_breadth_users') }} then event_date end)
            as adopted_date
    from ranked_users
    group by 1, 2
),

later_months as (
    {% for number in later_months %}
        select {{ number }} as months_later
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

dated_use_cases as (
    select
        use_cases.account_id,
        use_cases.first_date,
        use_cases.adopted_date,
        {{ plr_date_add(
            'month', 'later_months.months_later', plr_month_of('use_cases.first_date')
        ) }} as month
    from use_cases
    cross join later_months
),

final as (
    select
        use_cases.account_id,
        use_cases.month,
        count(*) as new_use_cases
    from dated_use_cases as use_cases
    inner join {{ ref('int_plr__months') }} as months
        on use_cases.month = months.month
    where
        use_cases.adopted_date <= months.month_end
        and {{ dbt.datediff('use_cases.first_date', 'months.month_end', 'day') }}
        < {{ var('plr_orphan_breadth_days') }}
    group by 1, 2
)

select * from final
