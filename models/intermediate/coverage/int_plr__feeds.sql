with

crm_rows as (
    select
        1 as activities,
        lo_us
    from {{ ref('int_plr__crm_activities') }}
    union all
    select
        0 as activities,
        lo_us
    from {{ ref('int_plr__opportunities') }}
),

ranges as (
    select
        'product_events' as feed,
        min(first_us) as first_us,
        max(last_us) as last_us,
        count(*) as proving_rows
    from {{ ref('int_plr__event_months') }}
    where reject_code is null and usage_day is null
    union all
    select
        'crm' as feed,
        min(lo_us) as first_us,
        max(lo_us) as last_us,
        coalesce(sum(activities), 0) as proving_rows
    from crm_rows
),

-- a feed without a row covers nothing, whatever a var says, and can't be stale; opportunities
-- without activities are none
final as (
    select
        feed,
        last_us,
        case
            when proving_rows = 0 then null
            when feed = 'crm'
                then {{ plr_complete_from_us(plr_var('plr_crm_tracking_start'), 'first_us') }}
            else {{ plr_complete_from_us(plr_var('plr_event_tracking_start'), 'first_us') }}
        end as tracking_start_us,
        case
            when
                proving_rows > 0
                and {{ dbt.datediff(
                    'cast(' ~ plr_from_micros('last_us') ~ ' as date)', plr_as_of(), 'day'
                ) }} > {{ var('plr_stale_feed_days') }}
                then last_us
        end as stale_from_us
    from ranges
)

select * from final
