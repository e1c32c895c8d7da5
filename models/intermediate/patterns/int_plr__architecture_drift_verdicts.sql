{%- set designed_for_stage = var('plr_designed_for_stage') or '' -%}

-- long, since where a company stands, how it works and for how long make one verdict
with

stages as (
    select * from {{ ref('stg_plr__stage_expectations') }}
),

-- who starts the revenue is known where enough of it is observed
index_months as (
    select
        month,
        scope,
        scope_value,
        human_started_share
    from {{ ref('int_plr__index_months') }}
    where stage = 'all' and coverage_share >= {{ var('plr_index_min_coverage') }}
),

company_months as (
    select
        scope_months.month,
        scope_months.scope,
        scope_months.scope_value,
        scope_months.arr,
        scope_months.headcount_fte,
        scope_months.revenue_per_employee as arr_per_fte,
        index_months.human_started_share,
        case when index_months.human_started_share is null then 0 else 1 end
        + case when scope_months.revenue_per_employee is null then 0 else 1 end as n_metrics
    from {{ ref('int_plr__scope_months') }} as scope_months
    left join index_months
        on
            scope_months.month = index_months.month
            and scope_months.scope = index_months.scope
            and scope_months.scope_value = index_months.scope_value
    where scope_months.scope = 'company'
),

-- in the last stage whose ARR it reaches, operating like the last whose expectations it meets:
-- those that can be checked, and no further than it was designed for
placed as (
    select
        company_months.month,
        max(case when company_months.arr >= stages.arr_from then stages.stage_idx end)
            as actual_stage_idx,
        coalesce(
            max(
                case
                    when
                        coalesce(
                            company_months.human_started_share <= stages.max_human_started_share,
                            true
                        )
                        and coalesce(company_months.arr_per_fte >= stages.min_arr_per_fte, true)
                        then stages.stage_idx
                end
            ),
            min(stages.stage_idx)
        ) as met_stage_idx,
        max(
            case
                when stages.stage = '{{ designed_for_stage }}'
                    then stages.stage_idx
            end
        ) as designed_stage_idx
    from company_months
    cross join stages
    group by 1
),

operating as (
    select
        company_months.*,
        placed.actual_stage_idx,
        case
            when company_months.n_metrics > 0
                then least(
                    placed.met_stage_idx,
                    coalesce(placed.designed_stage_idx, placed.met_stage_idx)
                )
        end as operating_stage_idx
    from company_months
    inner join placed
        on company_months.month = placed.month
),

gaps as (
    select
        operating.*,
        operating.actual_stage_idx - operating.operating_stage_idx as gap,
        actual_stages.stage as actual_stage,
        actual_stages.min_arr_per_fte as expected_arr_per_fte,
        actual_stages.max_human_started_share as expected_human_share,
        operating_stages.stage as operating_stage
    from operating
    left join stages as actual_stages
        on operating.actual_stage_idx = actual_stages.stage_idx
    left join stages as operating_stages
        on operating.operating_stage_idx = operating_stages.stage_idx
),

runs as (
    select
        *,
        {{ plr_run('gap >= 1', 'scope_value', 'month') | indent(8) }} as gap_run,
        {{ plr_run('actual_stage_idx >= 0', 'actual_stage_idx', 'month') | indent(8) }}
            as stage_run
    from gaps
),

measured as (
    select
        *,
        {{ plr_streak('gap >= 1', 'scope_value', 'month', 'gap_run') | indent(8) }}
            as months_in_gap,
        {{ plr_streak('actual_stage_idx >= 0', 'actual_stage_idx', 'month', 'stage_run')
            | indent(8) }} as months_in_stage
    from runs
),

reasoned as (
    select
        *,
        {{ plr_architecture_drift_reason(
            'gap', 'n_metrics', 'months_in_gap', 'months_in_stage'
        ) | indent(8) }} as reason
    from measured
),

final as (
    select
        reasoned.month,
        reasoned.scope,
        reasoned.scope_value,
        reasoned.arr,
        reasoned.headcount_fte,
        reasoned.arr_per_fte,
        reasoned.human_started_share,
        reasoned.n_metrics,
        reasoned.actual_stage,
        reasoned.actual_stage_idx,
        reasoned.expected_arr_per_fte,
        reasoned.expected_human_share,
        reasoned.operating_stage,
        reasoned.operating_stage_idx,
        reasoned.gap,
        reasoned.months_in_gap,
        reasoned.months_in_stage,
        reasoned.reason,
        {{ plr_status_of('architecture_drift', 'reasoned.reason', 'reasons.status') | indent(8) }}
            as status
    from reasoned
    left join {{ ref('stg_plr__pattern_reasons') }} as reasons
        on
            reasons.pattern = 'architecture_drift'
            and reasoned.reason = reasons.reason
)

select * from final
