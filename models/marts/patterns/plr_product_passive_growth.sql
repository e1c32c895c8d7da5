with

event_roles as (
    {{ plr_input('plr_event_roles') }}
),

value_roles as (
    select count(*) as n_value_roles
    from event_roles
    where role = 'value'
),

-- the year's events: stage `all` pools them, the stages tell whose they were
shares as (
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
    from {{ ref('plr_index_monthly') }}
    group by 1, 2, 3
),

flags as (
    select distinct
        'expansion_orphans' as pattern,
        month,
        segment
    from {{ ref('plr_expansion_orphans') }}
    where status = 'flagged'
    union all
    select distinct
        'conversion_black_holes' as pattern,
        month,
        segment
    from {{ ref('plr_conversion_black_holes') }}
    where status = 'flagged'
    union all
    select distinct
        'hollow_usage' as pattern,
        month,
        segment
    from {{ ref('plr_hollow_usage') }}
    where status = 'flagged'
),

-- a flag of a segment's account or of a segment is one of the company, too
scoped_flags as (
    select
        pattern,
        month,
        'segment' as scope,
        segment as scope_value
    from flags
    union all
    select distinct
        pattern,
        month,
        'company' as scope,
        'all' as scope_value
    from flags
    union all
    select
        'borrowed_nrr' as pattern,
        month,
        scope,
        scope_value
    from {{ ref('plr_borrowed_nrr') }}
    where status = 'flagged'
    union all
    select
        'architecture_drift' as pattern,
        month,
        scope,
        scope_value
    from {{ ref('plr_architecture_drift') }}
    where status = 'flagged'
),

flag_counts as (
    select
        month,
        scope,
        scope_value,
        count(*) as other_patterns_flagged
    from scoped_flags
    group by 1, 2, 3
),

joined as (
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
        coalesce(shares.n_observed, 0) as n_observed,
        shares.coverage_share,
        shares.human_started_share,
        shares.acquisition_human_share,
        shares.conversion_human_share,
        shares.expansion_human_share,
        shares.retention_human_share,
        coalesce(shares.human_initiated_mrr, 0) as human_initiated_mrr,
        coalesce(flag_counts.other_patterns_flagged, 0) as other_patterns_flagged,
        value_roles.n_value_roles
    from {{ ref('int_plr__scope_months') }} as scope_months
    cross join value_roles
    left join shares
        on
            scope_months.month = shares.month
            and scope_months.scope = shares.scope
            and scope_months.scope_value = shares.scope_value
    left join flag_counts
        on
            scope_months.month = flag_counts.month
            and scope_months.scope = flag_counts.scope
            and scope_months.scope_value = flag_counts.scope_value
    where scope_months.closing_mrr > 0
),

reasoned as (
    select
        *,
        case
            when n_observed < {{ var('plr_passive_events') }} then 'few_events'
            when coalesce(coverage_share, 0) < {{ var('plr_passive_coverage') }}
                then 'low_coverage'
            when arr_growth is null then 'no_base_year'
            when n_value_roles = 0 then 'no_value_role'
            when human_started_share is null then 'no_share'
            when arr_growth < {{ var('plr_passive_growth') }} then 'no_growth'
            when human_started_share < {{ var('plr_passive_human_share') }} then 'product_starts'
            when value_active_share < {{ var('plr_passive_value_share') }} then 'product_unused'
            else 'people_start'
        end as reason
    from joined
),

judged as (
    select
        *,
        case
            when reason = 'people_start' then 'flagged'
            when reason in ('no_growth', 'product_starts', 'product_unused') then 'clear'
            else 'insufficient_data'
        end as status,
        round(headcount_growth - {{ var('plr_passive_headcount_pace') }} * arr_growth, 9) >= 0
            as is_headcount_keeping_pace
    from reasoned
),

runs as (
    select
        *,
        {{ plr_run("status = 'flagged'", 'scope, scope_value') | indent(8) }} as flagged_run
    from judged
),

streaks as (
    select
        *,
        {{ plr_streak("status = 'flagged'", 'scope, scope_value', 'flagged_run') | indent(8) }}
            as months_flagged_streak
    from runs
),

final as (
    select
        month,
        scope,
        scope_value,
        status,
        {{ plr_severity('is_headcount_keeping_pace') | indent(8) }} as severity,
        reason,
        case when status = 'flagged' then {{ plr_money('human_initiated_mrr') }} end
            as mrr_at_stake,
        cast(months_flagged_streak as int) as months_flagged_streak,
        arr,
        arr_12m_ago as arr_year_ago,
        arr_growth,
        headcount_growth,
        cast(n_observed as int) as n_observed,
        coverage_share,
        human_started_share,
        acquisition_human_share,
        conversion_human_share,
        expansion_human_share,
        retention_human_share,
        cast(customers as int) as paying_accounts,
        cast(value_active_accounts as int) as value_active_accounts,
        value_active_share,
        cast(human_touches_ttm as int) as human_touches,
        {{ plr_ratio('human_touches_ttm', 'n_observed') }} as touches_per_event,
        cast(other_patterns_flagged as int) as other_patterns_flagged,
        {{ plr_product_passive_growth_evidence() | indent(8) }} as evidence_summary
    from streaks
)

select * from final
