-- revenue by segment and origin, and what part of it the product drove
with

-- expansion that the product started, whatever the account's origin: shown, never added
product_expansions as (
    select
        account_id,
        month,
        amount_mrr
    from {{ ref('int_plr__revenue_events') }}
    where
        stage = 'expansion'
        and initiation in ('product_initiated', 'product_sourced_human_assisted')
),

account_months as (
    select
        movements.*,
        origins.origin,
        coalesce(product_expansions.amount_mrr, 0) as product_qualified_expansion_mrr,
        case when origins.is_product_driven then movements.closing_mrr else 0 end
            as product_driven_mrr,
        case when origins.is_product_driven_strict then movements.closing_mrr else 0 end
            as product_driven_strict_mrr,
        case
            when origins.origin_evidence = 'self_serve_purchase' then movements.closing_mrr
            else 0
        end as purchase_only_mrr,
        case when origins.origin = 'untracked' then movements.closing_mrr else 0 end
            as untracked_mrr,
        case when origins.decided_us > months.month_end_us then movements.closing_mrr else 0 end
            as restated_mrr
    from {{ ref('int_plr__mrr_movements') }} as movements
    inner join {{ ref('int_plr__origins') }} as origins
        on
            movements.account_id = origins.subject_id
            and origins.subject_type = 'account'
            and origins.scenario = 'headline'
    inner join {{ ref('int_plr__months') }} as months
        on movements.month = months.month
    left join product_expansions
        on
            movements.account_id = product_expansions.account_id
            and movements.month = product_expansions.month
),

-- every account-month counts four times: by segment and origin, by either, and in the whole
choices as (
    select true as is_kept
    union all
    select false as is_kept
),

sliced as (
    select
        account_months.month,
        case when by_segment.is_kept then account_months.segment else 'all' end as segment,
        case when by_origin.is_kept then account_months.origin else 'all' end as origin,
        not by_origin.is_kept as is_total,
        case when account_months.is_active then 1 else 0 end as customers,
        account_months.opening_mrr,
        account_months.new_mrr,
        account_months.expansion_mrr,
        account_months.contraction_mrr,
        account_months.churn_mrr,
        account_months.reactivation_mrr,
        account_months.fx_mrr,
        account_months.closing_mrr,
        account_months.product_driven_mrr,
        account_months.product_driven_strict_mrr,
        account_months.purchase_only_mrr,
        account_months.product_qualified_expansion_mrr,
        account_months.untracked_mrr,
        account_months.restated_mrr
    from account_months
    cross join choices as by_segment
    cross join choices as by_origin
),

summed as (
    select
        month,
        segment,
        origin,
        is_total,
        cast(sum(customers) as int) as customers,
        {{ plr_money('sum(opening_mrr)') }} as opening_mrr,
        {{ plr_money('sum(new_mrr)') }} as new_mrr,
        {{ plr_money('sum(expansion_mrr)') }} as expansion_mrr,
        {{ plr_money('sum(contraction_mrr)') }} as contraction_mrr,
        {{ plr_money('sum(churn_mrr)') }} as churn_mrr,
        {{ plr_money('sum(reactivation_mrr)') }} as reactivation_mrr,
        {{ plr_money('sum(fx_mrr)') }} as fx_mrr,
        {{ plr_money('sum(closing_mrr)') }} as closing_mrr,
        {{ plr_money('sum(product_driven_mrr)') }} as product_driven_mrr,
        {{ plr_money('sum(product_driven_strict_mrr)') }} as product_driven_strict_mrr,
        {{ plr_money('sum(purchase_only_mrr)') }} as purchase_only_mrr,
        {{ plr_money('sum(product_qualified_expansion_mrr)') }} as product_qualified_expansion_mrr,
        {{ plr_money('sum(untracked_mrr)') }} as untracked_mrr,
        {{ plr_money('sum(restated_mrr)') }} as restated_mrr
    from sliced
    group by 1, 2, 3, 4
),

-- the months available of the last twelve
trailing_years as (
    select
        summed.month,
        summed.segment,
        summed.origin,
        sum(earlier.product_driven_mrr) as product_driven_revenue_ttm
    from summed
    inner join summed as earlier
        on
            summed.segment = earlier.segment
            and summed.origin = earlier.origin
            and summed.month >= earlier.month
            and {{ plr_date_add('month', -12, 'summed.month') }} < earlier.month
    group by 1, 2, 3
),

final as (
    select
        summed.*,
        {{ plr_money('trailing_years.product_driven_revenue_ttm') }} as product_driven_revenue_ttm,
        case
            when summed.is_total
                then {{ plr_ratio('summed.product_driven_mrr', 'summed.closing_mrr') }}
        end as product_driven_share,
        {{ plr_ratio(
            "max(case when summed.segment = 'all' and summed.is_total"
            ~ " then summed.untracked_mrr end) over (partition by summed.month)",
            "max(case when summed.segment = 'all' and summed.is_total"
            ~ " then summed.closing_mrr end) over (partition by summed.month)"
        ) }} as month_untracked_share
    from summed
    inner join trailing_years
        on
            summed.month = trailing_years.month
            and summed.segment = trailing_years.segment
            and summed.origin = trailing_years.origin
)

select * from final
