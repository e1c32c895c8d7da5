{{ config(
    materialized='incremental',
    incremental_strategy=plr_replace_months(),
    unique_key='event_month',
    partition_by=plr_month_partitions(),
) }}

-- built after the other reader of raw events, which looks up here what to read anew
-- depends_on: {{ ref('int_plr__signal_events') }}
with

events as (
    select * from {{ ref('int_plr__product_events') }}
    {{ plr_recent_events() }}
),

final as (
    select
        event_month,
        account_id,
        reject_code,
        count(*) as event_rows,
        sum(case when is_signal then 1 else 0 end) as signal_rows,
        min(lo_us) as first_us,
        max(lo_us) as last_us,
        min(case when not is_automated then lo_us end) as first_by_person_us,
        min(case when not is_automated then hi_us end) as first_by_person_hi_us,
        sum(case when is_usage and not is_automated then event_count else 0 end) as usage_events,
        count(distinct case when is_usage and not is_automated then user_id end) as active_users
    from events
    group by 1, 2, 3
)

select * from final
