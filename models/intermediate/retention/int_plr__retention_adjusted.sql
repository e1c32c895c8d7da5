{{ config(materialized='view') }}

-- both groups given one mix of segments and sizes: the mix they have together
with

cohorts as (
    select
        account_id,
        month,
        segment,
        case when origin = 'sales_originated' then origin else 'product_driven' end
            as origin_group,
        starting_mrr,
        ending_mrr
    from {{ ref('int_plr__retention_cohorts') }}
    where origin in ({{ plr_product_driven_origins() }}, 'sales_originated')
),

sized as (
    select
        *,
        ntile(3) over (
            partition by month, segment
            order by starting_mrr, {{ plr_in_byte_order('account_id') }}
        ) as tercile
    from cohorts
),

strata as (
    select
        month,
        segment,
        tercile,
        origin_group,
        count(*) as accounts,
        sum(starting_mrr) as starting_mrr,
        {{ plr_divided('sum(ending_mrr)', 'sum(starting_mrr)') }} as nrr,
        {{ plr_divided('sum(least(ending_mrr, starting_mrr))', 'sum(starting_mrr)') }} as grr,
        {{ plr_divided('sum(case when ending_mrr > 0 then 1 else 0 end)', 'count(*)') }}
            as logo_retention,
        {{ plr_divided('sum(greatest(ending_mrr - starting_mrr, 0))', 'sum(starting_mrr)') }}
            as expansion_rate
    from sized
    group by 1, 2, 3, 4
),

compared as (
    select
        *,
        sum(starting_mrr) over (partition by month) as total_mrr,
        sum(starting_mrr) over (partition by month, segment, tercile) as stratum_mrr,
        count(*) over (partition by month, segment, tercile) as stratum_groups,
        min(accounts) over (partition by month, segment, tercile) as fewest_accounts
    from strata
),

-- a stratum without enough accounts of each group compares nothing
weighed as (
    select
        *,
        case
            when
                stratum_groups = 2
                and fewest_accounts >= {{ var('plr_comparison_stratum_accounts') }}
                then stratum_mrr
            else 0
        end as weight
    from compared
),

standardised as (
    select
        month,
        origin_group,
        {{ plr_ratio('sum(weight * nrr)', 'sum(weight)') }} as nrr,
        {{ plr_ratio('sum(weight * grr)', 'sum(weight)') }} as grr,
        {{ plr_ratio('sum(weight * logo_retention)', 'sum(weight)') }} as logo_retention,
        {{ plr_ratio('sum(weight * expansion_rate)', 'sum(weight)') }} as expansion_rate,
        {{ plr_ratio('sum(weight)', 'max(total_mrr)') }} as common_support_share
    from weighed
    group by 1, 2
),

-- too little in common: nothing is claimed
supported as (
    select
        *,
        common_support_share >= {{ var('plr_comparison_support') }} as is_supported
    from standardised
),

final as (
    select
        month,
        origin_group,
        case when is_supported then nrr end as nrr,
        case when is_supported then grr end as grr,
        case when is_supported then logo_retention end as logo_retention,
        case when is_supported then expansion_rate end as expansion_rate,
        common_support_share
    from supported
)

select * from final
