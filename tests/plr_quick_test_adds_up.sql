-- every month has all questions, and its score follows from their points
with

questions as (
    select * from {{ ref('plr_quick_test') }}
    where question_no > 0
),

totals as (
    select * from {{ ref('plr_quick_test') }}
    where question_no = 0
),

answered as (
    select
        month,
        count(*) as n_questions,
        count(points) as n_answered,
        sum(points) as points,
        max(case when points not in (0, 1, 2) then 1 else 0 end) as n_impossible
    from questions
    group by 1
)

select
    answered.month,
    'the questions and the score do not fit' as problem
from answered
left join totals
    on answered.month = totals.month
where
    totals.month is null
    or answered.n_questions <> 7
    or answered.n_impossible > 0
    or coalesce(answered.points, 0) <> coalesce(totals.points, 0)
    or (totals.measure_value is null) <> (
        answered.n_answered < {{ var('plr_quick_test_answers') }}
    )
    or abs(totals.measure_value * answered.n_answered - 50 * answered.points) > 0.01
