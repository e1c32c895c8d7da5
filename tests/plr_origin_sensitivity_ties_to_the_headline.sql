-- the headline is the one that plr_product_driven_revenue publishes; the others share its
-- customers, and what moved is no more than what flipped
with

sensitivity as (
    select * from {{ ref('plr_origin_sensitivity') }}
),

published as (
    select
        month,
        customers,
        closing_mrr,
        product_driven_mrr,
        product_driven_strict_mrr,
        product_driven_mrr - purchase_only_mrr as proven_mrr,
        untracked_mrr
    from {{ ref('plr_product_driven_revenue') }}
    where segment = 'all' and is_total
),

tied as (
    select
        sensitivity.*,
        coalesce(published.customers, 0) as published_customers,
        coalesce(published.closing_mrr, 0) as published_mrr,
        coalesce(
            case
                when sensitivity.scenario = 'headline' then published.product_driven_mrr
                when sensitivity.scenario = 'strict' then published.product_driven_strict_mrr
                when sensitivity.scenario = 'purchase_only_excluded' then published.proven_mrr
                else sensitivity.product_driven_mrr
            end,
            0
        ) as published_product_driven_mrr,
        coalesce(
            case when sensitivity.scenario = 'headline' then published.untracked_mrr end, 0
        ) as published_untracked_mrr
    from sensitivity
    left join published
        on sensitivity.month = published.month
)

select
    month,
    scenario
from tied
where
    customers <> published_customers
    or abs(total_mrr - published_mrr) > 0.01
    or abs(product_driven_mrr - published_product_driven_mrr) > 0.01
    or doubtful_mrr < published_untracked_mrr - 0.01
    or greatest(product_driven_mrr, doubtful_mrr, mrr_flipped) > total_mrr + 0.01
    or abs(change_in_share) * total_mrr > mrr_flipped + 0.01
    or (scenario = 'headline' and accounts_flipped <> 0)
