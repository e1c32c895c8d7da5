{{ config(materialized='view') }}

with

company_months as (
    select * from {{ ref('int_plr__scope_months') }}
    where scope = 'company'
),

-- accounts that never paid, proved value long ago, and still get it
waiting_accounts as (
    select
        month,
        sum(case when status = 'flagged' then 1 else 0 end) as flagged_accounts,
        count(*) as value_active_accounts
    from {{ ref('int_plr__conversion_black_holes_verdicts') }}
    where
        status in ('flagged', 'watch', 'clear')
        and days_waiting >= {{ var('plr_black_hole_wait_days') }}
        and value_events > 0
    group by 1
),

-- usage that does not mean value; whether value is missed altogether is another question
judged_usage as (
    select
        month,
        sum(
            case
                when status = 'flagged' and reason <> 'unproven_before_renewal' then closing_mrr
                else 0
            end
        ) as hollow_mrr,
        sum(closing_mrr) as judged_mrr,
        count(*) as judged_accounts
    from {{ ref('int_plr__hollow_usage_verdicts') }}
    where status in ('flagged', 'watch', 'clear')
    group by 1
),

ratios as (
    select
        2 as question_no,
        company_months.month,
        {{ plr_money('coalesce(caught.caught_streaks, 0)') }} as measure_numerator,
        {{ plr_money('coalesce(caught.earned_streaks, 0)') }} as measure_denominator,
        coalesce(caught.earned_accounts, 0) as population
    from company_months
    left join {{ ref('int_plr__caught_expansions') }} as caught
        on company_months.month = caught.month
    union all
    select
        3 as question_no,
        month,
        {{ plr_money('flagged_accounts') }} as measure_numerator,
        {{ plr_money('value_active_accounts') }} as measure_denominator,
        value_active_accounts as population
    from waiting_accounts
    union all
    select
        4 as question_no,
        month,
        {{ plr_money('hollow_mrr') }} as measure_numerator,
        {{ plr_money('judged_mrr') }} as measure_denominator,
        judged_accounts as population
    from judged_usage
    union all
    select
        7 as question_no,
        month,
        {{ plr_money('revenue_per_employee - revenue_per_employee_12m_ago') }} as measure_numerator,
        {{ plr_money('revenue_per_employee_12m_ago') }} as measure_denominator,
        cast(null as bigint) as population
    from company_months
),

-- unanswered where too few are asked, and question 6 by ARR per employee alone; question 5 is
-- answered by a status
final as (
    select
        question_no,
        month,
        case
            when
                population is null
                or population >= {{ var('plr_quick_test_population') }}
                then {{ plr_ratio('measure_numerator', 'measure_denominator') }}
        end as measure_value,
        measure_numerator,
        measure_denominator,
        cast(null as {{ dbt.type_string() }}) as status
    from ratios
    union all
    select
        1 as question_no,
        month,
        case
            when
                n_observed >= {{ var('plr_quick_test_population') }}
                and coverage_share >= {{ var('plr_index_min_coverage') }}
                then cast(product_started_share as {{ plr_share_type() }})
        end as measure_value,
        cast(null as {{ dbt.type_numeric() }}) as measure_numerator,
        cast(null as {{ dbt.type_numeric() }}) as measure_denominator,
        cast(null as {{ dbt.type_string() }}) as status
    from {{ ref('int_plr__index_months') }}
    where scope = 'company' and stage = 'all'
    union all
    select
        5 as question_no,
        month,
        cast(null as {{ plr_share_type() }}) as measure_value,
        cast(null as {{ dbt.type_numeric() }}) as measure_numerator,
        cast(null as {{ dbt.type_numeric() }}) as measure_denominator,
        status
    from {{ ref('int_plr__borrowed_nrr_verdicts') }}
    where scope = 'company'
    union all
    select
        6 as question_no,
        month,
        case when human_started_share is not null then cast(gap as {{ plr_share_type() }}) end
            as measure_value,
        cast(null as {{ dbt.type_numeric() }}) as measure_numerator,
        cast(null as {{ dbt.type_numeric() }}) as measure_denominator,
        cast(null as {{ dbt.type_string() }}) as status
    from {{ ref('int_plr__architecture_drift_verdicts') }}
)

select * from final
