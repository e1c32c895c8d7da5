with

final as (
    select
        months.month,
        months.segment,
        months.origin,
        months.is_total,
        months.customers,
        months.opening_mrr,
        months.new_mrr,
        months.expansion_mrr,
        months.contraction_mrr,
        months.churn_mrr,
        months.reactivation_mrr,
        months.fx_mrr,
        months.closing_mrr,
        {{ plr_money('months.closing_mrr * 12') }} as arr,
        months.product_driven_mrr,
        months.product_driven_strict_mrr,
        months.purchase_only_mrr,
        months.product_qualified_expansion_mrr,
        months.untracked_mrr,
        {{ plr_money('months.closing_mrr - months.untracked_mrr') }} as tracked_mrr,
        months.product_driven_share,
        case
            when months.is_total
                then {{ plr_ratio(
                    'months.product_driven_mrr', '(months.closing_mrr - months.untracked_mrr)'
                ) }}
        end as product_driven_share_of_tracked,
        case
            when months.is_total
                then {{ plr_ratio('months.untracked_mrr', 'months.closing_mrr') }}
        end as untracked_share,
        months.product_driven_revenue_ttm,
        months.restated_mrr,
        run_confidence.unmapped_activity_share,
        {{ plr_month_confidence_of(
            'run_confidence.data_confidence', 'months.month_untracked_share'
        ) | indent(8) }} as data_confidence,
        {{ plr_month_confidence_reason_of(
            'run_confidence.data_confidence',
            'run_confidence.confidence_reason',
            'months.month_untracked_share'
        ) | indent(8) }} as confidence_reason
    from {{ ref('int_plr__product_driven_months') }} as months
    cross join {{ ref('int_plr__run_confidence') }} as run_confidence
)

select * from final
