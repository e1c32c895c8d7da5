with

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

-- without a CRM nobody counted the touches
measured as (
    select
        sums.month,
        sums.origin_group,
        metrics.metric,
        case
            when metrics.metric = 'arpa' then sums.customers
            when metrics.metric = 'new_mrr_per_human_touch' then sums.new_accounts
            else sums.starting_accounts
        end as n_accounts,
        case
            when metrics.metric = 'nrr' then sums.ending_mrr
            when metrics.metric = 'grr' then sums.retained_mrr
            when metrics.metric = 'logo_retention' then sums.retained_accounts
            when metrics.metric = 'expansion_rate' then sums.expanded_mrr
            when metrics.metric = 'nrr_contribution'
                then sums.ending_mrr - sums.starting_mrr
            when metrics.metric = 'arpa' then sums.closing_mrr
            else sums.new_mrr
        end as numerator,
        case
            when metrics.metric = 'logo_retention' then sums.starting_accounts
            when metrics.metric = 'nrr_contribution' then sums.company_starting_mrr
            when metrics.metric = 'arpa' then sums.customers
            when metrics.metric <> 'new_mrr_per_human_touch' then sums.starting_mrr
            when coverage.crm_start_us is not null then sums.human_touches
        end as denominator,
        case
            when metrics.metric = 'nrr' then sums.nrr_deviations
            when metrics.metric = 'grr' then sums.grr_deviations
        end as squared_deviations
    from {{ ref('int_plr__origin_group_months') }} as sums
    cross join metrics
    cross join {{ ref('int_plr__coverage') }} as coverage
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
