-- values are their quotients, disjoint groups make up the company, and nothing small is published
with

comparison as (
    select * from {{ ref('plr_origin_comparison') }}
),

companies as (
    select
        retention.month,
        retention.starting_mrr,
        retention.nrr_ttm,
        revenue.closing_mrr,
        revenue.customers
    from {{ ref('plr_retention_monthly') }} as retention
    left join {{ ref('plr_product_driven_revenue') }} as revenue
        on
            retention.month = revenue.month
            and revenue.segment = 'all'
            and revenue.is_total
    where retention.scope = 'company' and retention.starting_mrr > 0
),

miscalculated as (
    select
        month,
        origin_group,
        metric,
        'value is not numerator by denominator' as problem
    from comparison
    where
        abs(value * denominator - numerator) > 0.000001 * (1 + abs(numerator))
        or (value is null and confidence <> 'suppressed' and denominator <> 0)
),

impossible as (
    select
        month,
        origin_group,
        metric,
        'a value is out of its bounds' as problem
    from comparison
    where
        ci_low > value
        or ci_high < value
        or adjusted_ci_low > adjusted_value
        or adjusted_ci_high < adjusted_value
        or (metric in ('grr', 'logo_retention') and (value > 1 or adjusted_value > 1.000001))
        or common_support_share not between 0 and 1
),

unsupported as (
    select
        month,
        origin_group,
        metric,
        'a value is published that rests on too little' as problem
    from comparison
    where
        (
            metric <> 'new_mrr_per_human_touch'
            and origin_group <> 'difference'
            and (confidence = 'suppressed') <> (n_accounts < {{ var('plr_comparison_accounts') }})
        )
        or (
            confidence = 'suppressed'
            and coalesce(value, ci_low, ci_high, adjusted_value, adjusted_ci_low) is not null
        )
        or (
            adjusted_value is not null
            and coalesce(common_support_share, 0) < {{ var('plr_comparison_support') }}
        )
),

-- product_driven holds its two origins, the company all that is not held by another
sides as (
    select
        month,
        metric,
        case when origin_group = 'product_driven' then 'together' else 'apart' end as side,
        sum(n_accounts) as n_accounts,
        sum(numerator) as numerator,
        sum(case when metric <> 'nrr_contribution' then denominator end) as denominator
    from comparison
    where
        origin_group in ({{ plr_product_driven_origins() }}, 'product_driven')
        and metric <> 'new_mrr_per_human_touch'
    group by 1, 2, 3
),

torn as (
    select
        month,
        'product_driven' as origin_group,
        metric,
        'the group is not the sum of its origins' as problem
    from sides
    group by 1, 2, 3, 4
    having
        count(*) <> 2
        or max(n_accounts) <> min(n_accounts)
        or max(numerator) - min(numerator) > 0.01
        or max(denominator) - min(denominator) > 0.01
),

company_sums as (
    select
        month,
        sum(case when metric = 'nrr' then denominator else 0 end) as starting_mrr,
        sum(case when metric = 'nrr_contribution' then numerator else 0 end) as gained_mrr,
        max(case when metric = 'nrr_contribution' then denominator end) as company_starting_mrr,
        sum(case when metric = 'arpa' then numerator else 0 end) as closing_mrr,
        sum(case when metric = 'arpa' then n_accounts else 0 end) as customers
    from comparison
    where origin_group not in ('product_driven', 'difference')
    group by 1
),

untied as (
    select
        companies.month,
        'all' as origin_group,
        'all' as metric,
        'the groups do not add up to the company' as problem
    from companies
    left join company_sums
        on companies.month = company_sums.month
    where
        company_sums.month is null
        or abs(company_sums.starting_mrr - companies.starting_mrr) > 0.01
        or abs(company_sums.company_starting_mrr - companies.starting_mrr) > 0.01
        or abs(
            company_sums.gained_mrr / companies.starting_mrr + 1 - companies.nrr_ttm
        ) > 0.000001
        or abs(company_sums.closing_mrr - coalesce(companies.closing_mrr, 0)) > 0.01
        or company_sums.customers <> coalesce(companies.customers, 0)
)

select * from miscalculated
union all
select * from impossible
union all
select * from unsupported
union all
select * from torn
union all
select * from untied
