with

history as (
    select min(month) as first_month
    from {{ ref('int_plr__months') }}
    where has_history
),

-- standard error of a ratio of sums; the interval needs two accounts
measured as (
    select
        retention.*,
        history.first_month,
        sum(case when retention.scope = 'company' then retention.starting_mrr else 0 end)
            over (partition by retention.month) as company_starting_mrr,
        {{ plr_standard_error(
            'retention.squared_deviations',
            'retention.starting_mrr',
            'retention.starting_accounts'
        ) | indent(8) }} as nrr_standard_error
    from {{ ref('int_plr__retention_months') }} as retention
    cross join history
),

final as (
    select
        month,
        scope,
        scope_value,
        cast(starting_accounts as int) as starting_accounts,
        {{ plr_money('starting_mrr') }} as starting_mrr,
        {{ plr_money('ending_mrr') }} as ending_mrr,
        {{ plr_money('retained_mrr') }} as retained_mrr,
        {{ plr_money('expanded_mrr') }} as expanded_mrr,
        cast(retained_accounts as int) as retained_accounts,
        {{ plr_money('company_starting_mrr') }} as company_starting_mrr,
        nrr_ttm,
        grr_ttm,
        {{ plr_ratio('retained_accounts', 'starting_accounts') }} as logo_retention_ttm,
        {{ plr_ratio('expanded_mrr', 'starting_mrr') }} as expansion_rate_ttm,
        {{ plr_ratio('(ending_mrr - starting_mrr)', 'company_starting_mrr') }} as nrr_contribution,
        {{ plr_money('opening_mrr') }} as opening_mrr,
        {{ plr_money('expansion_mrr') }} as expansion_mrr,
        {{ plr_money('contraction_mrr') }} as contraction_mrr,
        {{ plr_money('churn_mrr') }} as churn_mrr,
        {{ plr_ratio(
            '(opening_mrr + expansion_mrr - contraction_mrr - churn_mrr)', 'opening_mrr'
        ) }}
            as nrr_monthly,
        {{ plr_ratio('(opening_mrr - contraction_mrr - churn_mrr)', 'opening_mrr') }}
            as grr_monthly,
        cast(
            {{ plr_divided('ending_mrr', 'starting_mrr') }} - {{ plr_z() }} * nrr_standard_error
            as {{ plr_share_type() }}
        ) as nrr_ci_low,
        cast(
            {{ plr_divided('ending_mrr', 'starting_mrr') }} + {{ plr_z() }} * nrr_standard_error
            as {{ plr_share_type() }}
        ) as nrr_ci_high,
        {{ plr_confidence_of('starting_accounts') | indent(8) }} as confidence,
        cast(
            {{ dbt.datediff('first_month', 'month', 'month') }}
            + 1 as int
        ) as months_of_history
    from measured
)

select * from final
