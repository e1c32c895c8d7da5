with

event_roles as (
    {{ plr_input('plr_event_roles') }}
),

value_names as (
    select distinct event_name
    from event_roles
    where role = 'value'
),

value_months as (
    select
        events.event_month as month,
        sum(events.event_count) as n_events
    from {{ ref('int_plr__signal_events') }} as events
    inner join value_names
        on events.event_name = value_names.event_name
    where events.reject_code is null and not events.is_automated
    group by 1
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
