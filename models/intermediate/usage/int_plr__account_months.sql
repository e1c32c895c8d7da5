with

-- most accounts of a product are free workspaces: their months count from the first activity or
-- payment on or where seats are known, and the last does in any case
asked as (
    select
        trends.*,
        months.month_end,
        months.month_end_us,
        months.is_last,
        payments.first_paid_month,
        payments.first_paid_date,
        seat_months.seats,
        case
            when
                lag(trends.month) over (partition by trends.account_id order by trends.month)
                = {{ plr_date_add('month', -1, 'trends.month') }}
                then
                    lag(seat_months.seats) over (
                        partition by trends.account_id order by trends.month
                    )
        end as previous_seats
    from {{ ref('int_plr__usage_trends') }} as trends
    inner join {{ ref('int_plr__months') }} as months
        on trends.month = months.month
    left join {{ ref('int_plr__first_payments') }} as payments
        on trends.account_id = payments.account_id
    left join {{ ref('int_plr__origin_readings') }} as evidence
        on
            trends.account_id = evidence.account_id
            and evidence.subject_type = 'account'
            and evidence.contact_time = 'occurred'
    left join {{ ref('int_plr__seat_months') }} as seat_months
        on
            trends.account_id = seat_months.account_id
            and trends.month = seat_months.month
    where
        months.is_last
        or payments.first_paid_month <= months.month
        or evidence.activity_lo_us <= months.month_end_us
        or seat_months.seats is not null
),

final as (
    select
        asked.account_id,
        accounts.ultimate_parent_id,
        accounts.segment,
        asked.month,
        asked.month_end,
        asked.month_end_us,
        asked.is_last,
        asked.first_paid_month,
        coalesce(asked.first_paid_date, {{ dbt.last_day('asked.first_paid_month', 'month') }})
            as first_paid_date,
        {{ plr_money('coalesce(account_mrr.mrr, 0)') }} as closing_mrr,
        asked.seats,
        asked.previous_seats,
        asked.first_event_month,
        asked.active_users,
        asked.usage_now,
        asked.usage_before,
        asked.usage_year_ago,
        asked.user_months_now,
        asked.user_months_before,
        asked.value_now,
        asked.value_before,
        asked.value_year_ago,
        coalesce(signal_months.value_events_waiting, 0) as value_events_waiting,
        coalesce(signal_months.value_users_waiting, 0) as value_users_waiting,
        coalesce(signal_months.value_events_active, 0) as value_events_active,
        coalesce(signal_months.value_events_unproven, 0) as value_events_unproven,
        coalesce(signal_months.limit_events, 0) as limit_events,
        coalesce(signal_months.limit_days, 0) as limit_days,
        coalesce(use_cases.new_use_cases, 0) as new_use_cases,
        {{ plr_ratio('asked.active_users', 'asked.seats') }} as utilisation,
        {{ plr_ratio('asked.previous_active_users', 'asked.previous_seats') }}
            as previous_utilisation
    from asked
    inner join {{ ref('int_plr__accounts') }} as accounts
        on asked.account_id = accounts.account_id
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
