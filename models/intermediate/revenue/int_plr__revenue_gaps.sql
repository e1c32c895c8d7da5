{{ config(materialized='view') }}

with

missing_rates as (
    select
        'missing_fx' as code,
        currency,
        month,
        count(*) as affected_rows
    from {{ ref('int_plr__mrr_months') }}
    where rate is null
    group by 2, 3
),

missing_snapshots as (
    select
        'missing_snapshot_month' as code,
        'any' as currency,
        month,
        1 as affected_rows
    from {{ ref('int_plr__months') }}
    where not is_loaded
),

final as (
    select * from missing_rates
    union all
    select * from missing_snapshots
)

select * from final
