-- Who starts our revenue, the product or people, stage by stage and over time?
with

final as (
    select
        stage,
        month,
        n_observed,
        product_started_share,
        product_carried_share,
        human_started_share,
        coverage_share,
        weighed_stages,
        left_out_stages,
        plr_index
    from {{ ref('plr_index_monthly') }}
    where scope = 'company'
)

select * from final
order by stage, month
