{{ config(materialized='view') }}

with

-- whose expansion made up the NRR of a year that looks borrowed
expansions as (
    select
        verdicts.month,
        verdicts.scope,
        verdicts.scope_value,
        movements.account_id,
        sum(movements.expansion_mrr) as expansion_mrr
    from {{ ref('int_plr__borrowed_nrr_verdicts') }} as verdicts
    inner join {{ ref('int_plr__mrr_movements') }} as movements
        on
            verdicts.month >= movements.month
            and {{ plr_date_add('month', -12, 'verdicts.month') }} < movements.month
            and (verdicts.scope = 'company' or verdicts.scope_value = movements.segment)
    where verdicts.status in ('flagged', 'watch') and movements.expansion_mrr > 0
    group by 1, 2, 3, 4
),

grown as (
    select
        expansions.*,
        months.month_end,
        margins.mrr,
        margins.gross_margin_ttm - margins.gross_margin_ttm_6m_ago as margin_change
    from expansions
    inner join {{ ref('int_plr__months') }} as months
        on expansions.month = months.month
    left join {{ ref('int_plr__account_margins') }} as margins
        on
            expansions.account_id = margins.account_id
            and expansions.month = margins.month
),

-- each account's terms that ended and were decided by then, the last one first
decided_terms as (
    select
        grown.month,
        grown.scope,
        grown.scope_value,
        grown.account_id,
        {{ plr_term_score(
            'renewals.renewal_signed_date',
            'renewals.durability_score',
            'grown.month_end',
            'grown.mrr'
        ) | indent(8) }} as score,
        row_number() over (
            partition by grown.month, grown.scope, grown.scope_value, grown.account_id
            order by renewals.term_end desc, {{ plr_in_byte_order('renewals.contract_id') }} desc
        ) as terms_back
    from grown
    inner join {{ ref('int_plr__renewals') }} as renewals
        on
            grown.account_id = renewals.account_id
            and grown.month_end >= renewals.signed_date
            and grown.month_end >= renewals.term_end
            and (
                grown.month_end >= renewals.renewal_signed_date
                or coalesce(grown.mrr, 0) = 0
            )
),

at_stake as (
    select
        grown.month,
        grown.scope,
        grown.scope_value,
        grown.account_id,
        grown.expansion_mrr,
        row_number() over (
            partition by grown.month, grown.scope, grown.scope_value
            order by grown.expansion_mrr desc, {{ plr_in_byte_order('grown.account_id') }} asc
        ) as place
    from grown
    left join decided_terms
        on
            grown.month = decided_terms.month
            and grown.scope = decided_terms.scope
            and grown.scope_value = decided_terms.scope_value
            and grown.account_id = decided_terms.account_id
            and decided_terms.terms_back = 1
    where
        round(grown.margin_change, 9) <= -{{ var('plr_borrowed_account_margin_drop') }}
        or decided_terms.score < 1
),

final as (
    select
        month,
        scope,
        scope_value,
        count(*) as accounts_at_stake,
        sum(expansion_mrr) as mrr_at_stake,
        {{ plr_listed(
            "case when place <= 5 then account_id || ' ' || "
            ~ plr_whole_text('expansion_mrr') ~ " end",
            ['place']
        ) }} as top_accounts
    from at_stake
    group by 1, 2, 3
)

select * from final
