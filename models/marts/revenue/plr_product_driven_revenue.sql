with

-- expansion that the product started, whatever the account's origin: shown, never added
product_expansions as (
    select
        account_id,
        month,
        amount_mrr
    from {{ ref('plr_revenue_events') }}
    where
        stage = 'expansion'
        and initiation in ('product_initiated', 'product_sourced_human_assisted')
),

account_months as (
    select
        movements.*,
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
    from {{ ref('plr_mrr_movements') }} as movements
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
slices as (
    select
        true as by_segment,
        true as by_origin
    union all
    select
        true as by_segment,
        false as by_origin
    union all
    select
        false as by_segment,
        true as by_origin
    union all
    select
        false as by_segment,
        false as by_origin
),

sliced as (
    select
        account_months.month,
        case when slices.by_segment then account_months.segment else 'all' end as segment,
        case when slices.by_origin then account_months.origin else 'all' end as origin,
        not slices.by_origin as is_total,
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
    cross join slices
),

summed as (
    select
        month,
        segment,
        origin,
        is_total,
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
        sum(product_qualified_expansion_mrr) as product_qualified_expansion_mrr,
        sum(untracked_mrr) as untracked_mrr,
        sum(restated_mrr) as restated_mrr
    from sliced
    group by 1, 2, 3, 4
),

-- the months available of the last twelve
trailing_year as (
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
        summed.month,
        summed.segment,
        summed.origin,
        summed.is_total,
        cast(summed.customers as int) as customers,
        {{ plr_money('summed.opening_mrr') }} as opening_mrr,
        {{ plr_money('summed.new_mrr') }} as new_mrr,
        {{ plr_money('summed.expansion_mrr') }} as expansion_mrr,
        {{ plr_money('summed.contraction_mrr') }} as contraction_mrr,
        {{ plr_money('summed.churn_mrr') }} as churn_mrr,
        {{ plr_money('summed.reactivation_mrr') }} as reactivation_mrr,
        {{ plr_money('summed.fx_mrr') }} as fx_mrr,
        {{ plr_money('summed.closing_mrr') }} as closing_mrr,
        {{ plr_money('summed.closing_mrr * 12') }} as arr,
        {{ plr_money('summed.product_driven_mrr') }} as product_driven_mrr,
        {{ plr_money('summed.product_driven_strict_mrr') }} as product_driven_strict_mrr,
        {{ plr_money('summed.purchase_only_mrr') }} as purchase_only_mrr,
        {{ plr_money('summed.product_qualified_expansion_mrr') }}
            as product_qualified_expansion_mrr,
        {{ plr_money('summed.untracked_mrr') }} as untracked_mrr,
        {{ plr_money('summed.closing_mrr - summed.untracked_mrr') }} as tracked_mrr,
        case
            when summed.is_total
                then {{ plr_ratio('summed.product_driven_mrr', 'summed.closing_mrr') }}
        end as product_driven_share,
        case
            when summed.is_total
                then {{ plr_ratio(
                    'summed.product_driven_mrr', '(summed.closing_mrr - summed.untracked_mrr)'
                ) }}
        end as product_driven_share_of_tracked,
        case
            when summed.is_total
                then {{ plr_ratio('summed.untracked_mrr', 'summed.closing_mrr') }}
        end as untracked_share,
        {{ plr_money('trailing_year.product_driven_revenue_ttm') }} as product_driven_revenue_ttm,
        {{ plr_money('summed.restated_mrr') }} as restated_mrr,
        run_confidence.unmapped_activity_share,
        run_confidence.data_confidence
    from summed
    inner join trailing_year
        on
            summed.month = trailing_year.month
            and summed.segment = trailing_year.segment
            and summed.origin = trailing_year.origin
    cross join {{ ref('int_plr__run_confidence') }} as run_confidence
)

select * from final
