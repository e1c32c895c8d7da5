with

months as (
    select * from {{ ref('int_plr__months') }}
),

origins as (
    select *
    from {{ ref('int_plr__origins') }}
    where subject_type = 'account' and scenario = 'headline'
),

-- each measure is grouped by the origin known when its own period began
account_months as (
    select
        month,
        segment,
        origin,
        starting_mrr,
        ending_mrr,
        0 as opening_mrr,
        0 as expansion_mrr,
        0 as contraction_mrr,
        0 as churn_mrr
    from {{ ref('int_plr__retention_cohorts') }}
    union all
    select
        movements.month,
        movements.segment,
        {{ plr_origin_known_by(
            'base_months.month_end_us', 'origins.origin', 'origins.decided_us', 'origins.is_coverage_failure'
        ) | indent(8) }} as origin,
        0 as starting_mrr,
        0 as ending_mrr,
        movements.opening_mrr,
        movements.expansion_mrr,
        movements.contraction_mrr,
        movements.churn_mrr
    from {{ ref('plr_mrr_movements') }} as movements
    inner join months as base_months
        on {{ plr_date_add('month', -1, 'movements.month') }} = base_months.month
    inner join origins
        on movements.account_id = origins.account_id
    where movements.opening_mrr > 0
),

scopes as (
    select 'company' as scope
    union all
    select 'segment' as scope
    union all
    select 'origin' as scope
),

scoped as (
    select
        account_months.month,
        scopes.scope,
        case
            when scopes.scope = 'company' then 'all'
            when scopes.scope = 'segment' then account_months.segment
            else account_months.origin
        end as scope_value,
        account_months.starting_mrr,
        account_months.ending_mrr,
        account_months.opening_mrr,
        account_months.expansion_mrr,
        account_months.contraction_mrr,
        account_months.churn_mrr
    from account_months
    cross join scopes
),

-- what each account ends above or below its group's own rate
deviations as (
    select
        *,
        {{ plr_deviation('ending_mrr', 'starting_mrr', 'month, scope, scope_value') | indent(8) }}
            as deviation
    from scoped
),

summed as (
    select
        month,
        scope,
        scope_value,
        sum(case when starting_mrr > 0 then 1 else 0 end) as starting_accounts,
        sum(starting_mrr) as starting_mrr,
        sum(ending_mrr) as ending_mrr,
        sum(least(ending_mrr, starting_mrr)) as retained_mrr,
        sum(greatest(ending_mrr - starting_mrr, 0)) as expanded_mrr,
        sum(case when ending_mrr > 0 then 1 else 0 end) as retained_accounts,
        sum(cast(deviation as {{ plr_double() }}) * deviation) as squared_deviations,
        sum(opening_mrr) as opening_mrr,
        sum(expansion_mrr) as expansion_mrr,
        sum(contraction_mrr) as contraction_mrr,
        sum(churn_mrr) as churn_mrr
    from deviations
    group by 1, 2, 3
),

-- standard error of a ratio of sums; the interval needs two accounts
measured as (
    select
        *,
        sum(case when scope = 'company' then starting_mrr else 0 end) over (partition by month)
            as company_starting_mrr,
        {{ plr_standard_error(
            'squared_deviations', 'starting_mrr', 'starting_accounts'
        ) | indent(8) }} as nrr_standard_error
    from summed
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
        {{ plr_ratio('ending_mrr', 'starting_mrr') }} as nrr_ttm,
        {{ plr_ratio('retained_mrr', 'starting_mrr') }} as grr_ttm,
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
        {{ plr_confidence_of('starting_accounts') | indent(8) }} as confidence
    from measured
)

select * from final
