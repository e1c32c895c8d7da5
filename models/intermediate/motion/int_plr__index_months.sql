{%- set weights = plr_var('plr_index_weights') %}
{%- set too_few = ' of the ' ~ var('plr_index_min_stage_events') ~ ' needed)' %}

-- what share of each stage the product starts and carries; the mean of the stages is the PLR index;
-- long, since each stage and all together are listed column by column
with

stages as (
    select
        *,
        case when stage in ('conversion', 'expansion', 'retention') then 1 else 0 end
            as pooled_weight,
        case stage
            when 'acquisition' then {{ weights.get('acquisition', 0) }}
            when 'conversion' then {{ weights.get('conversion', 0) }}
            when 'expansion' then {{ weights.get('expansion', 0) }}
            when 'reactivation' then {{ weights.get('reactivation', 0) }}
            when 'retention' then {{ weights.get('retention', 0) }}
        end as weight
    from {{ ref('int_plr__stage_months') }}
),

shares as (
    select
        *,
        {{ plr_divided('(product_initiated_amount + product_sourced_amount)', 'observed_amount') }}
            as started_share,
        {{ plr_divided('product_initiated_amount', 'observed_amount') }}
        + {{ var('plr_assisted_weight') }}
        * ({{ plr_divided('product_sourced_amount', 'observed_amount') }}) as carried_share,
        {{ plr_divided('human_initiated_amount', 'observed_amount') }} as human_share,
        case
            when
                n_observed >= {{ var('plr_index_min_stage_events') }}
                and observed_amount <> 0
                then weight
            else 0
        end as used_weight
    from stages
),

-- decimals, as floats add up to something else in another order
weighted as (
    select
        *,
        cast(used_weight * started_share as {{ plr_share_type() }}) as started_part,
        cast(used_weight * carried_share as {{ plr_share_type() }}) as carried_part,
        cast(used_weight * human_share as {{ plr_share_type() }}) as human_part,
        case when used_weight > 0 then stage end as stage_weighed,
        case
            when weight = 0 or used_weight > 0 then null
            when n_observed >= {{ var('plr_index_min_stage_events') }}
                then stage || ' (no MRR observed)'
            else
                stage || ' (' || {{ plr_count_text(
                    'n_observed', 'observed event', 'observed events'
                ) }} || '{{ too_few }}'
        end as stage_left_out
    from shares
),

-- amounts of three stages are pooled, shares are not: renewals would drown everything else
pooled as (
    select
        month,
        scope,
        scope_value,
        sum(pooled_weight * n_events) as n_events,
        sum(pooled_weight * n_observed) as n_observed,
        sum(pooled_weight * total_amount) as total_amount,
        sum(pooled_weight * observed_amount) as observed_amount,
        sum(pooled_weight * product_initiated_amount) as product_initiated_amount,
        sum(pooled_weight * product_sourced_amount) as product_sourced_amount,
        sum(pooled_weight * human_initiated_amount) as human_initiated_amount,
        count(stage_weighed) as stages_weighed,
        nullif({{ plr_listed('stage_weighed', ['stage']) }}, '') as weighed_stages,
        nullif({{ plr_listed('stage_left_out', ['stage']) }}, '') as left_out_stages,
        {{ plr_divided('sum(started_part)', 'sum(used_weight)') }} as started_share,
        {{ plr_divided('sum(carried_part)', 'sum(used_weight)') }} as carried_share,
        {{ plr_divided('sum(human_part)', 'sum(used_weight)') }} as human_share
    from weighted
    group by 1, 2, 3
),

all_stages as (
    select
        month,
        scope,
        scope_value,
        stage,
        n_events,
        n_observed,
        total_amount,
        observed_amount,
        product_initiated_amount,
        product_sourced_amount,
        human_initiated_amount,
        cast(null as int) as stages_weighed,
        cast(null as {{ dbt.type_string() }}) as weighed_stages,
        cast(null as {{ dbt.type_string() }}) as left_out_stages,
        started_share,
        carried_share,
        human_share
    from shares
    union all
    select
        month,
        scope,
        scope_value,
        'all' as stage,
        n_events,
        n_observed,
        total_amount,
        observed_amount,
        product_initiated_amount,
        product_sourced_amount,
        human_initiated_amount,
        stages_weighed,
        weighed_stages,
        left_out_stages,
        started_share,
        carried_share,
        human_share
    from pooled
),

final as (
    select
        month,
        scope,
        scope_value,
        stage,
        cast(n_events as int) as n_events,
        cast(n_observed as int) as n_observed,
        {{ plr_money('total_amount') }} as total_amount,
        {{ plr_money('observed_amount') }} as observed_amount,
        {{ plr_money('product_initiated_amount') }} as product_initiated_amount,
        {{ plr_money('product_sourced_amount') }} as product_sourced_amount,
        {{ plr_money('human_initiated_amount') }} as human_initiated_amount,
        cast(stages_weighed as int) as stages_weighed,
        weighed_stages,
        left_out_stages,
        cast(started_share as {{ plr_share_type() }}) as product_started_share,
        cast(carried_share as {{ plr_share_type() }}) as product_carried_share,
        cast(human_share as {{ plr_share_type() }}) as human_started_share,
        {{ plr_ratio('observed_amount', 'total_amount') }} as coverage_share,
        case
            when
                stages_weighed >= {{ var('plr_index_min_stages') }}
                and observed_amount >= {{ var('plr_index_min_coverage') }} * total_amount
                and total_amount > 0
                then cast(100 * carried_share as {{ plr_share_type() }})
        end as plr_index
    from all_stages
)

select * from final
