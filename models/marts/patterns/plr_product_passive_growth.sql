{#- Patterns whose flags have a segment: they count there and in the company. -#}
{%- set verdicts_by_segment = [
    ('expansion_orphans', ref('int_plr__expansion_orphans_verdicts')),
    ('conversion_black_holes', ref('int_plr__conversion_black_holes_verdicts')),
    ('conversion_black_holes', ref('int_plr__conversion_black_holes_segment_verdicts')),
    ('hollow_usage', ref('int_plr__hollow_usage_verdicts')),
] -%}

with

flagged as (
    {% for pattern, verdicts in verdicts_by_segment %}
        select
            '{{ pattern }}' as pattern,
            month,
            segment
        from {{ verdicts }}
        where status = 'flagged'
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

scoped_flags as (
    select
        pattern,
        month,
        'segment' as scope,
        segment as scope_value
    from flagged
    union all
    select
        pattern,
        month,
        'company' as scope,
        'all' as scope_value
    from flagged
    union all
    select
        'borrowed_nrr' as pattern,
        month,
        scope,
        scope_value
    from {{ ref('int_plr__borrowed_nrr_verdicts') }}
    where status = 'flagged'
    union all
    select
        'architecture_drift' as pattern,
        month,
        scope,
        scope_value
    from {{ ref('int_plr__architecture_drift_verdicts') }}
    where status = 'flagged'
),

flag_counts as (
    select
        month,
        scope,
        scope_value,
        count(distinct pattern) as other_patterns_flagged
    from scoped_flags
    group by 1, 2, 3
),

runs as (
    select
        *,
        {{ plr_run("status = 'flagged'", 'scope, scope_value', 'month') | indent(8) }}
            as flagged_run
    from {{ ref('int_plr__product_passive_growth_verdicts') }}
),

streaks as (
    select
        runs.*,
        {{ plr_streak(
            "runs.status = 'flagged'", 'runs.scope, runs.scope_value', 'runs.month',
            'runs.flagged_run'
        ) | indent(8) }} as months_flagged_streak,
        round(
            runs.headcount_growth - {{ var('plr_passive_headcount_pace') }} * runs.arr_growth, 9
        ) >= 0 as is_headcount_keeping_pace,
        coalesce(flag_counts.other_patterns_flagged, 0) as other_patterns_flagged
    from runs
    left join flag_counts
        on
            runs.month = flag_counts.month
            and runs.scope = flag_counts.scope
            and runs.scope_value = flag_counts.scope_value
),

final as (
    select
        month,
        scope,
        scope_value,
        status,
        {{ plr_severity_of('status', 'months_flagged_streak', 'is_headcount_keeping_pace')
            | indent(8) }} as severity,
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
        case reason
            when 'few_events'
                then
                    'Needs {{ var("plr_passive_events") }} observed revenue events in a year, has '
                    || {{ plr_whole_text('n_observed') }} || '.'
            when 'low_coverage'
                then
                    'Who started the revenue is known for '
                    || {{ plr_whole_text('floor(100 * coalesce(coverage_share, 0))') }}
                    || ' % of it, which is less than'
                    || ' {{ (100 * var("plr_passive_coverage")) | round(0, "ceil") | int }} %.'
            when 'no_base_year' then 'There was no ARR a year ago to compare with.'
            when 'no_value_role'
                then 'No event is marked as value, so nobody knows what the product gives.'
            when 'no_share'
                then 'No stage has enough observed events to tell who starts the revenue.'
            else
                case when arr_growth < 0 then 'ARR fell by ' else 'ARR grew by ' end
                || {{ plr_percent_text('abs(arr_growth)') }}
                || ' in a year; people started ' || {{ plr_percent_text('human_started_share') }}
                || ' of the revenue events, stage by stage, while '
                || {{ plr_whole_text('value_active_accounts') }}
                || ' of ' || {{ plr_whole_text('customers') }}
                || ' paying accounts got value from the product in the last month.'
        end as evidence_summary
    from streaks
)

select * from final
