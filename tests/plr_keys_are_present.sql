-- every row of a mart has its whole key
with

keyless as (
    select 'plr_account_origin' as mart
    from {{ ref('plr_account_origin') }}
    where account_id is null
    union all
    select 'plr_deal_origin' as mart
    from {{ ref('plr_deal_origin') }}
    where opportunity_id is null or account_id is null
    union all
    select 'plr_mrr_movements' as mart
    from {{ ref('plr_mrr_movements') }}
    where account_id is null or month is null
    union all
    select 'plr_product_driven_revenue' as mart
    from {{ ref('plr_product_driven_revenue') }}
    where month is null or segment is null or origin is null
    union all
    select 'plr_retention_monthly' as mart
    from {{ ref('plr_retention_monthly') }}
    where month is null or scope is null or scope_value is null
    union all
    select 'plr_cohort_nrr' as mart
    from {{ ref('plr_cohort_nrr') }}
    where cohort_month is null or origin is null or months_since is null
    union all
    select 'plr_origin_comparison' as mart
    from {{ ref('plr_origin_comparison') }}
    where month is null or origin_group is null or metric is null
    union all
    select 'plr_origin_sensitivity' as mart
    from {{ ref('plr_origin_sensitivity') }}
    where month is null or scenario is null
    union all
    select 'plr_revenue_events' as mart
    from {{ ref('plr_revenue_events') }}
    where event_id is null or account_id is null or month is null or event_date is null
    union all
    select 'plr_index_monthly' as mart
    from {{ ref('plr_index_monthly') }}
    where month is null or scope is null or scope_value is null or stage is null
    union all
    select 'plr_expansion_orphans' as mart
    from {{ ref('plr_expansion_orphans') }}
    where account_id is null or month is null
    union all
    select 'plr_conversion_black_holes' as mart
    from {{ ref('plr_conversion_black_holes') }}
    where entity_type is null or entity_id is null or month is null
    union all
    select 'plr_hollow_usage' as mart
    from {{ ref('plr_hollow_usage') }}
    where account_id is null or month is null
    union all
    select 'plr_pattern_flags' as mart
    from {{ ref('plr_pattern_flags') }}
    where pattern is null or entity_type is null or entity_id is null or month is null
    union all
    select 'plr_pattern_backtest' as mart
    from {{ ref('plr_pattern_backtest') }}
    where
        pattern is null
        or status is null
        or reason is null
        or outcome is null
        or horizon_months is null
    union all
    select 'plr_borrowed_nrr' as mart
    from {{ ref('plr_borrowed_nrr') }}
    where month is null or scope is null or scope_value is null
    union all
    select 'plr_architecture_drift' as mart
    from {{ ref('plr_architecture_drift') }}
    where month is null
    union all
    select 'plr_product_passive_growth' as mart
    from {{ ref('plr_product_passive_growth') }}
    where month is null or scope is null or scope_value is null
    union all
    select 'plr_board_metrics' as mart
    from {{ ref('plr_board_metrics') }}
    where month is null
    union all
    select 'plr_quick_test' as mart
    from {{ ref('plr_quick_test') }}
    where month is null or question_no is null
    union all
    select 'plr_data_quality' as mart
    from {{ ref('plr_data_quality') }}
    where relation is null or code is null
    union all
    select 'plr_input_words' as mart
    from {{ ref('plr_input_words') }}
    where relation is null or column_name is null or word is null or is_known is null
    union all
    select 'plr_pipeline' as mart
    from {{ ref('plr_pipeline') }}
    where
        opened_month is null
        or sequence_at_open is null
        or opportunity_type is null
        or segment is null
    union all
    select 'plr_pql_funnel' as mart
    from {{ ref('plr_pql_funnel') }}
    where
        signed_up_month is null
        or segment is null
        or acquisition_channel is null
        or horizon_days is null
    union all
    select 'plr_quarantine' as mart
    from {{ ref('plr_quarantine') }}
    where relation is null or record_id is null or code is null
)

select
    mart,
    count(*) as n_rows
from keyless
group by 1
