{{ config(materialized='view') }}

-- three months, the three before, and the same quarter a year ago
with

usage_months as (
    select
        account_id,
        event_month as month,
        usage_events,
        active_users,
        case when first_by_person_us is not null then event_month end as person_month
    from {{ ref('int_plr__event_months') }}
    where reject_code is null and usage_day is null
),

-- where no event names a user, nobody knows how many are active
people as (
    select case when max(active_users) > 0 then 0 end as nobody
    from usage_months
),

counted as (
    select
        lives.account_id,
        lives.month,
        usage_months.usage_events,
        usage_months.active_users,
        usage_months.person_month,
        signal_months.value_events,
        people.nobody
    from {{ ref('int_plr__account_lives') }} as lives
    cross join people
    left join usage_months
        on
            lives.account_id = usage_months.account_id
            and lives.month = usage_months.month
    left join {{ ref('int_plr__signal_months') }} as signal_months
        on
            lives.account_id = signal_months.account_id
            and lives.month = signal_months.event_month
),

final as (
    select
        account_id,
        month,
        min(person_month) over (partition by account_id) as first_event_month,
        coalesce(active_users, 0) + nobody as active_users,
        lag(coalesce(active_users, 0) + nobody) over (partition by account_id order by month)
            as previous_active_users,
        {{ plr_count_of_months('usage_events', 'account_id', 'month', 2) | indent(8) }}
            as usage_now,
        {{ plr_count_of_months('usage_events', 'account_id', 'month', 5, 3) | indent(8) }}
            as usage_before,
        {{ plr_count_of_months('usage_events', 'account_id', 'month', 14, 12) | indent(8) }}
            as usage_year_ago,
        {{ plr_count_of_months('active_users', 'account_id', 'month', 2) | indent(8) }}
        + nobody as user_months_now,
        {{ plr_count_of_months('active_users', 'account_id', 'month', 5, 3) | indent(8) }}
        + nobody as user_months_before,
        {{ plr_count_of_months('value_events', 'account_id', 'month', 2) | indent(8) }}
            as value_now,
        {{ plr_count_of_months('value_events', 'account_id', 'month', 5, 3) | indent(8) }}
            as value_before,
        {{ plr_count_of_months('value_events', 'account_id', 'month', 14, 12) | indent(8) }}
            as value_year_ago
    from counted
)

select * from final
