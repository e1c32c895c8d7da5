{%- set designed_for_stage = var('plr_designed_for_stage') or '' -%}

with

stages as (
    {{ plr_input('plr_stage_expectations') }}
),

company_months as (
    select
        scope_months.month,
        scope_months.scope,
        scope_months.scope_value,
        scope_months.arr,
        scope_months.headcount_fte,
        scope_months.revenue_per_employee as arr_per_fte,
        index_months.human_started_share
    from {{ ref('int_plr__scope_months') }} as scope_months
    left join {{ ref('plr_index_monthly') }} as index_months
        on
            scope_months.month = index_months.month
            and scope_months.scope = index_months.scope
            and scope_months.scope_value = index_months.scope_value
            and index_months.stage = 'all'
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
                        and coalesce(
                            company_months.arr_per_fte >= stages.min_arr_per_fte,
                            true
                        )
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

compared as (
    select
        company_months.*,
        case when company_months.human_started_share is null then 0 else 1 end
        + case when company_months.arr_per_fte is null then 0 else 1 end
            as n_metrics,
        placed.actual_stage_idx,
        case
            when
                company_months.human_started_share is not null
                or company_months.arr_per_fte is not null
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
        *,
        actual_stage_idx - operating_stage_idx as gap
    from compared
),

gap_runs as (
    select
        *,
        {{ plr_run('gap >= 1', 'scope_value') | indent(8) }} as gap_run,
        {{ plr_run('actual_stage_idx >= 0', 'actual_stage_idx') | indent(8) }} as stage_run
    from gaps
),

gap_streaks as (
    select
        *,
        {{ plr_streak('gap >= 1', 'scope_value', 'gap_run') | indent(8) }} as months_in_gap,
        {{ plr_streak('actual_stage_idx >= 0', 'actual_stage_idx', 'stage_run') | indent(8) }}
            as months_in_stage
    from gap_runs
),

reasoned as (
    select
        *,
        case
            when gap is null then 'no_metric'
            when gap < 1 then 'fits_stage'
            when n_metrics = 1 then 'one_metric'
            when
                months_in_gap >= {{ var('plr_drift_months') }}
                and months_in_stage >= {{ var('plr_drift_months_in_stage') }}
                then 'drift'
            else 'too_recent'
        end as reason
    from gap_streaks
),

judged as (
    select
        *,
        case
            when reason = 'no_metric' then 'insufficient_data'
            when reason = 'fits_stage' then 'clear'
            when reason = 'drift' then 'flagged'
            else 'watch'
        end as status
    from reasoned
),

runs as (
    select
        *,
        {{ plr_run("status = 'flagged'", 'scope_value') | indent(8) }} as flagged_run
    from judged
),

streaks as (
    select
        *,
        {{ plr_streak("status = 'flagged'", 'scope_value', 'flagged_run') | indent(8) }}
            as months_flagged_streak
    from runs
),

complete as (
    select
        streaks.*,
        actual_stages.stage as actual_stage,
        operating_stages.stage as operating_stage,
        streaks.headcount_fte
        - {{ plr_divided('streaks.arr', 'actual_stages.min_arr_per_fte') }} as excess_fte
    from streaks
    left join stages as actual_stages
        on streaks.actual_stage_idx = actual_stages.stage_idx
    left join stages as operating_stages
        on streaks.operating_stage_idx = operating_stages.stage_idx
),

final as (
    select
        month,
        scope,
        scope_value,
        status,
        {{ plr_severity('gap >= 2') | indent(8) }} as severity,
        reason,
        case
            when status not in ('flagged', 'watch') then cast(null as {{ dbt.type_numeric() }})
            when excess_fte < 0 then cast(0 as {{ dbt.type_numeric() }})
            else {{ plr_money_of_float('excess_fte') }}
        end as excess_fte,
        cast(months_flagged_streak as int) as months_flagged_streak,
        arr,
        headcount_fte,
        arr_per_fte,
        human_started_share,
        actual_stage,
        cast(actual_stage_idx as int) as actual_stage_idx,
        operating_stage,
        cast(operating_stage_idx as int) as operating_stage_idx,
        cast(gap as int) as gap,
        cast(months_in_stage as int) as months_in_stage,
        {{ plr_architecture_drift_evidence() | indent(8) }} as evidence_summary
    from complete
)

select * from final
