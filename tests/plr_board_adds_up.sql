-- the board's ratios follow from the numbers beside them, and those are the revenue marts'
with

board as (
    select * from {{ ref('plr_board_metrics') }}
),

revenue as (
    select * from {{ ref('plr_product_driven_revenue') }}
    where segment = 'all' and is_total
),

impossible as (
    select
        month,
        'a ratio is out of its bounds, or not what its numbers say' as problem
    from board
    where
        abs(arr - 12 * closing_mrr) > 0.01
        or abs(gross_margin_ttm * revenue_ttm - (revenue_ttm - cogs_ttm)) > 0.01
        or abs(cost_to_serve_share * revenue_ttm - cost_to_serve_ttm) > 0.01
        or abs(revenue_per_employee * headcount_fte - arr) > 0.01
        or renewal_durability < 0
        or renewal_durability > 1
        or abs(renewals_with_value_share * renewals_ended_mrr - renewals_with_value_mrr) > 0.01
        or renewals_with_value_mrr + renewals_without_value_mrr > renewals_ended_mrr + 0.01
        or retained_with_value_share > 1
        or retained_without_value_share > 1
        or caught_streaks > earned_streaks
        or earned_accounts > earned_streaks
        or plr_index < 0
        or plr_index > 100
        or co_movement_score < -1
        or co_movement_score > 1
),

-- months without a movement have no revenue row
untied as (
    select
        board.month,
        'the board and plr_product_driven_revenue differ' as problem
    from board
    inner join revenue
        on board.month = revenue.month
    where
        abs(board.closing_mrr - revenue.closing_mrr) > 0.01
        or board.customers <> revenue.customers
),

-- every segment's ARR, once
segments as (
    select
        month,
        sum(arr) as arr
    from {{ ref('plr_product_passive_growth') }}
    where scope = 'segment'
    group by 1
),

unequal as (
    select
        board.month,
        'the segments do not add up to the company' as problem
    from board
    inner join segments
        on board.month = segments.month
    where abs(board.arr - segments.arr) > 0.01
)

select * from impossible
union all
select * from untied
union all
select * from unequal
