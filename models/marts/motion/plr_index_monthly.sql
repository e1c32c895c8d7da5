with

final as (
    select
        month,
        scope,
        scope_value,
        stage,
        n_events,
        n_observed,
        total_amount,
        observed_amount,
        product_initiated_amount,
        product_sourced_amount,
        human_initiated_amount,
        stages_weighed,
        product_started_share,
        product_carried_share,
        human_started_share,
        coverage_share,
        plr_index
    from {{ ref('int_plr__index_months') }}
)

select * from final
