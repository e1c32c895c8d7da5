-- Did the product-driven customers of a year ago stay and expand more than those sales won?
with

comparison as (
    select * from {{ ref('plr_origin_comparison') }}
),

last_month as (
    select max(month) as month from comparison
),

-- the difference and its interval answer: one around zero can't be told from it; adjusted is null
-- where the two groups have too little in common
final as (
    select
        comparison.metric,
        comparison.origin_group,
        comparison.n_accounts,
        comparison.value,
        comparison.ci_low,
        comparison.ci_high,
        comparison.adjusted_value,
        comparison.adjusted_ci_low,
        comparison.adjusted_ci_high,
        comparison.common_support_share,
        comparison.confidence
    from comparison
    inner join last_month
        on comparison.month = last_month.month
    where
        comparison.metric in ('nrr', 'grr', 'logo_retention', 'expansion_rate')
        and comparison.origin_group in ('product_driven', 'sales_originated', 'difference')
)

select * from final
order by metric, origin_group
