-- long, since all that can be seen of one account's value is judged together
with

account_months as (
    select * from {{ ref('int_plr__account_months') }}
    where closing_mrr > 0 or is_last
),

renewals as (
    select * from {{ ref('int_plr__renewals') }}
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

-- signs that a renewal was worth less: the month of each, and when it was known; amounts converted
-- between currencies are compared to a thousandth of a cent
smaller_renewals as (
    select
        account_id,
        month,
        month as known_date,
        substring(cast(month as {{ dbt.type_string() }}), 1, 7)
        || coalesce(
            ' (subscription ' || fallen_subscription_id
            || case
                when fallen_subscriptions > 1
                    then ' and ' || {{ plr_whole_text('fallen_subscriptions - 1') }} || ' more'
                else ''
            end
            || ')',
            ''
        ) as mrr_fell,
        0 as renewed_for_less,
        0 as renewed_at_discount,
        0 as renewed_for_shorter
    from {{ ref('int_plr__mrr_movements') }}
    where
        contraction_mrr > 0
        and round(
            contraction_mrr - {{ var('plr_hollow_contraction_share') }} * opening_mrr, 5
        ) >= 0
    union all
    select
        account_id,
        {{ plr_month_of('renewed_date') }} as month,
        renewal_signed_date as known_date,
        cast(null as {{ dbt.type_string() }}) as mrr_fell,
        case when is_mrr_lower then 1 else 0 end as renewed_for_less,
        case when is_discount_deeper then 1 else 0 end as renewed_at_discount,
        case when is_term_shorter then 1 else 0 end as renewed_for_shorter
    from renewals
    where is_mrr_lower or is_discount_deeper or is_term_shorter
),

value_down as (
    select
        account_months.account_id,
        account_months.month,
        max(smaller_renewals.mrr_fell) as mrr_fell,
        max(smaller_renewals.renewed_for_less) = 1 as is_renewed_for_less,
        max(smaller_renewals.renewed_at_discount) = 1 as is_renewed_at_discount,
        max(smaller_renewals.renewed_for_shorter) = 1 as is_renewed_for_shorter
    from account_months
    inner join smaller_renewals
        on
            account_months.account_id = smaller_renewals.account_id
            and account_months.month >= smaller_renewals.month
            and {{ plr_date_add('month', -6, 'account_months.month') }} < smaller_renewals.month
            and account_months.month_end >= smaller_renewals.known_date
    group by 1, 2
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
        account_months.segment,
        account_months.month,
        account_months.month_end,
        account_months.closing_mrr,
        account_months.usage_now,
        account_months.usage_before,
        account_months.usage_year_ago,
        account_months.value_now,
        account_months.value_before,
        account_months.value_year_ago,
        account_months.value_events_unproven,
        current_terms.renewal_date,
        coverage.has_value_role,
        coverage.events_start_us,
        broken_months.month is not null as is_tracking_broken,
        value_down.month is not null as is_renewal_value_down,
        value_down.mrr_fell,
        coalesce(value_down.is_renewed_for_less, false) as is_renewed_for_less,
        coalesce(value_down.is_renewed_at_discount, false) as is_renewed_at_discount,
        coalesce(value_down.is_renewed_for_shorter, false) as is_renewed_for_shorter,
        coalesce(
            account_months.value_events_unproven = 0
            and {{ dbt.datediff('account_months.first_paid_date', 'account_months.month_end', 'day')
            }} >= {{ var('plr_hollow_unproven_days') }}
            and coverage.events_start_us
            <= account_months.month_end_us + 1 - {{ plr_days_us(var('plr_hollow_unproven_days')) }}
            and account_months.month_end_us
            <= coalesce(coverage.events_stale_from_us, {{ plr_forever_us() }}),
            false
        ) as is_unproven,
        coalesce(
            current_terms.renewal_date <= {{ plr_date_add(
                'day', var('plr_hollow_renewal_days'), 'account_months.month_end'
            ) }},
            false
        ) as is_renewal_near
    from account_months
    cross join {{ ref('int_plr__coverage') }} as coverage
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
),

reasoned as (
    select
        *,
        {{ plr_hollow_usage_reason(
            'closing_mrr',
            'has_value_role',
            'is_tracking_broken',
            'usage_now',
            'usage_before',
            'value_now',
            'value_before',
            'is_renewal_value_down',
            'is_unproven',
            'is_renewal_near'
        ) | indent(8) }} as reason
    from measured
),

final as (
    select
        reasoned.*,
        {{ plr_status_of('hollow_usage', 'reasoned.reason', 'reasons.status') | indent(8) }}
            as status
    from reasoned
    left join {{ ref('stg_plr__pattern_reasons') }} as reasons
        on
            reasons.pattern = 'hollow_usage'
            and reasoned.reason = reasons.reason
)

select * from final
