with

last_month as (
    select month
    from {{ ref('int_plr__months') }}
    where is_last and has_history
),

scenarios as (
    select 'headline' as scenario
    union all
    select 'strict' as scenario
    union all
    select 'ties_to_sales' as scenario
    union all
    select 'ties_to_product' as scenario
    union all
    select 'logged_contact_time' as scenario
    union all
    select 'purchase_only_excluded' as scenario
    union all
    select distinct {{ dbt.concat(["'without_'", 'rule_group_id']) }} as scenario
    from {{ ref('stg_plr__activity_rules') }}
    where is_active
),

customers as (
    select
        movements.account_id,
        movements.closing_mrr
    from {{ ref('int_plr__mrr_movements') }} as movements
    inner join last_month
        on movements.month = last_month.month
    where movements.is_active
),

origins as (
    select *
    from {{ ref('int_plr__origins') }}
    where subject_type = 'account'
),

-- where a scenario did not judge an account anew, its headline stands
judged as (
    select
        scenarios.scenario,
        customers.closing_mrr,
        case
            when scenarios.scenario = 'strict' then headlines.is_product_driven_strict
            when scenarios.scenario = 'purchase_only_excluded'
                then
                    headlines.is_product_driven
                    and headlines.origin_evidence <> 'self_serve_purchase'
            else coalesce(readings.is_product_driven, headlines.is_product_driven)
        end as is_product_driven,
        coalesce(readings.sequence, headlines.sequence) = 'ambiguous'
        or coalesce(readings.origin, headlines.origin) = 'untracked' as is_undecided
    from customers
    cross join scenarios
    inner join origins as headlines
        on
            customers.account_id = headlines.account_id
            and headlines.scenario = 'headline'
    left join origins as readings
        on
            customers.account_id = readings.account_id
            and scenarios.scenario = readings.scenario
),

summed as (
    select
        last_month.month,
        scenarios.scenario,
        count(judged.scenario) as customers,
        coalesce(sum(judged.closing_mrr), 0) as total_mrr,
        sum(case when judged.is_product_driven then judged.closing_mrr else 0 end)
            as product_driven_mrr,
        sum(case when judged.is_undecided then judged.closing_mrr else 0 end) as undecided_mrr
    from last_month
    cross join scenarios
    left join judged
        on scenarios.scenario = judged.scenario
    group by 1, 2
),

headline as (
    select product_driven_mrr
    from summed
    where scenario = 'headline'
),

final as (
    select
        summed.month,
        summed.scenario,
        cast(summed.customers as int) as customers,
        {{ plr_money('summed.total_mrr') }} as total_mrr,
        {{ plr_money('summed.product_driven_mrr') }} as product_driven_mrr,
        {{ plr_ratio('summed.product_driven_mrr', 'summed.total_mrr') }} as product_driven_share,
        {{ plr_ratio(
            '(summed.product_driven_mrr - headline.product_driven_mrr)', 'summed.total_mrr'
        ) }} as change_in_share,
        {{ plr_money('summed.undecided_mrr') }} as undecided_mrr
    from summed
    cross join headline
)

select * from final
