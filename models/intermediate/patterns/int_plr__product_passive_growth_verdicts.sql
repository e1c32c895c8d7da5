with

-- the year's events: stage `all` pools them, the stages tell whose they were
index_sums as (
    select
        month,
        scope,
        scope_value,
        max(case when stage = 'all' then n_observed end) as n_observed,
        max(case when stage = 'all' then coverage_share end) as coverage_share,
        max(case when stage = 'all' then human_started_share end) as human_started_share,
        max(case when stage = 'acquisition' then human_started_share end)
            as acquisition_human_share,
        max(case when stage = 'conversion' then human_started_share end) as conversion_human_share,
        max(case when stage = 'expansion' then human_started_share end) as expansion_human_share,
        max(case when stage = 'retention' then human_started_share end) as retention_human_share,
        sum(
            case
                when stage in ('conversion', 'expansion', 'reactivation')
                    then human_initiated_amount
                else 0
            end
        ) as human_initiated_mrr
    from {{ ref('int_plr__index_months') }}
    group by 1, 2, 3
),

measured as (
    select
        scope_months.month,
        scope_months.scope,
        scope_months.scope_value,
        scope_months.customers,
        scope_months.value_active_accounts,
        scope_months.human_touches_ttm,
        scope_months.arr,
        scope_months.arr_12m_ago,
        {{ plr_ratio(
            '(scope_months.arr - scope_months.arr_12m_ago)', 'scope_months.arr_12m_ago'
        ) }} as arr_growth,
        {{ plr_ratio(
            '(scope_months.headcount_fte - scope_months.headcount_fte_12m_ago)',
            'scope_months.headcount_fte_12m_ago'
        ) }} as headcount_growth,
        {{ plr_ratio('scope_months.value_active_accounts', 'scope_months.customers') }}
            as value_active_share,
        coalesce(index_sums.n_observed, 0) as n_observed,
        index_sums.coverage_share,
        index_sums.human_started_share,
        index_sums.acquisition_human_share,
        index_sums.conversion_human_share,
        index_sums.expansion_human_share,
        index_sums.retention_human_share,
        coalesce(index_sums.human_initiated_mrr, 0) as human_initiated_mrr,
        coverage.has_value_role
    from {{ ref('int_plr__scope_months') }} as scope_months
    cross join {{ ref('int_plr__coverage') }} as coverage
    left join index_sums
        on
            scope_months.month = index_sums.month
            and scope_months.scope = index_sums.scope
            and scope_months.scope_value = index_sums.scope_value
    where scope_months.closing_mrr > 0
),

reasoned as (
    select
        *,
        {{ plr_product_passive_growth_reason(
            'n_observed',
            'coverage_share',
            'arr_growth',
            'has_value_role',
            'human_started_share',
            'value_active_share'
        ) | indent(8) }} as reason
    from measured
),

final as (
    select
        reasoned.*,
        {{ plr_status_of('product_passive_growth', 'reasoned.reason', 'reasons.status')
            | indent(8) }} as status
    from reasoned
    left join {{ ref('stg_plr__pattern_reasons') }} as reasons
        on
            reasons.pattern = 'product_passive_growth'
            and reasoned.reason = reasons.reason
)

select * from final
