{{ config(materialized='view') }}
{%- set is_date_only = plr_states_a_day('events.occurred_precision') %}

with

event_names as (
    select * from {{ ref('int_plr__event_names') }}
),

unlisted as (
    select * from event_names
    where event_name = '(unlisted)'
),

events as (
    select * from {{ ref('stg_plr__product_events') }}
),

final as (
    select
        coalesce({{ plr_month_of('events.occurred_at') }}, cast('1900-01-01' as date))
            as event_month,
        {{ plr_event_key_of('events.event_id', 'events.occurred_at') }} as event_key,
        events.event_id,
        events.occurred_at,
        events.event_name,
        events.account_id,
        events.user_id,
        events.event_count,
        events.occurred_precision,
        events.is_automated,
        events.loaded_at,
        events.row_code,
        {{ plr_lo_us_of('events.occurred_at', is_date_only) | indent(8) }} as lo_us,
        {{ plr_hi_us_of('events.occurred_at', is_date_only) | indent(8) }} as hi_us,
        coalesce(event_names.is_signal, unlisted.is_signal) as is_signal,
        coalesce(event_names.is_usage, unlisted.is_usage) as is_usage
    from events
    cross join unlisted
    left join event_names
        on events.event_name = event_names.event_name
)

select * from final
