{#- What is missing where a feed is off, and where not. -#}
{%- set why_no_margin = 'a month of cost is not known'
    if var('plr_input_account_costs') or var('plr_input_company_months')
    else 'account_costs and company_months are off' -%}
{%- set why_no_durability = 'how well renewals hold is not known'
    if var('plr_input_contracts') else 'contracts are off, so nobody knows how renewals hold' -%}

with

runs as (
    select
        *,
        {{ plr_run("status = 'flagged'", 'scope, scope_value', 'month') | indent(8) }}
            as flagged_run
    from {{ ref('int_plr__borrowed_nrr_verdicts') }}
),

streaks as (
    select
        *,
        {{ plr_streak("status = 'flagged'", 'scope, scope_value', 'month', 'flagged_run')
            | indent(8) }} as months_flagged_streak
    from runs
),

staked as (
    select
        streaks.*,
        coalesce(stakes.accounts_at_stake, 0) as accounts_at_stake,
        coalesce(stakes.mrr_at_stake, 0) as mrr_at_stake,
        stakes.top_accounts
    from streaks
    left join {{ ref('int_plr__borrowed_nrr_stakes') }} as stakes
        on
            streaks.month = stakes.month
            and streaks.scope = stakes.scope
            and streaks.scope_value = stakes.scope_value
),

final as (
    select
        month,
        scope,
        scope_value,
        status,
        {{ plr_severity_of('status', 'months_flagged_streak') | indent(8) }} as severity,
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
        case reason
            when 'history_too_short'
                then
                    'Needs {{ var("plr_borrowed_history_months") }} month-ends of revenue, has '
                    || {{ plr_whole_text('months_of_history') }} || '.'
            when 'nrr_missing'
                then 'NRR is missing, today or six months ago: no customers a year before.'
            when 'margin_missing'
                then
                    'Gross margin is missing, today or six months ago: {{ why_no_margin }}.'
            else
                'In six months NRR went from ' || {{ plr_percent_text('nrr_ttm_6m_ago') }}
                || ' to ' || {{ plr_percent_text('nrr_ttm') }}
                || ', gross margin from ' || {{ plr_percent_text('gross_margin_ttm_6m_ago') }}
                || ' to ' || {{ plr_percent_text('gross_margin_ttm') }}
                || case
                    when renewal_durability is null or renewal_durability_6m_ago is null
                        then '; {{ why_no_durability }}'
                    else
                        ', renewal durability from '
                        || {{ plr_percent_text('renewal_durability_6m_ago') }}
                        || ' to ' || {{ plr_percent_text('renewal_durability') }}
                end
                || case
                    when status in ('flagged', 'watch')
                        then
                            '; ' || {{ plr_whole_text('accounts_at_stake') }}
                            || ' accounts that grew at a worse margin or on weaker terms added '
                            || {{ plr_amount_text('mrr_at_stake') }} || ' of MRR in a year.'
                    else '.'
                end
        end as evidence_summary
    from staked
)

select * from final
