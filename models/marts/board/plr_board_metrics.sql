with

company_months as (
    select * from {{ ref('int_plr__scope_months') }}
    where scope = 'company'
),

-- whose expansion was earned, and who of them saw no motion; months that can't be told are left out
orphans as (
    select
        month,
        sum(case when is_earned then 1 else 0 end) as earned_accounts,
        sum(case when status = 'flagged' then 1 else 0 end) as orphan_accounts
    from {{ ref('plr_expansion_orphans') }}
    where status in ('flagged', 'watch', 'clear')
    group by 1
),

indexes as (
    select
        month,
        plr_index
    from {{ ref('plr_index_monthly') }}
    where scope = 'company' and stage = 'all'
),

shares as (
    select
        month,
        product_driven_share
    from {{ ref('plr_product_driven_revenue') }}
    where segment = 'all' and is_total
),

joined as (
    select
        company_months.*,
        coalesce(orphans.earned_accounts, 0) as earned_accounts,
        coalesce(orphans.orphan_accounts, 0) as orphan_accounts,
        indexes.plr_index,
        shares.product_driven_share,
        company_months.nrr_ttm - company_months.nrr_ttm_6m_ago as delta_6m_nrr,
        company_months.gross_margin_ttm - company_months.gross_margin_ttm_6m_ago
            as delta_6m_gross_margin,
        {{ plr_ratio(
            '(company_months.revenue_per_employee - company_months.revenue_per_employee_6m_ago)',
            'company_months.revenue_per_employee_6m_ago'
        ) }} as delta_6m_revenue_per_employee
    from company_months
    left join orphans
        on company_months.month = orphans.month
    left join indexes
        on company_months.month = indexes.month
    left join shares
        on company_months.month = shares.month
),

directions as (
    select
        *,
        {{ plr_direction('delta_6m_nrr', var('plr_nrr_deadband')) | indent(8) }} as nrr_direction,
        {{ plr_direction('delta_6m_gross_margin', var('plr_gross_margin_deadband')) | indent(8) }}
            as margin_direction,
        {{ plr_direction(
            'delta_6m_revenue_per_employee', var('plr_revenue_per_employee_deadband')
        ) | indent(8) }} as employee_direction
    from joined
),

final as (
    select
        directions.month,
        {{ plr_money('directions.closing_mrr') }} as closing_mrr,
        {{ plr_money('directions.arr') }} as arr,
        cast(directions.customers as int) as customers,
        directions.nrr_ttm,
        directions.grr_ttm,
        {{ plr_money('directions.revenue_ttm') }} as revenue_ttm,
        {{ plr_money('directions.cogs_ttm') }} as cogs_ttm,
        directions.gross_margin,
        directions.gross_margin_ttm,
        {{ plr_money('directions.cost_to_serve_ttm') }} as cost_to_serve_ttm,
        {{ plr_ratio('directions.cost_to_serve_ttm', 'directions.revenue_ttm') }}
            as cost_to_serve_share,
        directions.headcount_fte,
        directions.revenue_per_employee,
        cast(directions.human_touches_ttm as int) as human_touches_ttm,
        {{ plr_ratio('directions.human_touches_ttm', 'directions.mean_customers_ttm') }}
            as human_touches_per_account,
        cast(directions.earned_accounts as int) as earned_accounts,
        cast(directions.orphan_accounts as int) as orphan_accounts,
        {{ plr_ratio(
            '(directions.earned_accounts - directions.orphan_accounts)',
            'directions.earned_accounts'
        ) }} as expansion_caught_share,
        directions.plr_index,
        directions.product_driven_share,
        directions.renewal_durability,
        cast(directions.delta_6m_nrr as {{ plr_share_type() }}) as delta_6m_nrr,
        cast(directions.delta_6m_gross_margin as {{ plr_share_type() }}) as delta_6m_gross_margin,
        directions.delta_6m_revenue_per_employee,
        {{ plr_co_movement_state(
            'directions.nrr_direction',
            'directions.margin_direction',
            'directions.employee_direction'
        ) | indent(8) }} as co_movement_state,
        {{ plr_co_movement_score(
            'directions.nrr_direction',
            'directions.margin_direction',
            'directions.employee_direction'
        ) }} as co_movement_score,
        run_confidence.data_confidence
    from directions
    cross join {{ ref('int_plr__run_confidence') }} as run_confidence
)

select * from final
