with

-- NRR is held up while margin falls; borrowed is what holds it up where renewals grow weaker, too
compared as (
    select
        *,
        row_number() over (
            partition by scope, scope_value
            order by month
        ) as months_of_history,
        round(nrr_ttm - nrr_ttm_6m_ago, 5) >= 0
        and round(gross_margin_ttm - gross_margin_ttm_6m_ago, 5)
        <= -{{ var('plr_borrowed_margin_drop') }}
            as is_holding,
        round(renewal_durability - renewal_durability_6m_ago, 5)
        <= -{{ var('plr_borrowed_durability_drop') }}
            as is_less_durable
    from {{ ref('int_plr__scope_months') }}
),

measured as (
    select
        month,
        scope,
        scope_value,
        has_retention,
        closing_mrr,
        months_of_history,
        nrr_ttm,
        nrr_ttm_6m_ago,
        gross_margin_ttm,
        gross_margin_ttm_6m_ago,
        renewal_durability,
        renewal_durability_6m_ago,
        renewals_due,
        is_holding,
        is_holding and is_less_durable as is_raw,
        lag(is_holding and is_less_durable, 3) over (
            partition by scope, scope_value
            order by month
        ) as is_raw_3m_ago
    from compared
),

reasoned as (
    select
        *,
        {{ plr_borrowed_nrr_reason(
            'months_of_history',
            'nrr_ttm',
            'nrr_ttm_6m_ago',
            'gross_margin_ttm',
            'gross_margin_ttm_6m_ago',
            'is_holding',
            'is_raw',
            'is_raw_3m_ago'
        ) | indent(8) }} as reason
    from measured
    where has_retention or closing_mrr > 0
),

final as (
    select
        reasoned.*,
        {{ plr_status_of('borrowed_nrr', 'reasoned.reason', 'reasons.status') | indent(8) }}
            as status
    from reasoned
    left join {{ ref('stg_plr__pattern_reasons') }} as reasons
        on
            reasons.pattern = 'borrowed_nrr'
            and reasoned.reason = reasons.reason
)

select * from final
