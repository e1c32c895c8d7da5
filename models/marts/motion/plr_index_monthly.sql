{%- set weights = var('plr_index_weights') %}

with

events as (
    select * from {{ ref('plr_revenue_events') }}
),

scopes as (
    select 'company' as scope
    union all
    select 'segment' as scope
),

monthly as (
    select
        events.month,
        scopes.scope,
        case when scopes.scope = 'company' then 'all' else events.segment end as scope_value,
        events.stage,
        count(*) as n_events,
        sum(case when events.initiation <> 'unobserved' then 1 else 0 end) as n_observed,
        sum(coalesce(events.amount_mrr, 0)) as total_amount,
        sum(
            case
                when events.initiation <> 'unobserved' then coalesce(events.amount_mrr, 0)
                else 0
            end
        ) as observed_amount,
        sum(
            case
                when events.initiation = 'product_initiated' then coalesce(events.amount_mrr, 0)
                else 0
            end
        ) as product_initiated_amount,
        sum(
            case
                when events.initiation = 'product_sourced_human_assisted'
                    then coalesce(events.amount_mrr, 0)
                else 0
            end
        ) as product_sourced_amount,
        sum(
            case
                when events.initiation = 'human_initiated' then coalesce(events.amount_mrr, 0)
                else 0
            end
        ) as human_initiated_amount
    from events
    cross join scopes
    group by 1, 2, 3, 4
),

-- the last twelve months, and all stages of whoever had an event of any
trailing_years as (
    select
        months.month,
        monthly.scope,
        monthly.scope_value,
        monthly.stage,
        sum(monthly.n_events) as n_events,
        sum(monthly.n_observed) as n_observed,
        sum(monthly.total_amount) as total_amount,
        sum(monthly.observed_amount) as observed_amount,
        sum(monthly.product_initiated_amount) as product_initiated_amount,
        sum(monthly.product_sourced_amount) as product_sourced_amount,
        sum(monthly.human_initiated_amount) as human_initiated_amount
    from {{ ref('int_plr__months') }} as months
    inner join monthly
        on
            months.month >= monthly.month
            and {{ plr_date_add('month', -12, 'months.month') }} < monthly.month
    group by 1, 2, 3, 4
),

active_scopes as (
    select distinct
        month,
        scope,
        scope_value
    from trailing_years
),

stages as (
    {% for stage in ['acquisition', 'conversion', 'expansion', 'reactivation', 'retention'] %}
        select
            '{{ stage }}' as stage,
            {{ weights.get(stage, 0) }} as weight,
            {{ 1 if stage in ['conversion', 'expansion', 'retention'] else 0 }} as is_pooled
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

by_stage as (
    select
        active_scopes.month,
        active_scopes.scope,
        active_scopes.scope_value,
        stages.stage,
        stages.weight,
        stages.is_pooled,
        coalesce(trailing_years.n_events, 0) as n_events,
        coalesce(trailing_years.n_observed, 0) as n_observed,
        coalesce(trailing_years.total_amount, 0) as total_amount,
        coalesce(trailing_years.observed_amount, 0) as observed_amount,
        coalesce(trailing_years.product_initiated_amount, 0) as product_initiated_amount,
        coalesce(trailing_years.product_sourced_amount, 0) as product_sourced_amount,
        coalesce(trailing_years.human_initiated_amount, 0) as human_initiated_amount
    from active_scopes
    cross join stages
    left join trailing_years
        on
            active_scopes.month = trailing_years.month
            and active_scopes.scope = trailing_years.scope
            and active_scopes.scope_value = trailing_years.scope_value
            and stages.stage = trailing_years.stage
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
    from by_stage
),

-- amounts of all stages are pooled, shares are not: renewals would drown everything else
pooled as (
    select
        month,
        scope,
        scope_value,
        sum(is_pooled * n_events) as n_events,
        sum(is_pooled * n_observed) as n_observed,
        sum(is_pooled * total_amount) as total_amount,
        sum(is_pooled * observed_amount) as observed_amount,
        sum(is_pooled * product_initiated_amount) as product_initiated_amount,
        sum(is_pooled * product_sourced_amount) as product_sourced_amount,
        sum(is_pooled * human_initiated_amount) as human_initiated_amount,
        sum(case when used_weight > 0 then 1 else 0 end) as stages_weighed,
        {{ plr_divided('sum(used_weight * started_share)', 'sum(used_weight)') }} as started_share,
        {{ plr_divided('sum(used_weight * carried_share)', 'sum(used_weight)') }} as carried_share,
        {{ plr_divided('sum(used_weight * human_share)', 'sum(used_weight)') }} as human_share
    from shares
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
