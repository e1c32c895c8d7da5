-- one row a month, segment and origin, without the totals: the parts add up to them
select
    month as plr_month, -- MetricFlow reserves the word month
    segment,
    origin,
    closing_mrr,
    arr,
    product_driven_mrr,
    new_mrr + expansion_mrr + reactivation_mrr - contraction_mrr - churn_mrr as net_new_mrr
from {{ ref('product_led_revenue', 'plr_product_driven_revenue') }}
where segment <> 'all' and not is_total
