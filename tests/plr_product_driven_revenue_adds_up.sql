-- in every month the accounts, the segments, the origins and their crossings add up to the company
with

revenue as (
    select * from {{ ref('plr_product_driven_revenue') }}
),

movements as (
    select
        movements.*,
        origins.origin_evidence,
        origins.is_product_driven,
        origins.is_product_driven_strict,
        {{ plr_month_of('origins.origin_decided_at') }} > movements.month as is_restated
    from {{ ref('plr_mrr_movements') }} as movements
    left join {{ ref('plr_account_origin') }} as origins
        on movements.account_id = origins.account_id
),

sides as (
    select
        month,
        case
            when segment = 'all' and is_total then 'company'
            when segment = 'all' then 'origins'
            when is_total then 'segments'
            else 'crossings'
        end as side,
        customers,
        opening_mrr,
        new_mrr,
        expansion_mrr,
        contraction_mrr,
        churn_mrr,
        reactivation_mrr,
        fx_mrr,
        closing_mrr,
        product_driven_mrr,
        product_driven_strict_mrr,
        purchase_only_mrr,
        untracked_mrr,
        restated_mrr
    from revenue
    union all
    select
        month,
        'accounts' as side,
        case when closing_mrr > 0 then 1 else 0 end as customers,
        opening_mrr,
        new_mrr,
        expansion_mrr,
        contraction_mrr,
        churn_mrr,
        reactivation_mrr,
        fx_mrr,
        closing_mrr,
        case when is_product_driven then closing_mrr else 0 end as product_driven_mrr,
        case when is_product_driven_strict then closing_mrr else 0 end
            as product_driven_strict_mrr,
        case when origin_evidence = 'self_serve_purchase' then closing_mrr else 0 end
            as purchase_only_mrr,
        case when origin = 'untracked' then closing_mrr else 0 end as untracked_mrr,
        case when is_restated then closing_mrr else 0 end as restated_mrr
    from movements
),

sums as (
    select
        month,
        side,
        sum(customers) as customers,
        sum(opening_mrr) as opening_mrr,
        sum(new_mrr) as new_mrr,
        sum(expansion_mrr) as expansion_mrr,
        sum(contraction_mrr) as contraction_mrr,
        sum(churn_mrr) as churn_mrr,
        sum(reactivation_mrr) as reactivation_mrr,
        sum(fx_mrr) as fx_mrr,
        sum(closing_mrr) as closing_mrr,
        sum(product_driven_mrr) as product_driven_mrr,
        sum(product_driven_strict_mrr) as product_driven_strict_mrr,
        sum(purchase_only_mrr) as purchase_only_mrr,
        sum(untracked_mrr) as untracked_mrr,
        sum(restated_mrr) as restated_mrr
    from sides
    group by 1, 2
),

unequal as (
    select
        month,
        'the sides do not add up alike' as problem
    from sums
    group by 1
    having
        count(*) <> 5
        or max(customers) <> min(customers)
        or max(opening_mrr) - min(opening_mrr) > 0.01
        or max(new_mrr) - min(new_mrr) > 0.01
        or max(expansion_mrr) - min(expansion_mrr) > 0.01
        or max(contraction_mrr) - min(contraction_mrr) > 0.01
        or max(churn_mrr) - min(churn_mrr) > 0.01
        or max(reactivation_mrr) - min(reactivation_mrr) > 0.01
        or max(fx_mrr) - min(fx_mrr) > 0.01
        or max(closing_mrr) - min(closing_mrr) > 0.01
        or max(product_driven_mrr) - min(product_driven_mrr) > 0.01
        or max(product_driven_strict_mrr) - min(product_driven_strict_mrr) > 0.01
        or max(purchase_only_mrr) - min(purchase_only_mrr) > 0.01
        or max(untracked_mrr) - min(untracked_mrr) > 0.01
        or max(restated_mrr) - min(restated_mrr) > 0.01
),

overdrawn as (
    select distinct
        month,
        'parts exceed their whole' as problem
    from revenue
    where
        product_driven_strict_mrr + purchase_only_mrr > product_driven_mrr + 0.01
        or product_driven_mrr + untracked_mrr > closing_mrr + 0.01
        or restated_mrr > closing_mrr + 0.01
)

select * from unequal
union all
select * from overdrawn
