-- long, since the difference of two groups stands beside them
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

-- an interval by its middle and its reach to either side; touches that won nobody count, too, and
-- self-serve has none by definition, so they are asked of product-driven as a whole
estimated as (
    select
        *,
        n_accounts < {{ var('plr_comparison_accounts') }}
        or (metric = 'new_mrr_per_human_touch' and denominator is null) as is_suppressed,
        {{ plr_standard_error('squared_deviations', 'denominator', 'n_accounts') | indent(8) }}
            as standard_error,
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
    where
        (n_accounts > 0 or (metric = 'new_mrr_per_human_touch' and denominator > 0))
        and not (
            metric = 'new_mrr_per_human_touch'
            and origin_group in ({{ plr_product_driven_origins() }})
        )
),

compared as (
    select
        estimated.*,
        estimated.middle - estimated.reach as low,
        estimated.middle + estimated.reach as high,
        case estimated.metric
            when 'nrr' then adjusted.nrr
            when 'grr' then adjusted.grr
            when 'logo_retention' then adjusted.logo_retention
            when 'expansion_rate' then adjusted.expansion_rate
        end as adjusted_value,
        case estimated.metric
            when 'nrr' then adjusted.nrr_error
            when 'grr' then adjusted.grr_error
            when 'logo_retention' then adjusted.logo_retention_error
            when 'expansion_rate' then adjusted.expansion_rate_error
        end as adjusted_error,
        estimated.metric in ('nrr', 'grr', 'logo_retention', 'expansion_rate') as is_adjustable,
        adjusted.common_support_share,
        adjusted.strata,
        adjusted.segments_left_out
    from estimated
    left join {{ ref('int_plr__retention_adjusted') }} as adjusted
        on
            estimated.month = adjusted.month
            and estimated.origin_group = adjusted.origin_group
),

-- product-driven less sales-originated: of logos Newcombe's interval, from Wilson's of each
differences as (
    select
        product.month,
        'difference' as origin_group,
        product.metric,
        product.n_accounts + sales.n_accounts as n_accounts,
        least(product.n_accounts, sales.n_accounts) as fewest_accounts,
        cast(null as {{ dbt.type_numeric() }}) as numerator,
        cast(null as {{ dbt.type_numeric() }}) as denominator,
        product.is_suppressed or sales.is_suppressed as is_suppressed,
        product.value - sales.value as value,
        product.value - sales.value - case
            when product.metric = 'logo_retention'
                then {{ plr_root_of_squares(
                    '(product.value - product.low)', '(sales.high - sales.value)'
                ) }}
            else {{ plr_z() }} * {{ plr_common_error(
                'product.standard_error', 'sales.standard_error'
            ) | indent(16) }}
        end as low,
        product.value - sales.value + case
            when product.metric = 'logo_retention'
                then {{ plr_root_of_squares(
                    '(product.high - product.value)', '(sales.value - sales.low)'
                ) }}
            else {{ plr_z() }} * {{ plr_common_error(
                'product.standard_error', 'sales.standard_error'
            ) | indent(16) }}
        end as high,
        product.adjusted_value - sales.adjusted_value as adjusted_value,
        {{ plr_common_error('product.adjusted_error', 'sales.adjusted_error') | indent(8) }}
            as adjusted_error,
        product.is_adjustable,
        product.common_support_share,
        product.strata,
        product.segments_left_out
    from compared as product
    inner join compared as sales
        on
            product.month = sales.month
            and product.metric = sales.metric
    where
        product.origin_group = 'product_driven'
        and sales.origin_group = 'sales_originated'
        and product.is_adjustable
),

unioned as (
    select
        month,
        origin_group,
        metric,
        n_accounts,
        n_accounts as fewest_accounts,
        numerator,
        denominator,
        is_suppressed,
        value,
        low,
        high,
        adjusted_value,
        {{ plr_common_error('adjusted_error') | indent(8) }} as adjusted_error,
        is_adjustable,
        common_support_share,
        strata,
        segments_left_out
    from compared
    union all
    select
        month,
        origin_group,
        metric,
        n_accounts,
        fewest_accounts,
        numerator,
        denominator,
        is_suppressed,
        value,
        low,
        high,
        adjusted_value,
        adjusted_error,
        is_adjustable,
        common_support_share,
        strata,
        segments_left_out
    from differences
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
        cast(case when not is_suppressed then low end as {{ plr_share_type() }}) as ci_low,
        cast(case when not is_suppressed then high end as {{ plr_share_type() }}) as ci_high,
        cast(case when not is_suppressed then adjusted_value end as {{ plr_share_type() }})
            as adjusted_value,
        cast(
            case
                when not is_suppressed then adjusted_value - {{ plr_z() }} * adjusted_error
            end as {{ plr_share_type() }}
        ) as adjusted_ci_low,
        cast(
            case
                when not is_suppressed then adjusted_value + {{ plr_z() }} * adjusted_error
            end as {{ plr_share_type() }}
        ) as adjusted_ci_high,
        case when is_adjustable then common_support_share end as common_support_share,
        cast(case when is_adjustable then strata end as int) as strata,
        case when is_adjustable then segments_left_out end as segments_left_out,
        case
            when is_suppressed then 'suppressed'
            when fewest_accounts < {{ var('plr_small_group_low') }} then 'low'
            else 'ok'
        end as confidence
    from unioned
)

select * from final
