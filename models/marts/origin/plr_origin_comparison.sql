with

all_months as (
    select * from {{ ref('int_plr__months') }}
),

months as (
    select
        all_months.month,
        all_months.month_end_us
    from all_months
    inner join all_months as base_months
        on {{ plr_date_add('month', -12, 'all_months.month') }} = base_months.month
),

origins as (
    select *
    from {{ ref('int_plr__origins') }}
    where subject_type = 'account' and scenario = 'headline'
),

movements as (
    select * from {{ ref('plr_mrr_movements') }}
),

-- what was won, and what people did for it, on accounts that ever pay
efforts as (
    select
        account_id,
        month,
        new_mrr,
        0 as human_touches
    from movements
    where new_mrr > 0
    union all
    select
        account_id,
        {{ plr_month_of(plr_from_micros('lo_us')) }} as month,
        0 as new_mrr,
        count(*) as human_touches
    from {{ ref('int_plr__sales_touches') }}
    where is_human_touch
    group by 1, 2
),

trailing_efforts as (
    select
        months.month,
        months.month_end_us,
        efforts.account_id,
        sum(efforts.new_mrr) as new_mrr,
        sum(efforts.human_touches) as human_touches
    from efforts
    inner join {{ ref('int_plr__first_payments') }} as payments
        on efforts.account_id = payments.account_id
    inner join months
        on
            payments.first_paid_month <= months.month
            and efforts.month <= months.month
            and efforts.month > {{ plr_date_add('month', -12, 'months.month') }}
    group by 1, 2, 3
),

-- who paid a year ago by the origin known then, everything else by the origin known now
account_months as (
    select
        month,
        origin,
        starting_mrr,
        ending_mrr,
        0 as closing_mrr,
        0 as new_mrr,
        0 as human_touches
    from {{ ref('int_plr__retention_cohorts') }}
    union all
    select
        movements.month,
        {{ plr_origin_known_by(
            'months.month_end_us', 'origins.origin', 'origins.decided_us', 'origins.is_coverage_failure'
        ) | indent(8) }} as origin,
        0 as starting_mrr,
        0 as ending_mrr,
        movements.closing_mrr,
        0 as new_mrr,
        0 as human_touches
    from movements
    inner join months
        on movements.month = months.month
    inner join origins
        on movements.account_id = origins.account_id
    where movements.is_active
    union all
    select
        trailing_efforts.month,
        {{ plr_origin_known_by(
            'trailing_efforts.month_end_us', 'origins.origin', 'origins.decided_us', 'origins.is_coverage_failure'
        ) | indent(8) }} as origin,
        0 as starting_mrr,
        0 as ending_mrr,
        0 as closing_mrr,
        trailing_efforts.new_mrr,
        trailing_efforts.human_touches
    from trailing_efforts
    inner join origins
        on trailing_efforts.account_id = origins.account_id
),

-- both product-driven origins also stand together
grouped as (
    select
        *,
        origin as origin_group
    from account_months
    union all
    select
        *,
        'product_driven' as origin_group
    from account_months
    where origin in ({{ plr_product_driven_origins() }})
),

deviations as (
    select
        *,
        least(ending_mrr, starting_mrr) as retained_mrr,
        {{ plr_deviation('ending_mrr', 'starting_mrr', 'month, origin_group') | indent(8) }}
            as nrr_deviation,
        {{ plr_deviation(
            'least(ending_mrr, starting_mrr)', 'starting_mrr', 'month, origin_group'
        ) | indent(8) }} as grr_deviation
    from grouped
),

summed as (
    select
        month,
        origin_group,
        sum(case when starting_mrr > 0 then 1 else 0 end) as starting_accounts,
        sum(starting_mrr) as starting_mrr,
        sum(ending_mrr) as ending_mrr,
        sum(retained_mrr) as retained_mrr,
        sum(greatest(ending_mrr - starting_mrr, 0)) as expanded_mrr,
        sum(case when ending_mrr > 0 then 1 else 0 end) as retained_accounts,
        sum(cast(nrr_deviation as {{ plr_double() }}) * nrr_deviation) as nrr_deviations,
        sum(cast(grr_deviation as {{ plr_double() }}) * grr_deviation) as grr_deviations,
        sum(case when closing_mrr > 0 then 1 else 0 end) as customers,
        sum(closing_mrr) as closing_mrr,
        sum(case when new_mrr > 0 then 1 else 0 end) as new_accounts,
        sum(new_mrr) as new_mrr,
        sum(human_touches) as human_touches
    from deviations
    group by 1, 2
),

