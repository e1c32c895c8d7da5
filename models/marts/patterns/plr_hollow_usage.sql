with

event_roles as (
    {{ plr_input('plr_event_roles') }}
),

configured as (
    select coalesce(max(case when role = 'value' then 1 else 0 end), 0) = 1 as has_value
    from event_roles
),

account_months as (
    select * from {{ ref('int_plr__account_months') }}
),

-- months whose six months of usage touch a break in tracking
broken_months as (
    select distinct months.month
    from {{ ref('int_plr__months') }} as months
    inner join {{ ref('int_plr__tracking_breaks') }} as breaks
        on
            months.month >= breaks.month
            and {{ plr_date_add('month', -6, 'months.month') }} < breaks.month
),

renewals as (
    select * from {{ ref('int_plr__renewals') }}
),

-- signs that a renewal was worth less: the month of each, and when it was known; amounts converted
-- between currencies are compared to a thousandth of a cent
smaller_renewals as (
    select
        account_id,
        month,
        month as known_date
    from {{ ref('plr_mrr_movements') }}
    where
        contraction_mrr > 0
        and round(
            contraction_mrr - {{ var('plr_hollow_contraction_share') }} * opening_mrr, 5
        ) >= 0
    union all
    select
        account_id,
        {{ plr_month_of('renewed_date') }} as month,
        renewal_signed_date as known_date
    from renewals
    where is_mrr_lower or is_discount_deeper or is_term_shorter
),

value_down as (
    select distinct
        account_months.account_id,
        account_months.month
    from account_months
    inner join smaller_renewals
        on
            account_months.account_id = smaller_renewals.account_id
            and account_months.month >= smaller_renewals.month
            and {{ plr_date_add('month', -6, 'account_months.month') }} < smaller_renewals.month
            and account_months.month_end >= smaller_renewals.known_date
),

-- what is signed and not yet renewed
current_terms as (
    select
        account_months.account_id,
        account_months.month,
        min(renewals.term_end) as renewal_date
    from account_months
    inner join renewals
        on
            account_months.account_id = renewals.account_id
            and account_months.month_end >= renewals.signed_date
            and account_months.month_end < renewals.term_end
            and (
                renewals.successor_id is null
                or account_months.month_end < renewals.renewal_signed_date
            )
    group by 1, 2
),

measured as (
    select
        account_months.account_id,
        account_months.month,
        account_months.month_end,
        account_months.is_last,
        account_months.segment,
        account_months.closing_mrr,
        account_months.usage_now,
        account_months.usage_before,
        account_months.usage_year_ago,
        account_months.value_now,
        account_months.value_before,
        account_months.value_year_ago,
        account_months.value_events_unproven,
        current_terms.renewal_date,
        configured.has_value,
        broken_months.month is not null as is_tracking_broken,
        value_down.month is not null as is_renewal_value_down
    from account_months
    cross join configured
    left join broken_months
        on account_months.month = broken_months.month
    left join value_down
        on
            account_months.account_id = value_down.account_id
            and account_months.month = value_down.month
    left join current_terms
        on
            account_months.account_id = current_terms.account_id
            and account_months.month = current_terms.month
    where account_months.closing_mrr > 0 or account_months.is_last
),

judged as (
    select
        *,
        {{ plr_hollow_reason() | indent(8) }} as reason
    from measured
),

verdicts as (
    select
        *,
        case
            when reason = 'not_paying' then 'not_eligible'
            when reason in ('no_value_role', 'tracking_break', 'little_usage')
                then 'insufficient_data'
            when reason in ('value_falls', 'renewal_value_down') then 'flagged'
            when reason in ('value_lags', 'outcome_unproven') then 'watch'
            else 'clear'
        end as status
    from judged
),

runs as (
    select
        *,
        {{ plr_run("status = 'flagged'", 'account_id') | indent(8) }} as flagged_run
    from verdicts
),

streaks as (
    select
        *,
        {{ plr_streak("status = 'flagged'", 'account_id', 'flagged_run') | indent(8) }}
            as months_flagged_streak
    from runs
),

final as (
    select
        account_id,
        month,
        segment,
        status,
        {{ plr_severity(
            "coalesce(renewal_date <= "
            ~ plr_date_add('day', var('plr_hollow_renewal_days'), 'month_end') ~ ", false)"
        ) | indent(8) }} as severity,
        reason,
        case when status in ('flagged', 'watch') then closing_mrr end as mrr_at_stake,
        cast(months_flagged_streak as int) as months_flagged_streak,
        closing_mrr,
        cast(usage_now as bigint) as usage_now,
        cast(usage_before as bigint) as usage_before,
        {{ plr_ratio('usage_now', 'usage_before') }} as usage_ratio,
        cast(value_now as bigint) as value_now,
        cast(value_before as bigint) as value_before,
        {{ plr_ratio('value_now', 'value_before') }} as value_ratio,
        {{ plr_ratio('usage_now', 'usage_year_ago') }} as usage_ratio_year_ago,
        {{ plr_ratio('value_now', 'value_year_ago') }} as value_ratio_year_ago,
        cast(value_events_unproven as bigint) as value_events_90d,
        is_renewal_value_down,
        renewal_date,
        {{ plr_hollow_evidence() | indent(8) }} as evidence_summary
    from streaks
)

select * from final
