with

-- each measure is grouped by the origin known when its own period began
account_months as (
    select
        month,
        segment,
        acquisition_channel,
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
        movements.acquisition_channel,
        {{ plr_origin_known_by(
            'base_months.month_end_us', 'origins.origin', 'origins.decided_us',
            'origins.is_coverage_failure', 'origins.evidence_us'
        ) | indent(8) }} as origin,
        0 as starting_mrr,
        0 as ending_mrr,
        movements.opening_mrr,
        movements.expansion_mrr,
        movements.contraction_mrr,
        movements.churn_mrr
    from {{ ref('int_plr__mrr_movements') }} as movements
    inner join {{ ref('int_plr__months') }} as base_months
        on {{ plr_date_add('month', -1, 'movements.month') }} = base_months.month
    inner join {{ ref('int_plr__origins') }} as origins
        on
            movements.account_id = origins.account_id
            and origins.subject_type = 'account'
            and origins.scenario = 'headline'
    where movements.opening_mrr > 0
),

scopes as (
    select 'company' as scope
    union all
    select 'segment' as scope
    union all
    select 'acquisition_channel' as scope
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
            when scopes.scope = 'acquisition_channel'
                then {{ plr_channel_of('account_months.acquisition_channel') }}
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

summed as (
    select
        month,
        scope,
        scope_value,
        sum(case when starting_mrr > 0 then 1 else 0 end) as starting_accounts,
        sum(case when ending_mrr > 0 then 1 else 0 end) as retained_accounts,
        sum(starting_mrr) as starting_mrr,
        sum(ending_mrr) as ending_mrr,
        sum(least(ending_mrr, starting_mrr)) as retained_mrr,
        sum(greatest(ending_mrr - starting_mrr, 0)) as expanded_mrr,
        sum(opening_mrr) as opening_mrr,
        sum(expansion_mrr) as expansion_mrr,
        sum(contraction_mrr) as contraction_mrr,
        sum(churn_mrr) as churn_mrr
    from scoped
    group by 1, 2, 3
),

-- what each account ends above or below its group's own rate
deviating as (
    select
        scoped.month,
        scoped.scope,
        scoped.scope_value,
        scoped.ending_mrr
        - scoped.starting_mrr * ({{ plr_divided('summed.ending_mrr', 'summed.starting_mrr') }})
            as deviation_mrr
    from scoped
    inner join summed
        on
            scoped.month = summed.month
            and scoped.scope = summed.scope
            and scoped.scope_value = summed.scope_value
    where scoped.starting_mrr > 0
),

squared as (
    select
        month,
        scope,
        scope_value,
        sum(deviation_mrr * deviation_mrr) as squared_deviations
    from deviating
    group by 1, 2, 3
),

final as (
    select
        summed.*,
        squared.squared_deviations,
        {{ plr_ratio('summed.ending_mrr', 'summed.starting_mrr') }} as nrr_ttm,
        {{ plr_ratio('summed.retained_mrr', 'summed.starting_mrr') }} as grr_ttm
    from summed
    left join squared
        on
            summed.month = squared.month
            and summed.scope = squared.scope
            and summed.scope_value = squared.scope_value
)

select * from final
