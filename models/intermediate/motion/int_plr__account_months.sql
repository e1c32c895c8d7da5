-- the spine is bounded by each account's own life; usage before the first revenue month counts too
{#- A day lies in the window of its own month and of a few after it. -#}
{%- set later_months = range(var('plr_orphan_breadth_days') // 28 + 2) %}

with

months as (
    select * from {{ ref('int_plr__months') }}
),

usage_months as (
    select
        account_id,
        event_month as month,
        first_us,
        usage_events,
        active_users
    from {{ ref('int_plr__event_months') }}
    where reject_code is null
),

signal_months as (
    select * from {{ ref('int_plr__signal_months') }}
),

event_roles as (
    {{ plr_input('plr_event_roles') }}
),

breadth_names as (
    select distinct event_name
    from event_roles
    where role = 'breadth'
),

-- where no event names a user, nobody knows how many are active
people as (
    select case when max(active_users) > 0 then 0 end as nobody
    from usage_months
),

evidence as (
    select
        account_id,
        month
    from usage_months
    union all
    select
        account_id,
        {{ plr_month_of(plr_from_micros('lo_us')) }} as month
    from {{ ref('int_plr__sales_touches') }}
    where source = 'activity' or is_human_touch
    union all
    select
        account_id,
        first_paid_month as month
    from {{ ref('int_plr__first_payments') }}
),

first_months as (
    select
        account_id,
        min(month) as first_month
    from evidence
    group by 1
),

numbers as (
    {{ dbt_utils.generate_series(1200) }}
),

calendar as (
    select
        {{ plr_date_add('month', 'cast(1 - numbers.generated_number as int)', 'months.month') }}
            as month
    from numbers
    cross join months
    where months.is_last
),

month_ends as (
    select
        month,
        {{ dbt.last_day('month', 'month') }} as month_end
    from calendar
),

lives as (
    select
        first_months.account_id,
        calendar.month
    from first_months
    inner join calendar
        on first_months.first_month <= calendar.month
),

-- three months, the three before, and the same quarter a year ago
trends as (
    select
        lives.account_id,
        lives.month,
        coalesce(usage_months.usage_events, 0) as usage_events,
        coalesce(usage_months.active_users, 0) + people.nobody as active_users,
        cast(
            coalesce(sum(usage_months.usage_events) over (
                partition by lives.account_id order by lives.month
                rows between 2 preceding and current row
            ), 0) as bigint
        ) as usage_now,
        cast(
            coalesce(sum(usage_months.usage_events) over (
                partition by lives.account_id order by lives.month
                rows between 5 preceding and 3 preceding
            ), 0) as bigint
        ) as usage_before,
        cast(
            coalesce(sum(usage_months.usage_events) over (
                partition by lives.account_id order by lives.month
                rows between 14 preceding and 12 preceding
            ), 0) as bigint
        ) as usage_year_ago,
        cast(
            coalesce(sum(usage_months.active_users) over (
                partition by lives.account_id order by lives.month
                rows between 2 preceding and current row
            ), 0) as bigint
        ) + people.nobody as user_months_now,
        cast(
            coalesce(sum(usage_months.active_users) over (
                partition by lives.account_id order by lives.month
                rows between 5 preceding and 3 preceding
            ), 0) as bigint
        ) + people.nobody as user_months_before,
        cast(
            coalesce(sum(signal_months.value_events) over (
                partition by lives.account_id order by lives.month
                rows between 2 preceding and current row
            ), 0) as bigint
        ) as value_now,
        cast(
            coalesce(sum(signal_months.value_events) over (
                partition by lives.account_id order by lives.month
                rows between 5 preceding and 3 preceding
            ), 0) as bigint
        ) as value_before,
        cast(
            coalesce(sum(signal_months.value_events) over (
                partition by lives.account_id order by lives.month
                rows between 14 preceding and 12 preceding
            ), 0) as bigint
        ) as value_year_ago
    from lives
    cross join people
    left join usage_months
        on
            lives.account_id = usage_months.account_id
            and lives.month = usage_months.month
    left join signal_months
        on
            lives.account_id = signal_months.account_id
            and lives.month = signal_months.event_month
),

later_months as (
    {% for number in later_months %}
        select {{ number }} as months_later
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- a use case is new to an account when first used lately, by enough of its people
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

new_use_cases as (
    select
        use_cases.account_id,
        use_cases.month,
        count(*) as new_use_cases
    from dated_use_cases as use_cases
    inner join month_ends
        on use_cases.month = month_ends.month
    where
        use_cases.adopted_date <= month_ends.month_end
        and {{ dbt.datediff('use_cases.first_date', 'month_ends.month_end', 'day') }}
        < {{ var('plr_orphan_breadth_days') }}
    group by 1, 2
),

-- seats: what the account is entitled to, else what its subscriptions say
entitled_seats as (
    select
        entitlements.account_id,
        months.month,
        entitlements.limit_quantity as seats,
        row_number() over (
            partition by entitlements.account_id, months.month
            order by entitlements.valid_from desc, entitlements.limit_quantity desc
        ) as entitlement_number
    from {{ ref('stg_plr__entitlements') }} as entitlements
    inner join months
        on
            entitlements.valid_from <= months.month_end
            and (entitlements.valid_to is null or entitlements.valid_to > months.month_end)
    where entitlements.reject_code is null and entitlements.metric = 'seats'
),

subscribed_seats as (
    select
        intervals.account_id,
        months.month,
        sum(intervals.seats) as seats
    from {{ ref('int_plr__mrr_intervals') }} as intervals
    inner join months
        on
            intervals.valid_from <= months.month_end
            and (intervals.valid_to is null or intervals.valid_to > months.month_end)
    where intervals.seats is not null
    group by 1, 2
),

mrr_months as (
    select
        account_id,
        month,
        sum({{ plr_converted('local_mrr', 'rate') }}) as mrr
    from {{ ref('int_plr__mrr_months') }}
    group by 1, 2
),

measured as (
    select
        trends.account_id,
        accounts.segment,
        trends.month,
        months.month_end,
        months.month_end_us,
        months.is_last,
        payments.first_paid_month,
        {{ plr_money('coalesce(mrr_months.mrr, 0)') }} as closing_mrr,
        cast(
            coalesce(entitled_seats.seats, subscribed_seats.seats) as {{ dbt.type_numeric() }}
        ) as seats,
        trends.active_users,
        trends.usage_now,
        trends.usage_before,
        trends.usage_year_ago,
        trends.user_months_now,
        trends.user_months_before,
        trends.value_now,
        trends.value_before,
        trends.value_year_ago,
        coalesce(signal_months.value_events_waiting, 0) as value_events_waiting,
        coalesce(signal_months.value_users_waiting, 0) as value_users_waiting,
        coalesce(signal_months.value_events_active, 0) as value_events_active,
        coalesce(signal_months.value_events_unproven, 0) as value_events_unproven,
        coalesce(signal_months.limit_events, 0) as limit_events,
        coalesce(signal_months.limit_days, 0) as limit_days,
        coalesce(new_use_cases.new_use_cases, 0) as new_use_cases
    from trends
    inner join {{ ref('int_plr__accounts') }} as accounts
        on trends.account_id = accounts.account_id
    inner join months
        on trends.month = months.month
    left join {{ ref('int_plr__first_payments') }} as payments
        on trends.account_id = payments.account_id
    left join mrr_months
        on
            trends.account_id = mrr_months.account_id
            and trends.month = mrr_months.month
    left join entitled_seats
        on
            trends.account_id = entitled_seats.account_id
            and trends.month = entitled_seats.month
            and entitled_seats.entitlement_number = 1
    left join subscribed_seats
        on
            trends.account_id = subscribed_seats.account_id
            and trends.month = subscribed_seats.month
    left join signal_months
        on
            trends.account_id = signal_months.account_id
            and trends.month = signal_months.event_month
    left join new_use_cases
        on
            trends.account_id = new_use_cases.account_id
            and trends.month = new_use_cases.month
),

final as (
    select
        *,
        {{ plr_ratio('active_users', 'seats') }} as utilisation,
        lag(seats) over (partition by account_id order by month) as previous_seats,
        lag({{ plr_ratio('active_users', 'seats') }}) over (
            partition by account_id order by month
        ) as previous_utilisation
    from measured
)

select * from final
