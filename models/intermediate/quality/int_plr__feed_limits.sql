{{ config(materialized='view') }}

-- between when and when the absence of a touch or an event means that there was none
with

feeds as (
    select
        feed,
        tracking_start_us,
        case
            when
                {{ dbt.datediff(
                    'cast(' ~ plr_from_micros('last_us') ~ ' as date)', plr_as_of(), 'day'
                ) }} > {{ var('plr_stale_feed_days') }}
                then last_us
        end as stale_from_us
    from {{ ref('int_plr__feeds') }}
),

final as (
    select
        max(case when feed = 'crm' then tracking_start_us end) as crm_start_us,
        min(stale_from_us) as stale_from_us
    from feeds
)

select * from final
