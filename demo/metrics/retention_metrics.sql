-- one row a month and segment; the segments add up to the company
select
    month as plr_month,
    scope_value as segment,
    starting_mrr,
    ending_mrr,
    retained_mrr
from {{ ref('product_led_revenue', 'plr_retention_monthly') }}
where scope = 'segment'
