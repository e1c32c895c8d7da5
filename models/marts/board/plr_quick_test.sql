{#- Number, question, and the pattern behind a weak answer. -#}
{%- set questions = [
    (1, 'Who starts revenue events?', 'product_passive_growth'),
    (2, 'Does earned expansion meet a motion?', 'expansion_orphans'),
    (3, 'Does value reached meet a commercial step?', 'conversion_black_holes'),
    (4, 'Does usage still mean value?', 'hollow_usage'),
    (5, 'Does NRR pay for itself?', 'borrowed_nrr'),
    (6, 'Does the motion fit the stage?', 'architecture_drift'),
    (7, 'Does revenue outgrow headcount?', 'architecture_drift'),
] -%}

with

-- what earns one point and what earns two: more of it, or less where two points ask for less;
-- question 5 is answered by a status instead
questions as (
    {% for number, question, pattern in questions %}
        {%- set one, two = plr_quick_test_limits_of(number) if number != 5 else ('null', 'null') %}
        select
            {{ number }} as question_no,
            '{{ question }}' as question,
            '{{ pattern }}' as pattern,
            cast({{ one }} as {{ plr_share_type() }}) as one_point,
            cast({{ two }} as {{ plr_share_type() }}) as two_points,
            {{ 1 if two >= one else -1 }} as direction
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

company_months as (
    select month from {{ ref('int_plr__scope_months') }}
    where scope = 'company'
),

-- every question in every month, answered or not
answers as (
    select
        company_months.month,
        questions.question_no,
        questions.question,
        questions.pattern,
        measures.measure_value,
        measures.measure_numerator,
        measures.measure_denominator,
        case
            when questions.question_no = 5 then measures.status
            when questions.question_no = 6 then {{ plr_whole_text('measures.measure_value') }}
            else {{ plr_percent_text('measures.measure_value') }}
        end as answer,
        case
            when measures.status = 'clear' then 2
            when measures.status = 'watch' then 1
            when measures.status = 'flagged' then 0
            when
                questions.direction * round(measures.measure_value, 9)
                >= questions.direction * questions.two_points
                then 2
            when
                questions.direction * round(measures.measure_value, 9)
                >= questions.direction * questions.one_point
                then 1
            when measures.measure_value is not null then 0
        end as points
    from company_months
    cross join questions
    left join {{ ref('int_plr__quick_test_measures') }} as measures
        on
            company_months.month = measures.month
            and questions.question_no = measures.question_no
),

ranked as (
    select
        month,
        pattern,
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
        max(case when place = 1 and points < 2 then pattern end) as heaviest_pattern
    from ranked
    group by 1
),

final as (
    select
        month,
        cast(question_no as int) as question_no,
        question,
        measure_value,
        measure_numerator,
        measure_denominator,
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
        cast(n_answered as {{ dbt.type_string() }}) || ' of 7 questions answered' as answer,
        cast(points as int) as points,
        case
            when score is null then 'insufficient_data'
            when score >= {{ var('plr_quick_test_strong') }} then 'strong'
            when score >= {{ var('plr_quick_test_mixed') }} then 'mixed'
            else 'weak'
        end as verdict,
        heaviest_pattern
    from totals
)

select * from final
