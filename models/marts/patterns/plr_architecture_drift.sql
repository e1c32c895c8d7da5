with

runs as (
    select
        *,
        {{ plr_run("status = 'flagged'", 'scope_value', 'month') | indent(8) }} as flagged_run
    from {{ ref('int_plr__architecture_drift_verdicts') }}
),

streaks as (
    select
        *,
        {{ plr_streak("status = 'flagged'", 'scope_value', 'month', 'flagged_run') | indent(8) }}
            as months_flagged_streak,
        headcount_fte - {{ plr_divided('arr', 'expected_arr_per_fte') }} as excess_fte
    from runs
),

final as (
    select
        month,
        scope,
        scope_value,
        status,
        {{ plr_severity_of('status', 'months_flagged_streak', 'gap >= 2') | indent(8) }}
            as severity,
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
        case
            when gap is null
                then 'Neither who starts the revenue nor ARR per employee is known.'
            else
                'At an ARR of ' || {{ plr_amount_text('arr') }}
                || ' the company is in stage ' || actual_stage
                || case
                    when gap < 1 then ' and works like it'
                    else ' but works like stage ' || operating_stage
                end
                || ': '
                || case
                    when human_started_share is null then 'who starts the revenue is not known'
                    else
                        'people start ' || {{ plr_percent_text('human_started_share') }}
                        || ' of the revenue events, stage by stage'
                end
                || case
                    when gap >= 1 and human_started_share > expected_human_share
                        then
                            ' (expected: '
                            || {{ plr_percent_text('expected_human_share') }} || ' at most)'
                    else ''
                end
                || ', '
                || case
                    when arr_per_fte is null then 'headcount is not known'
                    else 'ARR per employee is ' || {{ plr_amount_text('arr_per_fte') }}
                end
                || case
                    when gap >= 1 and arr_per_fte < expected_arr_per_fte
                        then
                            ' (expected: '
                            || {{ plr_amount_text('expected_arr_per_fte') }} || ' at least)'
                    else ''
                end
                || '.'
        end as evidence_summary
    from streaks
)

select * from final
