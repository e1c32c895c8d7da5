-- long, since every scenario's question and what it comes to stand side by side
with

last_month as (
    select month
    from {{ ref('int_plr__months') }}
    where is_last and has_history
),

active_rules as (
    select
        rule_group_id,
        coalesce(min_events, 1) as min_events,
        coalesce(min_distinct_days, 0) as min_days,
        within_days
    from {{ ref('stg_plr__activity_rules') }}
    where is_active
),

-- of a threshold, how many rules it makes another of; with none it asks nothing
scenarios as (
    {% for scenario in [
        'headline', 'strict', 'ties_to_sales', 'ties_to_product', 'logged_contact_time',
        'purchase_only_excluded', 'contact_wider', 'contact_narrower'
    ] -%}
        select
            '{{ scenario }}' as scenario,
            cast(null as int) as rules_changed
        union all
    {% endfor -%}
    {% for days in plr_var('plr_sensitivity_lead_days') -%}
        select
            'lead_time_{{ days }}' as scenario,
            cast(null as int) as rules_changed
        union all
    {% endfor -%}
    {% for threshold in plr_activity_thresholds() if threshold != 'as_set' -%}
        select
            'value_threshold_{{ threshold }}' as scenario,
            cast(coalesce(sum(
                case
                    when
                        min_events <> {{ plr_min_events_at(threshold, 'min_events') }}
                        or min_days <> {{ plr_min_days_at(
                            threshold, 'min_days', 'within_days'
                        ) | indent(24) }}
                        then 1
                    else 0
                end
            ), 0) as int) as rules_changed
        from active_rules
        union all
    {% endfor -%}
    select distinct
        {{ dbt.concat(["'without_'", 'rule_group_id']) }} as scenario,
        cast(null as int) as rules_changed
    from active_rules
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
        coalesce(headlines.is_product_driven, false) as is_in_headline,
        coalesce(
            case
                when scenarios.scenario = 'strict' then headlines.is_product_driven_strict
                when scenarios.scenario = 'purchase_only_excluded'
                    then
                        headlines.is_product_driven
                        and headlines.origin_evidence <> 'self_serve_purchase'
                else coalesce(readings.is_product_driven, headlines.is_product_driven)
            end,
            false
        ) as is_product_driven,
        coalesce(readings.sequence, headlines.sequence) = 'ambiguous'
        or coalesce(readings.origin, headlines.origin) = 'untracked' as is_doubtful
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
        scenarios.rules_changed,
        count(judged.scenario) as customers,
        coalesce(sum(judged.closing_mrr), 0) as total_mrr,
        sum(case when judged.is_product_driven then 1 else 0 end) as product_driven_customers,
        sum(case when judged.is_product_driven then judged.closing_mrr else 0 end)
            as product_driven_mrr,
        sum(case when judged.is_product_driven <> judged.is_in_headline then 1 else 0 end)
            as accounts_flipped,
        sum(
            case
                when judged.is_product_driven <> judged.is_in_headline then judged.closing_mrr
                else 0
            end
        ) as mrr_flipped,
        sum(case when judged.is_doubtful then judged.closing_mrr else 0 end) as doubtful_mrr
    from last_month
    cross join scenarios
    left join judged
        on scenarios.scenario = judged.scenario
    group by 1, 2, 3
),

asked as (
    select
        summed.*,
        headline.product_driven_mrr as headline_mrr,
        coalesce(summed.rules_changed, 1) > 0 as is_asked
    from summed
    cross join summed as headline
    where headline.scenario = 'headline'
),

final as (
    select
        month,
        scenario,
        rules_changed,
        cast(customers as int) as customers,
        {% for count in ['product_driven_customers', 'accounts_flipped'] -%}
            cast(case when is_asked then {{ count }} end as int) as {{ count }},
        {% endfor -%}
        {{ plr_money('total_mrr') }} as total_mrr,
        {% for money in ['product_driven_mrr', 'mrr_flipped', 'doubtful_mrr'] -%}
            {{ plr_money('case when is_asked then ' ~ money ~ ' end') }} as {{ money }},
        {% endfor -%}
        {{ plr_ratio('(case when is_asked then product_driven_mrr end)', 'total_mrr') }}
            as product_driven_share,
        {{ plr_ratio(
            '(case when is_asked then product_driven_mrr - headline_mrr end)', 'total_mrr'
        ) }} as change_in_share
    from asked
)

select * from final
