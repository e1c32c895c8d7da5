-- one row a pattern, account and month, flagged or not: the last month counts even without a flag
select
    month as plr_month,
    pattern,
    segment,
    case when status = 'flagged' then entity_id end as flagged_account_id,
    case
        when pattern <> 'expansion_orphans' then null
        when status = 'flagged' then amount_at_stake
        when status in ('watch', 'clear') then 0
    end as orphaned_mrr
from {{ ref('product_led_revenue', 'plr_pattern_flags') }}
where entity_type = 'account'
