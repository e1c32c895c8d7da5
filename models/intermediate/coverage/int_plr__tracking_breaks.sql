with

value_months as (
    select
        event_month as month,
        sum(value_events) as n_events
    from {{ ref('int_plr__signal_months') }}
    group by 1
    having sum(value_events) > 0
),

-- the month after, even one without any value event
final as (
    select {{ plr_date_add('month', 1, 'value_months.month') }} as month
    from value_months
    left join value_months as next_months
        on {{ plr_date_add('month', 1, 'value_months.month') }} = next_months.month
    where
        {{ plr_date_add('month', 1, 'value_months.month') }} <= {{ plr_last_complete_month() }}
        and coalesce(next_months.n_events, 0)
        <= value_months.n_events * (1 - {{ var('plr_tracking_break_share') }})
)

select * from final
