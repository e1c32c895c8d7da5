{%- set marts_by_account = [
    ('expansion_orphans', ref('plr_expansion_orphans')),
    ('hollow_usage', ref('plr_hollow_usage')),
] -%}
{%- set marts_by_scope = [
    ('borrowed_nrr', ref('plr_borrowed_nrr'), 'mrr_at_stake', 'mrr'),
    ('product_passive_growth', ref('plr_product_passive_growth'), 'mrr_at_stake', 'mrr'),
    ('architecture_drift', ref('plr_architecture_drift'), 'excess_fte', 'fte'),
] -%}

with

unioned as (
    {% for pattern, mart in marts_by_account %}
        select
            '{{ pattern }}' as pattern,
            'account' as entity_type,
            account_id as entity_id,
            coalesce(account_name, account_id) as entity_name,
            segment,
            month,
            status,
            severity,
            reason,
            mrr_at_stake as amount_at_stake,
            'mrr' as amount_unit,
            evidence_summary,
            months_flagged_streak
        from {{ mart }}
        union all
    {% endfor %}
    select
        'conversion_black_holes' as pattern,
        entity_type,
        entity_id,
        coalesce(account_name, entity_id) as entity_name,
        segment,
        month,
        status,
        severity,
        reason,
        mrr_at_stake as amount_at_stake,
        'mrr' as amount_unit,
        evidence_summary,
        months_flagged_streak
    from {{ ref('plr_conversion_black_holes') }}
    {% for pattern, mart, amount, unit in marts_by_scope %}
        union all
        select
            '{{ pattern }}' as pattern,
            scope as entity_type,
            scope_value as entity_id,
            scope_value as entity_name,
            case when scope = 'segment' then scope_value end as segment,
            month,
            status,
            severity,
            reason,
            {{ amount }} as amount_at_stake,
            '{{ unit }}' as amount_unit,
            evidence_summary,
            months_flagged_streak
        from {{ mart }}
    {% endfor %}
),

-- a reason of the user's own may lack numbers of the sentence: then the reason says it
final as (
    select
        pattern,
        entity_type,
        entity_id,
        entity_name,
        segment,
        month,
        status,
        severity,
        reason,
        {{ plr_money('amount_at_stake') }} as amount_at_stake,
        amount_unit,
        coalesce(evidence_summary, reason) as evidence_summary,
        months_flagged_streak
    from unioned
)

select * from final
