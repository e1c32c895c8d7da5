{#- Number → question, and the pattern behind a weak answer. -#}
{%- set questions = {
    1: ['Who starts revenue events?', 'product_passive_growth'],
    2: ['Does earned expansion meet a motion?', 'expansion_orphans'],
    3: ['Does value reached meet a commercial step?', 'conversion_black_holes'],
    4: ['Does usage still mean value?', 'hollow_usage'],
    5: ['Does NRR pay for itself?', 'borrowed_nrr'],
    6: ['Does the motion fit the stage?', 'architecture_drift'],
    7: ['Does revenue outgrow headcount?', 'architecture_drift'],
} -%}

with

board as (
    select
        board.month,
        board.earned_accounts,
        board.orphan_accounts,
        scope_months.revenue_per_employee,
        scope_months.revenue_per_employee_12m_ago
    from {{ ref('plr_board_metrics') }} as board
    inner join {{ ref('int_plr__scope_months') }} as scope_months
        on
            board.month = scope_months.month
            and scope_months.scope = 'company'
),

shares as (
    select
        month,
        product_started_share
    from {{ ref('plr_index_monthly') }}
    where scope = 'company' and stage = 'all'
),

-- accounts that never paid, proved value long ago, and still get it
black_holes as (
    select
        month,
        sum(case when status = 'flagged' then 1 else 0 end) as flagged_accounts,
        count(*) as value_active_accounts
    from {{ ref('plr_conversion_black_holes') }}
    where
        entity_type = 'account'
        and status in ('flagged', 'watch', 'clear')
        and days_waiting >= {{ var('plr_black_hole_wait_days') }}
        and value_events > 0
    group by 1
),

hollow as (
    select
        month,
        sum(case when status = 'flagged' then closing_mrr else 0 end) as hollow_mrr,
        sum(closing_mrr) as judged_mrr
    from {{ ref('plr_hollow_usage') }}
    where status in ('flagged', 'watch', 'clear')
    group by 1
),

borrowed as (
    select
        month,
        status
    from {{ ref('plr_borrowed_nrr') }}
    where scope = 'company'
),

drift as (
    select
        month,
        gap
    from {{ ref('plr_architecture_drift') }}
),

measured as (
    select
        board.month,
        shares.product_started_share as value_1,
        {{ plr_ratio('(board.earned_accounts - board.orphan_accounts)', 'board.earned_accounts') }}
            as value_2,
        board.earned_accounts - board.orphan_accounts as numerator_2,
        board.earned_accounts as denominator_2,
        {{ plr_ratio('black_holes.flagged_accounts', 'black_holes.value_active_accounts') }}
            as value_3,
        black_holes.flagged_accounts as numerator_3,
        black_holes.value_active_accounts as denominator_3,
        {{ plr_ratio('hollow.hollow_mrr', 'hollow.judged_mrr') }} as value_4,
        hollow.hollow_mrr as numerator_4,
        hollow.judged_mrr as denominator_4,
        borrowed.status as status_5,
        drift.gap as value_6,
        {{ plr_ratio(
            '(board.revenue_per_employee - board.revenue_per_employee_12m_ago)',
            'board.revenue_per_employee_12m_ago'
        ) }} as value_7,
        board.revenue_per_employee - board.revenue_per_employee_12m_ago as numerator_7,
        board.revenue_per_employee_12m_ago as denominator_7
    from board
    left join shares
        on board.month = shares.month
    left join black_holes
        on board.month = black_holes.month
    left join hollow
        on board.month = hollow.month
    left join borrowed
        on board.month = borrowed.month
    left join drift
        on board.month = drift.month
),

answers as (
    {% for no in questions %}
        {%- set is_ratio = no in [2, 3, 4, 7] %}
        select
            month,
            {{ no }} as question_no,
            {{ 'cast(null as ' ~ plr_share_type() ~ ')' if no == 5 else 'value_' ~ no }}
                as measure_value,
            {{ 'numerator_' ~ no if is_ratio else 'cast(null as ' ~ dbt.type_numeric() ~ ')' }}
                as measure_numerator,
            {{ 'denominator_' ~ no if is_ratio else 'cast(null as ' ~ dbt.type_numeric() ~ ')' }}
                as measure_denominator,
            {{ plr_quick_test_answer(no) }} as answer,
            {{ plr_quick_test_points(no) | indent(12) }} as points
        from measured
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked as (
    select
        month,
        question_no,
        points,
        row_number() over (
            partition by month
            order by coalesce(points, 3), question_no
        ) as place
    from answers
),

-- fewer answers make no score
totals as (
    select
        month,
        sum(points) as points,
        count(points) as n_answered,
        case
            when count(points) >= {{ var('plr_quick_test_answers') }}
                then {{ plr_ratio('100 * sum(points)', '2 * count(points)') }}
        end as score,
        max(case when place = 1 and points < 2 then question_no end) as heaviest_question_no
    from ranked
    group by 1
),

final as (
    select
        month,
        cast(question_no as int) as question_no,
        case question_no
            {% for no, question in questions.items() -%}
                when {{ no }} then '{{ question[0] }}'
            {% endfor %}
        end as question,
        cast(measure_value as {{ plr_share_type() }}) as measure_value,
        {{ plr_money('measure_numerator') }} as measure_numerator,
        {{ plr_money('measure_denominator') }} as measure_denominator,
        case when points is null then 'unanswered' else answer end as answer,
        cast(points as int) as points,
        case
            when points is null then 'unanswered'
            when points = 0 then 'weak'
            when points = 1 then 'mixed'
            else 'strong'
        end as verdict,
        cast(null as {{ dbt.type_string() }}) as heaviest_pattern
    from answers
    union all
    select
        month,
        0 as question_no,
        'How product-led is our revenue?' as question,
        score as measure_value,
        {{ plr_money('points') }} as measure_numerator,
        {{ plr_money('2 * n_answered') }} as measure_denominator,
        {{ dbt.concat([
            'cast(n_answered as ' ~ dbt.type_string() ~ ')', "' of 7 questions answered'"
        ]) }} as answer,
        cast(points as int) as points,
        case
            when score is null then 'insufficient_data'
            when score >= {{ var('plr_quick_test_strong') }} then 'strong'
            when score >= {{ var('plr_quick_test_mixed') }} then 'mixed'
            else 'weak'
        end as verdict,
        case heaviest_question_no
            {% for no, question in questions.items() -%}
                when {{ no }} then '{{ question[1] }}'
            {% endfor %}
        end as heaviest_pattern
    from totals
)

select * from final
