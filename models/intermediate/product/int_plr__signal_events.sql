{{ config(
    materialized='incremental',
    incremental_strategy=plr_replace_months(),
    unique_key='event_month',
    partition_by=plr_month_partitions(),
) }}

with

events as (
    select * from {{ ref('int_plr__product_events') }}
    {{ plr_recent_events() }}
),

final as (
    select
        event_month,
        event_id,
        account_id,
        user_id,
        event_name,
        occurred_at,
        lo_us,
        hi_us,
        event_count,
        is_automated,
        reject_code
    from events
    where is_signal
)

select * from final
