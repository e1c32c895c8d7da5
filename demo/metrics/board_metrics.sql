-- one row a month: what only the company as a whole has
select
    board.month as plr_month,
    board.arr as company_arr,
    board.headcount_fte,
    board.revenue_ttm,
    board.revenue_ttm - board.cogs_ttm as gross_profit_ttm,
    motion.product_started_share,
    motion.plr_index
from {{ ref('product_led_revenue', 'plr_board_metrics') }} as board
left join {{ ref('product_led_revenue', 'plr_index_monthly') }} as motion
    on
        board.month = motion.month
        and motion.scope = 'company'
        and motion.stage = 'all'
