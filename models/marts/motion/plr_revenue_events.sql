with

final as (
    select
        events.event_id,
        events.account_id,
        accounts.account_name,
        events.stage,
        events.event_date,
        events.month,
        case
            when '{{ plr_var("plr_revenue_shape") }}' = 'snapshots' and events.stage <> 'retention'
                then 'month'
            else 'day'
        end as date_precision,
        {{ plr_money('events.amount_mrr') }} as amount_mrr,
        events.initiation,
        events.unobserved_reason,
        {{ plr_from_micros('events.signal_lo_us') }} as product_signal_at,
        events.signal_role as product_signal_role,
        {{ plr_from_micros('events.commercial_lo_us') }} as first_commercial_touch_at,
        {{ plr_from_micros('events.human_lo_us') }} as first_human_touch_at,
        events.touch_source as first_touch_source,
        events.touch_id as first_touch_id,
        events.touch_team as first_touch_team,
        events.window_start,
        events.window_end,
        origins.origin,
        events.segment
    from {{ ref('int_plr__revenue_events') }} as events
    inner join {{ ref('int_plr__origins') }} as origins
        on
            events.account_id = origins.subject_id
            and origins.subject_type = 'account'
            and origins.scenario = 'headline'
    left join {{ ref('int_plr__accounts') }} as accounts
        on events.account_id = accounts.account_id
)

select * from final
