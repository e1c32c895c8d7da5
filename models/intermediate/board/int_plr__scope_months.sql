with

months as (
    select * from {{ ref('int_plr__months') }}
),

-- every account counts twice, in the company and in its segment
account_scopes as (
    select
        account_id,
        'company' as scope,
        'all' as scope_value
    from {{ ref('int_plr__accounts') }}
    union all
    select
        account_id,
        'segment' as scope,
        segment as scope_value
    from {{ ref('int_plr__accounts') }}
),

-- no month of a scope is missing, so that six months ago is six rows ago
spine as (
    select distinct
        months.month,
        account_scopes.scope,
        account_scopes.scope_value
    from account_scopes
    cross join months
),

margins as (
    select * from {{ ref('int_plr__account_margins') }}
),

account_sums as (
    select
        margins.month,
        account_scopes.scope,
        account_scopes.scope_value,
        sum(case when margins.revenue > 0 then 1 else 0 end) as customers,
        sum(
            case
                when margins.revenue > 0 and account_months.value_events_active > 0 then 1
                else 0
            end
        ) as value_active_accounts,
        sum(margins.revenue) as closing_mrr,
        sum(margins.direct_cost + margins.allocated_cost) as account_costs
    from margins
    inner join account_scopes
        on margins.account_id = account_scopes.account_id
    left join {{ ref('int_plr__account_months') }} as account_months
        on
            margins.account_id = account_months.account_id
            and margins.month = account_months.month
    group by 1, 2, 3
),

company_costs as (
    select
        month,
        case when sum(cogs_rows) > 0 and sum(unvalued_cogs_rows) = 0 then sum(cogs) end as cogs,
        case when sum(unvalued_service_rows) = 0 then sum(cost_to_serve) end as cost_to_serve
    from {{ ref('int_plr__cost_months') }}
    group by 1
),

-- terms that ended within the year: renewed once signed, churned without MRR, else still open
due_terms as (
    select
        months.month,
        renewals.account_id,
        renewals.mrr,
        case
            when renewals.renewal_signed_date <= months.month_end then renewals.durability_score
            when coalesce(margins.revenue, 0) = 0 then 0
        end as score
    from {{ ref('int_plr__renewals') }} as renewals
    inner join months
        on
            renewals.signed_date <= months.month_end
            and renewals.term_end <= months.month_end
            and renewals.term_end >= {{ plr_date_add('month', -11, 'months.month') }}
    left join margins
        on
            renewals.account_id = margins.account_id
            and months.month = margins.month
),

renewal_sums as (
    select
        due_terms.month,
        account_scopes.scope,
        account_scopes.scope_value,
        count(*) as renewals_due,
        sum(case when due_terms.score is not null then due_terms.mrr end) as decided_mrr,
        sum(due_terms.mrr * due_terms.score) as durable_mrr
    from due_terms
    inner join account_scopes
        on due_terms.account_id = account_scopes.account_id
    group by 1, 2, 3
),

touch_months as (
    select
        {{ plr_month_of(plr_from_micros('touches.lo_us')) }} as month,
        account_scopes.scope,
        account_scopes.scope_value,
        count(*) as human_touches
    from {{ ref('int_plr__sales_touches') }} as touches
    inner join account_scopes
        on touches.account_id = account_scopes.account_id
    where touches.is_human_touch
    group by 1, 2, 3
),

-- touches before the first month of revenue count, too
touch_sums as (
    select
        months.month,
        touch_months.scope,
        touch_months.scope_value,
        sum(touch_months.human_touches) as human_touches_ttm
    from touch_months
    inner join months
        on
            touch_months.month <= months.month
            and touch_months.month > {{ plr_date_add('month', -12, 'months.month') }}
    group by 1, 2, 3
),

