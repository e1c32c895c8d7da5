{%- set entity = 'scope, scope_value' -%}

with

company_costs as (
    select
        month,
        case when sum(cogs_rows) > 0 and sum(unvalued_cogs_rows) = 0 then sum(cogs) end as cogs,
        case when sum(unvalued_serving_rows) = 0 then sum(cost_to_serve) end as cost_to_serve
    from {{ ref('int_plr__cost_months') }}
    group by 1
),

joined as (
    select
        scope_sums.month,
        scope_sums.scope,
        scope_sums.scope_value,
        scope_sums.customers,
        scope_sums.value_active_accounts,
        scope_sums.closing_mrr,
        scope_sums.renewals_due,
        scope_sums.decided_mrr,
        scope_sums.durable_mrr,
        scope_sums.terms_of_known_value,
        scope_sums.ended_mrr,
        scope_sums.with_value_mrr,
        scope_sums.without_value_mrr,
        scope_sums.retained_with_value_mrr,
        scope_sums.retained_without_value_mrr,
        case when coverage.crm_start_us is not null then scope_sums.human_touches_ttm end
            as human_touches_ttm,
        case
            when scope_sums.scope = 'company' and company_months.recognized_revenue is not null
                then company_months.recognized_revenue
            else scope_sums.closing_mrr
        end as revenue,
        case
            when scope_sums.scope = 'company' then coalesce(company_months.cogs, company_costs.cogs)
            when company_costs.cogs is not null then scope_sums.account_cogs
        end as cogs,
        case when scope_sums.scope = 'company' then company_costs.cost_to_serve end
            as cost_to_serve,
        company_months.headcount_fte,
        retention.month is not null as has_retention,
        retention.nrr_ttm,
        retention.grr_ttm
    from {{ ref('int_plr__scope_sums') }} as scope_sums
    cross join {{ ref('int_plr__coverage') }} as coverage
    left join company_costs
        on scope_sums.month = company_costs.month
    left join {{ ref('stg_plr__company_months') }} as company_months
        on
            scope_sums.month = company_months.month
            and company_months.reject_code is null
    left join {{ ref('int_plr__retention_months') }} as retention
        on
            scope_sums.month = retention.month
            and scope_sums.scope = retention.scope
            and scope_sums.scope_value = retention.scope_value
),

-- a year's cost is known if that of every month available is
trailing_years as (
    select
        *,
        {{ plr_sum_of_year('revenue', entity, 'month') }} as revenue_ttm,
        {{ plr_known_sum_of_year('cogs', entity, 'month') }} as cogs_ttm,
        {{ plr_known_sum_of_year('cost_to_serve', entity, 'month') }} as cost_to_serve_ttm,
        {{ plr_divided(
            plr_sum_of_year('customers', entity, 'month'), plr_sum_of_year('1', entity, 'month')
        ) }} as mean_customers_ttm
    from joined
),

measured as (
    select
        *,
        {{ plr_money('closing_mrr * 12') }} as arr,
        {{ plr_ratio('(revenue - cogs)', 'revenue') }} as gross_margin,
        {{ plr_ratio('(revenue_ttm - cogs_ttm)', 'revenue_ttm') }} as gross_margin_ttm,
        case
            when renewals_due >= {{ var('plr_borrowed_renewals') }}
                then {{ plr_ratio('durable_mrr', 'decided_mrr') }}
        end as renewal_durability,
        case
            when scope = 'company'
                then {{ plr_money_of_float(plr_divided('closing_mrr * 12', 'headcount_fte')) }}
        end as revenue_per_employee
    from trailing_years
),

final as (
    select
        month,
        scope,
        scope_value,
        customers,
        value_active_accounts,
        has_retention,
        {{ plr_money('closing_mrr') }} as closing_mrr,
        arr,
        {{ plr_months_ago('arr', 12, entity, 'month') }} as arr_12m_ago,
        {{ plr_money('revenue_ttm') }} as revenue_ttm,
        {{ plr_money('cogs_ttm') }} as cogs_ttm,
        gross_margin,
        gross_margin_ttm,
        {{ plr_months_ago('gross_margin_ttm', 6, entity, 'month') }} as gross_margin_ttm_6m_ago,
        {{ plr_money('cost_to_serve_ttm') }} as cost_to_serve_ttm,
        nrr_ttm,
        {{ plr_months_ago('nrr_ttm', 6, entity, 'month') }} as nrr_ttm_6m_ago,
        grr_ttm,
        renewals_due,
        renewal_durability,
        {{ plr_months_ago('renewal_durability', 6, entity, 'month') }}
            as renewal_durability_6m_ago,
        terms_of_known_value,
        ended_mrr,
        with_value_mrr,
        without_value_mrr,
        retained_with_value_mrr,
        retained_without_value_mrr,
        headcount_fte,
        {{ plr_months_ago('headcount_fte', 12, entity, 'month') }} as headcount_fte_12m_ago,
        revenue_per_employee,
        {{ plr_months_ago('revenue_per_employee', 6, entity, 'month') }}
            as revenue_per_employee_6m_ago,
        {{ plr_months_ago('revenue_per_employee', 12, entity, 'month') }}
            as revenue_per_employee_12m_ago,
        human_touches_ttm,
        mean_customers_ttm
    from measured
)

select * from final
