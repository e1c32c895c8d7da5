with

-- where no event names a user, nobody knows how many are active
people as (
    select case when max(user_months) > 0 then 0 end as nobody
    from {{ ref('int_plr__usage_quarters') }}
),

lives as (
    select
        lives.account_id,
        accounts.ultimate_parent_id,
        accounts.segment,
        lives.first_month,
        lives.first_event_month,
        payments.first_paid_month,
        coalesce(
            payments.first_paid_date, {{ dbt.last_day('payments.first_paid_month', 'month') }}
        ) as first_paid_date,
        evidence.activity_lo_us
    from {{ ref('int_plr__account_lives') }} as lives
    inner join {{ ref('int_plr__accounts') }} as accounts
        on lives.account_id = accounts.account_id
    left join {{ ref('int_plr__first_payments') }} as payments
        on lives.account_id = payments.account_id
    left join {{ ref('int_plr__origin_readings') }} as evidence
        on
            lives.account_id = evidence.account_id
            and evidence.subject_type = 'account'
            and evidence.contact_time = 'occurred'
),

-- most accounts of a product are free workspaces: their months count from the first activity or
-- payment on or where seats are known, and the last does in any case
counted as (
    select
        lives.*,
        months.month,
        months.month_end,
        months.month_end_us,
        months.is_last,
        seat_months.seats
    from lives
    inner join {{ ref('int_plr__months') }} as months
        on lives.first_month <= months.month
    left join {{ ref('int_plr__seat_months') }} as seat_months
        on
            lives.account_id = seat_months.account_id
            and months.month = seat_months.month
    where
        months.is_last
        or lives.first_paid_month <= months.month
        or lives.activity_lo_us <= months.month_end_us
        or seat_months.seats is not null
),

asked as (
    select
        *,
        case
            when
                lag(month) over (partition by account_id order by month)
                = {{ plr_date_add('month', -1, 'month') }}
                then lag(seats) over (partition by account_id order by month)
        end as previous_seats
    from counted
),

final as (
    select
        asked.account_id,
        asked.ultimate_parent_id,
        asked.segment,
        asked.month,
        asked.month_end,
        asked.month_end_us,
        asked.is_last,
        asked.first_paid_month,
        asked.first_paid_date,
        {{ plr_money('coalesce(account_mrr.mrr, 0)') }} as closing_mrr,
        asked.seats,
        asked.previous_seats,
        asked.first_event_month,
        coalesce(quarters.active_users, 0) + people.nobody as active_users,
        coalesce(quarters.usage_events, 0) as usage_now,
        coalesce(quarters_before.usage_events, 0) as usage_before,
        coalesce(quarters_year_ago.usage_events, 0) as usage_year_ago,
        coalesce(quarters.user_months, 0) + people.nobody as user_months_now,
        coalesce(quarters_before.user_months, 0) + people.nobody as user_months_before,
        coalesce(quarters.value_events, 0) as value_now,
        coalesce(quarters_before.value_events, 0) as value_before,
        coalesce(quarters_year_ago.value_events, 0) as value_year_ago,
        coalesce(signal_months.value_events_waiting, 0) as value_events_waiting,
        coalesce(signal_months.value_users_waiting, 0) as value_users_waiting,
        coalesce(signal_months.value_events_active, 0) as value_events_active,
        coalesce(signal_months.value_events_unproven, 0) as value_events_unproven,
        coalesce(signal_months.limit_events, 0) as limit_events,
        coalesce(signal_months.limit_days, 0) as limit_days,
        coalesce(use_cases.new_use_cases, 0) as new_use_cases,
        {{ plr_ratio('coalesce(quarters.active_users, 0) + people.nobody', 'asked.seats') }}
            as utilisation,
        {{ plr_ratio(
            'coalesce(quarters.previous_active_users, 0) + people.nobody', 'asked.previous_seats'
        ) }} as previous_utilisation
    from asked
    cross join people
    left join {{ ref('int_plr__usage_quarters') }} as quarters
        on
            asked.account_id = quarters.account_id
            and asked.month = quarters.event_month
    left join {{ ref('int_plr__usage_quarters') }} as quarters_before
        on
            asked.account_id = quarters_before.account_id
            and {{ plr_date_add('month', -3, 'asked.month') }} = quarters_before.event_month
    left join {{ ref('int_plr__usage_quarters') }} as quarters_year_ago
        on
            asked.account_id = quarters_year_ago.account_id
            and {{ plr_date_add('month', -12, 'asked.month') }} = quarters_year_ago.event_month
    left join {{ ref('int_plr__account_mrr') }} as account_mrr
        on
            asked.account_id = account_mrr.account_id
            and asked.month = account_mrr.month
    left join {{ ref('int_plr__signal_months') }} as signal_months
        on
            asked.account_id = signal_months.account_id
            and asked.month = signal_months.event_month
    left join {{ ref('int_plr__use_case_months') }} as use_cases
        on
            asked.account_id = use_cases.account_id
            and asked.month = use_cases.month
)

select * from final
