{{ config(materialized='view') }}

with

feeds as (
    select
        max(case when feed = 'crm' then tracking_start_us end) as crm_start_us,
        max(case when feed = 'product_events' then tracking_start_us end) as events_start_us,
        max(case when feed = 'crm' then last_us end) as crm_last_us,
        max(case when feed = 'product_events' then stale_from_us end) as events_stale_from_us,
        min(stale_from_us) as stale_from_us
    from {{ ref('int_plr__feeds') }}
),

roles as (
    select
        coalesce(max(case when role = 'value' then 1 else 0 end), 0) = 1 as has_value_role,
        coalesce(max(case when role = 'limit' then 1 else 0 end), 0) = 1 as has_limit_role,
        coalesce(max(case when role = 'breadth' then 1 else 0 end), 0) = 1 as has_breadth_role
    from {{ ref('stg_plr__event_roles') }}
),

final as (
    select
        feeds.crm_start_us,
        feeds.events_start_us,
        feeds.crm_last_us,
        feeds.events_stale_from_us,
        feeds.stale_from_us,
        roles.has_value_role,
        roles.has_limit_role,
        roles.has_breadth_role
    from feeds
    cross join roles
)

select * from final
