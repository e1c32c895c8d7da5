with

unioned as (
    {% for pattern in ['expansion_orphans', 'hollow_usage'] %}
        select
            '{{ pattern }}' as pattern,
            'account' as entity_type,
            account_id as entity_id,
            month,
            status,
            severity,
            reason,
            mrr_at_stake as amount_at_stake,
            'mrr' as amount_unit,
            evidence_summary,
            months_flagged_streak
        from {{ ref('plr_' ~ pattern) }}
        union all
    {% endfor %}
    select
        'conversion_black_holes' as pattern,
        entity_type,
        entity_id,
        month,
        status,
        severity,
        reason,
        mrr_at_stake as amount_at_stake,
        'mrr' as amount_unit,
        evidence_summary,
        months_flagged_streak
    from {{ ref('plr_conversion_black_holes') }}
    {% for pattern in ['borrowed_nrr', 'product_passive_growth', 'architecture_drift'] %}
        union all
        select
            '{{ pattern }}' as pattern,
            scope as entity_type,
            scope_value as entity_id,
            month,
            status,
            severity,
            reason,
            {{ 'excess_fte' if pattern == 'architecture_drift' else 'mrr_at_stake' }}
                as amount_at_stake,
            '{{ "fte" if pattern == "architecture_drift" else "mrr" }}' as amount_unit,
            evidence_summary,
            months_flagged_streak
        from {{ ref('plr_' ~ pattern) }}
    {% endfor %}
),

final as (
    select
        pattern,
        entity_type,
        entity_id,
        month,
        status,
        severity,
        reason,
        {{ plr_money('amount_at_stake') }} as amount_at_stake,
        amount_unit,
        evidence_summary,
        months_flagged_streak
    from unioned
)

select * from final
