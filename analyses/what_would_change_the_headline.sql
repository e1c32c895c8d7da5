-- What would change the product-driven share, and by how much? First what moves it most.
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
        sensitivity.accounts_flipped,
        sensitivity.mrr_flipped,
        sensitivity.doubtful_mrr
    from sensitivity
    cross join headline
    where sensitivity.change_in_share is not null
)

select * from final
order by abs(change_in_share) desc, mrr_flipped desc, scenario asc
