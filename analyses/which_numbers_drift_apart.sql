-- Which of retention, margin and revenue per employee drift apart, and since when?
with

final as (
    select
        month,
        co_movement_state,
        co_movement_score,
        nrr_ttm,
        delta_6m_nrr,
        gross_margin_ttm,
        delta_6m_gross_margin,
        revenue_per_employee,
        delta_6m_revenue_per_employee,
        data_confidence,
        confidence_reason
    from {{ ref('plr_board_metrics') }}
)

select * from final
order by month desc