companies as (
    select
        *,
        sum(case when origin_group = 'product_driven' then 0 else starting_mrr end)
            over (partition by month) as company_starting_mrr
    from summed
),

-- without a CRM nobody counted the touches
crm as (
    select max(tracking_start_us) as start_us
    from {{ ref('int_plr__feeds') }}
    where feed = 'crm'
),

metrics as (
    select 'nrr' as metric
    union all
    select 'grr' as metric
    union all
    select 'logo_retention' as metric
    union all
    select 'expansion_rate' as metric
    union all
    select 'nrr_contribution' as metric
    union all
    select 'arpa' as metric
    union all
    select 'new_mrr_per_human_touch' as metric
),

measured as (
    select
        companies.month,
        companies.origin_group,
        metrics.metric,
        case
            when metrics.metric = 'arpa' then companies.customers
            when metrics.metric = 'new_mrr_per_human_touch' then companies.new_accounts
            else companies.starting_accounts
        end as n_accounts,
        case
            when metrics.metric = 'nrr' then companies.ending_mrr
            when metrics.metric = 'grr' then companies.retained_mrr
            when metrics.metric = 'logo_retention' then companies.retained_accounts
            when metrics.metric = 'expansion_rate' then companies.expanded_mrr
            when metrics.metric = 'nrr_contribution'
                then companies.ending_mrr - companies.starting_mrr
            when metrics.metric = 'arpa' then companies.closing_mrr
            else companies.new_mrr
        end as numerator,
        case
            when metrics.metric = 'logo_retention' then companies.starting_accounts
            when metrics.metric = 'nrr_contribution' then companies.company_starting_mrr
            when metrics.metric = 'arpa' then companies.customers
            when metrics.metric <> 'new_mrr_per_human_touch' then companies.starting_mrr
            when crm.start_us is not null then companies.human_touches
        end as denominator,
        case
            when metrics.metric = 'nrr' then companies.nrr_deviations
            when metrics.metric = 'grr' then companies.grr_deviations
        end as squared_deviations
    from companies
    cross join metrics
    cross join crm
),

-- an interval by its middle and its reach to either side; touches that won nobody count, too
estimated as (
    select
        *,
        n_accounts < {{ var('plr_comparison_accounts') }} as is_suppressed,
        {{ plr_divided('numerator', 'denominator') }} as value,
        case
            when metric = 'logo_retention'
                then {{ plr_wilson_middle('numerator', 'denominator') }}
            else {{ plr_divided('numerator', 'denominator') }}
        end as middle,
        case
            when metric = 'logo_retention'
                then {{ plr_wilson_reach('numerator', 'denominator') | indent(16) }}
            else
                {{ plr_z() }} * {{ plr_standard_error(
                    'squared_deviations', 'denominator', 'n_accounts'
                ) | indent(16) }}
        end as reach
    from measured
    where n_accounts > 0 or (metric = 'new_mrr_per_human_touch' and denominator > 0)
),

compared as (
    select
        estimated.*,
        case
            when estimated.metric = 'nrr' then adjusted.nrr
            when estimated.metric = 'grr' then adjusted.grr
            when estimated.metric = 'logo_retention' then adjusted.logo_retention
            when estimated.metric = 'expansion_rate' then adjusted.expansion_rate
        end as adjusted_value,
        case
            when estimated.metric in ('nrr', 'grr', 'logo_retention', 'expansion_rate')
                then adjusted.common_support_share
        end as common_support_share
    from estimated
    left join {{ ref('int_plr__retention_adjusted') }} as adjusted
        on
            estimated.month = adjusted.month
            and estimated.origin_group = adjusted.origin_group
),

final as (
    select
        month,
        origin_group,
        metric,
        cast(n_accounts as int) as n_accounts,
        {{ plr_money('numerator') }} as numerator,
        {{ plr_money('denominator') }} as denominator,
        cast(case when not is_suppressed then value end as {{ plr_share_type() }}) as value,
        cast(case when not is_suppressed then middle - reach end as {{ plr_share_type() }})
            as ci_low,
        cast(case when not is_suppressed then middle + reach end as {{ plr_share_type() }})
            as ci_high,
        cast(case when not is_suppressed then adjusted_value end as {{ plr_share_type() }})
            as adjusted_value,
        common_support_share,
        case
            when is_suppressed then 'suppressed'
            when n_accounts < {{ var('plr_small_group_low') }} then 'low'
            else 'ok'
        end as confidence
    from compared
)

select * from final
