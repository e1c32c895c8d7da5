with

history as (
    select min(month) as first_month
    from {{ ref('int_plr__months') }}
    where has_history
),

final as (
    select
        index_months.month,
        index_months.scope,
        index_months.scope_value,
        index_months.stage,
        index_months.n_events,
        index_months.n_observed,
        index_months.total_amount,
        index_months.observed_amount,
        index_months.product_initiated_amount,
        index_months.product_sourced_amount,
        index_months.human_initiated_amount,
        index_months.stages_weighed,
        index_months.weighed_stages,
        index_months.left_out_stages,
        index_months.product_started_share,
        index_months.product_carried_share,
        index_months.human_started_share,
        index_months.coverage_share,
        index_months.plr_index,
        cast(
            {{ dbt.datediff('history.first_month', 'index_months.month', 'month') }}
            + 1 as int
        ) as months_of_history
    from {{ ref('int_plr__index_months') }} as index_months
    cross join history
)

select * from final
