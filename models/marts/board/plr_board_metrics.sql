with

index_months as (
    select
        month,
        stages_weighed,
        weighed_stages,
        plr_index
    from {{ ref('int_plr__index_months') }}
    where scope = 'company' and stage = 'all'
),

product_driven as (
    select
        month,
        product_driven_share,
        month_untracked_share
    from {{ ref('int_plr__product_driven_months') }}
    where segment = 'all' and is_total
),

joined as (
    select
        company_months.*,
        coalesce(caught.earned_accounts, 0) as earned_accounts,
        coalesce(caught.earned_streaks, 0) as earned_streaks,
        coalesce(caught.caught_streaks, 0) as caught_streaks,
        index_months.plr_index,
        index_months.stages_weighed,
        index_months.weighed_stages,
        product_driven.product_driven_share,
        company_months.nrr_ttm - company_months.nrr_ttm_6m_ago as delta_6m_nrr,
        company_months.gross_margin_ttm - company_months.gross_margin_ttm_6m_ago
            as delta_6m_gross_margin,
        {{ plr_ratio(
            '(company_months.revenue_per_employee - company_months.revenue_per_employee_6m_ago)',
            'company_months.revenue_per_employee_6m_ago'
        ) }} as delta_6m_revenue_per_employee,
        {{ plr_month_confidence_of(
            'run_confidence.data_confidence', 'product_driven.month_untracked_share'
        ) | indent(8) }} as data_confidence,
        {{ plr_month_confidence_reason_of(
            'run_confidence.data_confidence',
            'run_confidence.confidence_reason',
            'product_driven.month_untracked_share'
        ) | indent(8) }} as confidence_reason
    from {{ ref('int_plr__scope_months') }} as company_months
    cross join {{ ref('int_plr__run_confidence') }} as run_confidence
    left join {{ ref('int_plr__caught_expansions') }} as caught
        on company_months.month = caught.month
    left join index_months
        on company_months.month = index_months.month
    left join product_driven
        on company_months.month = product_driven.month
    where company_months.scope = 'company'
),

directions as (
    select
        *,
        {{ plr_direction_of('delta_6m_nrr', var('plr_nrr_deadband')) | indent(8) }}
            as nrr_direction,
        {{ plr_direction_of(
            'delta_6m_gross_margin', var('plr_gross_margin_deadband')
        ) | indent(8) }} as margin_direction,
        {{ plr_direction_of(
            'delta_6m_revenue_per_employee', var('plr_revenue_per_employee_deadband')
        ) | indent(8) }} as employee_direction
    from joined
),

final as (
    select
        month,
        {{ plr_money('closing_mrr') }} as closing_mrr,
        {{ plr_money('arr') }} as arr,
        cast(customers as int) as customers,
        nrr_ttm,
        grr_ttm,
        {{ plr_money('revenue_ttm') }} as revenue_ttm,
        {{ plr_money('cogs_ttm') }} as cogs_ttm,
        gross_margin,
        gross_margin_ttm,
        {{ plr_money('cost_to_serve_ttm') }} as cost_to_serve_ttm,
        {{ plr_ratio('cost_to_serve_ttm', 'revenue_ttm') }} as cost_to_serve_share,
        headcount_fte,
        revenue_per_employee,
        cast(human_touches_ttm as int) as human_touches_ttm,
        {{ plr_ratio('human_touches_ttm', 'mean_customers_ttm') }} as human_touches_per_account,
        cast(earned_accounts as int) as earned_accounts,
        cast(earned_streaks as int) as earned_streaks,
        cast(caught_streaks as int) as caught_streaks,
        {{ plr_ratio('caught_streaks', 'earned_streaks') }} as expansion_caught_share,
        plr_index,
        stages_weighed,
        weighed_stages,
        product_driven_share,
        renewal_durability,
        {{ plr_money('ended_mrr') }} as renewals_ended_mrr,
        {{ plr_money('with_value_mrr') }} as renewals_with_value_mrr,
        case
            when terms_of_known_value > 0 then {{ plr_ratio('with_value_mrr', 'ended_mrr') }}
        end as renewals_with_value_share,
        {{ plr_money('retained_with_value_mrr') }} as retained_with_value_mrr,
        {{ plr_ratio('retained_with_value_mrr', 'with_value_mrr') }} as retained_with_value_share,
        {{ plr_money('without_value_mrr') }} as renewals_without_value_mrr,
        {{ plr_money('retained_without_value_mrr') }} as retained_without_value_mrr,
        {{ plr_ratio('retained_without_value_mrr', 'without_value_mrr') }}
            as retained_without_value_share,
        cast(delta_6m_nrr as {{ plr_share_type() }}) as delta_6m_nrr,
        cast(delta_6m_gross_margin as {{ plr_share_type() }}) as delta_6m_gross_margin,
        delta_6m_revenue_per_employee,
        {{ plr_co_movement_state_of('nrr_direction', 'margin_direction', 'employee_direction')
            | indent(8) }} as co_movement_state,
        {{ plr_co_movement_score_of('nrr_direction', 'margin_direction', 'employee_direction') }}
            as co_movement_score,
        data_confidence,
        confidence_reason
    from directions
)

select * from final
