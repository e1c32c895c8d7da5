-- What would change the product-driven share, and by how much?
with

sensitivity as (
    select * from {{ ref('plr_origin_sensitivity') }}
),

headline as (
    select product_driven_mrr
    from sensitivity
    where scenario = 'headline'
),

final as (
    select
        sensitivity.scenario,
        sensitivity.product_driven_share,
        sensitivity.change_in_share,
        sensitivity.product_driven_mrr - headline.product_driven_mrr as change_in_mrr,
        sensitivity.undecided_mrr
    from sensitivity
    cross join headline
)

select * from final
order by abs(change_in_share) desc, scenario asc
