with

measured as (
    select
        trends.account_id,
        accounts.ultimate_parent_id,
        accounts.segment,
        trends.month,
        months.month_end,
        months.month_end_us,
        months.is_last,
        payments.first_paid_month,
        coalesce(
            payments.first_paid_date, {{ dbt.last_day('payments.first_paid_month', 'month') }}
        ) as first_paid_date,
        {{ plr_money('coalesce(account_mrr.mrr, 0)') }} as closing_mrr,
        seat_months.seats,
        trends.first_event_month,
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
        coalesce(use_cases.new_use_cases, 0) as new_use_cases,
        {{ plr_ratio('trends.active_users', 'seat_months.seats') }} as utilisation
    from {{ ref('int_plr__usage_trends') }} as trends
    inner join {{ ref('int_plr__accounts') }} as accounts
        on trends.account_id = accounts.account_id
    inner join {{ ref('int_plr__months') }} as months
        on trends.month = months.month
    left join {{ ref('int_plr__first_payments') }} as payments
        on trends.account_id = payments.account_id
    left join {{ ref('int_plr__account_mrr') }} as account_mrr
        on
            trends.account_id = account_mrr.account_id
            and trends.month = account_mrr.month
    left join {{ ref('int_plr__seat_months') }} as seat_months
        on
            trends.account_id = seat_months.account_id
            and trends.month = seat_months.month
    left join {{ ref('int_plr__signal_months') }} as signal_months
        on
            trends.account_id = signal_months.account_id
            and trends.month = signal_months.event_month
    left join {{ ref('int_plr__use_case_months') }} as use_cases
        on
            trends.account_id = use_cases.account_id
            and trends.month = use_cases.month
),

final as (
    select
        *,
        lag(seats) over (partition by account_id order by month) as previous_seats,
        lag(utilisation) over (partition by account_id order by month) as previous_utilisation
    from measured
)

select * from final