joined as (
    select
        spine.month,
        spine.scope,
        spine.scope_value,
        coalesce(account_sums.customers, 0) as customers,
        coalesce(account_sums.value_active_accounts, 0) as value_active_accounts,
        coalesce(account_sums.closing_mrr, 0) as closing_mrr,
        case
            when spine.scope = 'company' and company_months.recognized_revenue is not null
                then company_months.recognized_revenue
            else coalesce(account_sums.closing_mrr, 0)
        end as revenue,
        case
            when spine.scope = 'company' then coalesce(company_months.cogs, company_costs.cogs)
            when company_costs.cogs is not null then coalesce(account_sums.account_costs, 0)
        end as cogs,
        case when spine.scope = 'company' then company_costs.cost_to_serve end as cost_to_serve,
        company_months.headcount_fte,
        retention.month is not null as has_retention,
        retention.nrr_ttm,
        retention.grr_ttm,
        coalesce(renewal_sums.renewals_due, 0) as renewals_due,
        renewal_sums.decided_mrr,
        renewal_sums.durable_mrr,
        case
            when feeds.tracking_start_us is not null
                then coalesce(touch_sums.human_touches_ttm, 0)
        end as human_touches_ttm
    from spine
    inner join {{ ref('int_plr__feeds') }} as feeds
        on feeds.feed = 'crm'
    left join account_sums
        on
            spine.month = account_sums.month
            and spine.scope = account_sums.scope
            and spine.scope_value = account_sums.scope_value
    left join company_costs
        on spine.month = company_costs.month
    left join {{ ref('stg_plr__company_months') }} as company_months
        on
            spine.month = company_months.month
            and company_months.reject_code is null
    left join {{ ref('plr_retention_monthly') }} as retention
        on
            spine.month = retention.month
            and spine.scope = retention.scope
            and spine.scope_value = retention.scope_value
    left join renewal_sums
        on
            spine.month = renewal_sums.month
            and spine.scope = renewal_sums.scope
            and spine.scope_value = renewal_sums.scope_value
    left join touch_sums
        on
            spine.month = touch_sums.month
            and spine.scope = touch_sums.scope
            and spine.scope_value = touch_sums.scope_value
),

-- a year's cost is known if that of every month available is
trailing_years as (
    select
        *,
        {{ plr_sum_of_year('revenue') }} as revenue_ttm,
        {{ plr_known_sum_of_year('cogs') }} as cogs_ttm,
        {{ plr_known_sum_of_year('cost_to_serve') }} as cost_to_serve_ttm,
        {{ plr_divided(plr_sum_of_year('customers'), plr_sum_of_year('1')) }} as mean_customers_ttm
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
        {{ plr_months_ago('arr', 12) }} as arr_12m_ago,
        {{ plr_money('revenue') }} as revenue,
        {{ plr_money('revenue_ttm') }} as revenue_ttm,
        {{ plr_money('cogs') }} as cogs,
        {{ plr_money('cogs_ttm') }} as cogs_ttm,
        gross_margin,
        gross_margin_ttm,
        {{ plr_months_ago('gross_margin_ttm', 6) }} as gross_margin_ttm_6m_ago,
        {{ plr_money('cost_to_serve_ttm') }} as cost_to_serve_ttm,
        nrr_ttm,
        {{ plr_months_ago('nrr_ttm', 6) }} as nrr_ttm_6m_ago,
        grr_ttm,
        renewals_due,
        {{ plr_money('decided_mrr') }} as decided_mrr,
        {{ plr_money('durable_mrr') }} as durable_mrr,
        renewal_durability,
        {{ plr_months_ago('renewal_durability', 6) }} as renewal_durability_6m_ago,
        headcount_fte,
        {{ plr_months_ago('headcount_fte', 12) }} as headcount_fte_12m_ago,
        revenue_per_employee,
        {{ plr_months_ago('revenue_per_employee', 6) }} as revenue_per_employee_6m_ago,
        {{ plr_months_ago('revenue_per_employee', 12) }} as revenue_per_employee_12m_ago,
        human_touches_ttm,
        mean_customers_ttm
    from measured
)

select * from final
