{{ config(materialized='view') }}

-- the revenue events of twelve months and their money, by stage and by who started them
with

scopes as (
    select 'company' as scope
    union all
    select 'segment' as scope
    union all
    select 'acquisition_channel' as scope
),

events as (
    select
        events.month,
        scopes.scope,
        case scopes.scope
            when 'company' then 'all'
            when 'segment' then events.segment
            else {{ plr_channel_of('events.acquisition_channel') }}
        end as scope_value,
        events.stage,
        events.initiation,
        coalesce(events.amount_mrr, 0) as amount_mrr
    from {{ ref('int_plr__revenue_events') }} as events
    cross join scopes
),

monthly as (
    select
        month,
        scope,
        scope_value,
        stage,
        count(*) as n_events,
        sum(case when initiation <> 'unobserved' then 1 else 0 end) as n_observed,
        sum(amount_mrr) as total_amount,
        sum(case when initiation <> 'unobserved' then amount_mrr else 0 end) as observed_amount,
        sum(case when initiation = 'product_initiated' then amount_mrr else 0 end)
            as product_initiated_amount,
        sum(case when initiation = 'product_sourced_human_assisted' then amount_mrr else 0 end)
            as product_sourced_amount,
        sum(case when initiation = 'human_initiated' then amount_mrr else 0 end)
            as human_initiated_amount
    from events
    group by 1, 2, 3, 4
),

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
    select 'acquisition' as stage
    union all
    select 'conversion' as stage
    union all
    select 'expansion' as stage
    union all
    select 'reactivation' as stage
    union all
    select 'retention' as stage
),

-- all stages of whoever had an event of any
final as (
    select
        active_scopes.month,
        active_scopes.scope,
        active_scopes.scope_value,
        stages.stage,
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
)

select * from final
