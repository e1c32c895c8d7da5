with

scope_months as (
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

compared as (
    select
        *,
        is_holding and is_less_durable as is_raw,
        lag(is_holding and is_less_durable, 3) over (
            partition by scope, scope_value
            order by month
        ) as is_raw_3m_ago
    from scope_months
),

reasoned as (
    select
        *,
        case
            when months_of_history < {{ var('plr_borrowed_history_months') }}
                then 'history_too_short'
            when nrr_ttm is null or nrr_ttm_6m_ago is null then 'nrr_missing'
            when gross_margin_ttm is null or gross_margin_ttm_6m_ago is null then 'margin_missing'
            when is_raw and is_raw_3m_ago then 'raw_twice'
            when is_raw then 'raw_once'
            when is_holding then 'durability_unproven'
            else 'not_borrowed'
        end as reason
    from compared
    where has_retention or closing_mrr > 0
),

judged as (
    select
        *,
        case
            when reason in ('history_too_short', 'nrr_missing', 'margin_missing')
                then 'insufficient_data'
            when reason = 'raw_twice' then 'flagged'
            when reason in ('raw_once', 'durability_unproven') then 'watch'
            else 'clear'
        end as status
    from reasoned
),

runs as (
    select
        *,
        {{ plr_run("status = 'flagged'", 'scope, scope_value') | indent(8) }} as flagged_run
    from judged
),

streaks as (
    select
        *,
        {{ plr_streak("status = 'flagged'", 'scope, scope_value', 'flagged_run') | indent(8) }}
            as months_flagged_streak
    from runs
),

-- whose expansion made up the NRR of a year that looks borrowed
expansions as (
    select
        judged.month,
        judged.scope,
        judged.scope_value,
        movements.account_id,
        sum(movements.expansion_mrr) as expansion_mrr
    from judged
    inner join {{ ref('plr_mrr_movements') }} as movements
        on
            judged.month >= movements.month
            and {{ plr_date_add('month', -12, 'judged.month') }} < movements.month
            and (judged.scope = 'company' or judged.scope_value = movements.segment)
    where judged.status in ('flagged', 'watch') and movements.expansion_mrr > 0
    group by 1, 2, 3, 4
),

margins as (
    select * from {{ ref('int_plr__account_margins') }}
),

-- each account's terms that ended and were decided by then, the last one first
ended_terms as (
    select
        expansions.month,
        expansions.scope,
        expansions.scope_value,
        expansions.account_id,
        case
            when renewals.renewal_signed_date <= months.month_end then renewals.durability_score
            else 0
        end as score,
        row_number() over (
            partition by
                expansions.month,
                expansions.scope,
                expansions.scope_value,
                expansions.account_id
            order by renewals.term_end desc, {{ plr_in_byte_order('renewals.contract_id') }} desc
        ) as terms_back
    from expansions
    inner join {{ ref('int_plr__months') }} as months
        on expansions.month = months.month
    inner join {{ ref('int_plr__renewals') }} as renewals
        on
            expansions.account_id = renewals.account_id
            and months.month_end >= renewals.signed_date
            and months.month_end >= renewals.term_end
    left join margins
        on
            expansions.account_id = margins.account_id
            and expansions.month = margins.month
    where
        renewals.renewal_signed_date <= months.month_end
        or coalesce(margins.revenue, 0) = 0
),

at_stake as (
    select
        expansions.month,
        expansions.scope,
        expansions.scope_value,
        expansions.account_id,
        expansions.expansion_mrr,
        row_number() over (
            partition by expansions.month, expansions.scope, expansions.scope_value
            order by
                expansions.expansion_mrr desc,
                {{ plr_in_byte_order('expansions.account_id') }} asc
        ) as place
    from expansions
    left join margins
        on
            expansions.account_id = margins.account_id
            and expansions.month = margins.month
    left join ended_terms
        on
            expansions.month = ended_terms.month
            and expansions.scope = ended_terms.scope
            and expansions.scope_value = ended_terms.scope_value
            and expansions.account_id = ended_terms.account_id
            and ended_terms.terms_back = 1
    where
        round(margins.gross_margin_ttm - margins.gross_margin_ttm_6m_ago, 9)
        <= -{{ var('plr_borrowed_account_margin_drop') }}
        or ended_terms.score < 1
),

sums_at_stake as (
    select
        month,
        scope,
        scope_value,
        count(*) as accounts_at_stake,
        sum(expansion_mrr) as mrr_at_stake,
        {{ plr_top_accounts(5) | indent(8) }} as top_accounts
    from at_stake
    group by 1, 2, 3
),

complete as (
    select
        streaks.*,
        coalesce(sums_at_stake.accounts_at_stake, 0) as accounts_at_stake,
        coalesce(sums_at_stake.mrr_at_stake, 0) as mrr_at_stake,
        sums_at_stake.top_accounts
    from streaks
    left join sums_at_stake
        on
            streaks.month = sums_at_stake.month
            and streaks.scope = sums_at_stake.scope
            and streaks.scope_value = sums_at_stake.scope_value
),

final as (
    select
        month,
        scope,
        scope_value,
        status,
        {{ plr_severity() | indent(8) }} as severity,
        reason,
        case when status in ('flagged', 'watch') then {{ plr_money('mrr_at_stake') }} end
            as mrr_at_stake,
        cast(months_flagged_streak as int) as months_flagged_streak,
        nrr_ttm,
        nrr_ttm_6m_ago,
        gross_margin_ttm,
        gross_margin_ttm_6m_ago,
        renewal_durability,
        renewal_durability_6m_ago,
        cast(renewals_due as int) as renewals_due,
        is_raw,
        is_raw_3m_ago,
        case when status in ('flagged', 'watch') then cast(accounts_at_stake as int) end
            as accounts_at_stake,
        top_accounts,
        {{ plr_borrowed_nrr_evidence() | indent(8) }} as evidence_summary
    from complete
)

select * from final
