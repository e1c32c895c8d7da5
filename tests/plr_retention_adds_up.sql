-- segments and origins add up to the company, contributions to its NRR, and GRR never exceeds NRR
with

retention as (
    select * from {{ ref('plr_retention_monthly') }}
),

company_revenue as (
    select
        month,
        opening_mrr,
        closing_mrr
    from {{ ref('plr_product_driven_revenue') }}
    where segment = 'all' and is_total
),

impossible as (
    select
        month,
        scope,
        'a ratio is out of its bounds' as problem
    from retention
    where
        grr_ttm > 1
        or grr_ttm > nrr_ttm
        or logo_retention_ttm > 1
        or grr_monthly > 1
        or grr_monthly > nrr_monthly
        or nrr_ci_low > nrr_ttm
        or nrr_ci_high < nrr_ttm
),

companies as (
    select * from retention
    where scope = 'company'
),

scopes as (
    select
        month,
        scope,
        sum(starting_accounts) as starting_accounts,
        sum(retained_accounts) as retained_accounts,
        sum(starting_mrr) as starting_mrr,
        sum(ending_mrr) as ending_mrr,
        sum(retained_mrr) as retained_mrr,
        sum(expanded_mrr) as expanded_mrr,
        sum(nrr_contribution) as nrr_contribution,
        sum(opening_mrr) as opening_mrr,
        sum(expansion_mrr) as expansion_mrr,
        sum(contraction_mrr) as contraction_mrr,
        sum(churn_mrr) as churn_mrr
    from retention
    group by 1, 2
),

unequal as (
    select
        scopes.month,
        scopes.scope,
        'the values of the scope do not add up to the company' as problem
    from scopes
    left join companies
        on scopes.month = companies.month
    where
        companies.month is null
        or scopes.starting_accounts <> companies.starting_accounts
        or scopes.retained_accounts <> companies.retained_accounts
        or abs(scopes.starting_mrr - companies.starting_mrr) > 0.01
        or abs(scopes.ending_mrr - companies.ending_mrr) > 0.01
        or abs(scopes.retained_mrr - companies.retained_mrr) > 0.01
        or abs(scopes.expanded_mrr - companies.expanded_mrr) > 0.01
        or abs(scopes.nrr_contribution + 1 - companies.nrr_ttm) > 0.000001
        or abs(scopes.opening_mrr - companies.opening_mrr) > 0.01
        or abs(scopes.expansion_mrr - companies.expansion_mrr) > 0.01
        or abs(scopes.contraction_mrr - companies.contraction_mrr) > 0.01
        or abs(scopes.churn_mrr - companies.churn_mrr) > 0.01
),

-- retention starts from what plr_product_driven_revenue opened this month and closed a year ago
untied as (
    select
        companies.month,
        companies.scope,
        'the starting MRR is not that of plr_product_driven_revenue' as problem
    from companies
    left join company_revenue
        on companies.month = company_revenue.month
    left join company_revenue as year_before
        on {{ plr_date_add('month', -12, 'companies.month') }} = year_before.month
    where
        abs(companies.opening_mrr - coalesce(company_revenue.opening_mrr, 0)) > 0.01
        or abs(companies.starting_mrr - year_before.closing_mrr) > 0.01
)

select * from impossible
union all
select * from unequal
union all
select * from untied
