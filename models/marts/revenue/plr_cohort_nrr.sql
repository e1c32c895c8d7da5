with

months as (
    select * from {{ ref('int_plr__months') }}
),

mrr_months as (
    select * from {{ ref('int_plr__mrr_months') }}
    where local_mrr <> 0
),

-- a cohort is the month of the first positive month-end; unknown before the history begins
payers as (
    select
        payments.account_id,
        payments.first_paid_month as cohort_month,
        {{ plr_origin_known_by(
            'months.month_end_us',
            'origins.origin',
            'origins.decided_us',
            'origins.is_coverage_failure',
            'origins.evidence_us'
        ) | indent(8) }} as origin
    from {{ ref('int_plr__first_payments') }} as payments
    inner join months
        on payments.first_paid_month = months.month
    inner join {{ ref('int_plr__origins') }} as origins
        on
            payments.account_id = origins.subject_id
            and origins.subject_type = 'account'
            and origins.scenario = 'headline'
    where payments.is_dated
),

members as (
    select * from payers
    union all
    select
        account_id,
        cohort_month,
        'all' as origin
    from payers
),

-- constant currency: every later month at the cohort month's rates
account_months as (
    select
        payers.account_id,
        mrr_months.month,
        {{ plr_money(
            'sum(' ~ plr_converted('mrr_months.local_mrr', 'fx_rates.rate_or_next') ~ ')'
        ) }} as mrr
    from payers
    inner join mrr_months
        on payers.account_id = mrr_months.account_id
    inner join {{ ref('int_plr__fx_rates') }} as fx_rates
        on
            payers.cohort_month = fx_rates.month
            and mrr_months.currency = fx_rates.currency
    group by 1, 2
),

starts as (
    select
        members.account_id,
        members.cohort_month,
        members.origin,
        account_months.mrr as starting_mrr
    from members
    inner join account_months
        on
            members.account_id = account_months.account_id
            and members.cohort_month = account_months.month
),

cohorts as (
    select
        cohort_month,
        origin,
        count(*) as cohort_accounts,
        sum(starting_mrr) as cohort_mrr_0
    from starts
    group by 1, 2
),

kept as (
    select
        starts.cohort_month,
        starts.origin,
        account_months.month,
        sum(account_months.mrr) as mrr_k,
        sum(least(account_months.mrr, starts.starting_mrr)) as retained_mrr_k,
        sum(case when account_months.mrr > 0 then 1 else 0 end) as retained_accounts_k
    from starts
    inner join account_months
        on starts.account_id = account_months.account_id
    group by 1, 2, 3
),

cohort_months as (
    select
        cohorts.cohort_month,
        cohorts.origin,
        {{ dbt.datediff('cohorts.cohort_month', 'months.month', 'month') }}
            as months_since,
        cohorts.cohort_accounts,
        cohorts.cohort_mrr_0,
        coalesce(kept.mrr_k, 0) as mrr_k,
        coalesce(kept.retained_mrr_k, 0) as retained_mrr_k,
        coalesce(kept.retained_accounts_k, 0) as retained_accounts_k
    from cohorts
    inner join months
        on cohorts.cohort_month <= months.month
    left join kept
        on
            cohorts.cohort_month = kept.cohort_month
            and cohorts.origin = kept.origin
            and months.month = kept.month
),

final as (
    select
        cohort_month,
        origin,
        cast(months_since as int) as months_since,
        cast(cohort_accounts as int) as cohort_accounts,
        {{ plr_money('cohort_mrr_0') }} as cohort_mrr_0,
        {{ plr_money('mrr_k') }} as mrr_k,
        {{ plr_money('retained_mrr_k') }} as retained_mrr_k,
        cast(retained_accounts_k as int) as retained_accounts_k,
        {{ plr_ratio('mrr_k', 'cohort_mrr_0') }} as nrr,
        {{ plr_ratio('retained_mrr_k', 'cohort_mrr_0') }} as grr,
        {{ plr_ratio('retained_accounts_k', 'cohort_accounts') }} as logo_retention,
        {{ plr_confidence_of('cohort_accounts') | indent(8) }} as confidence
    from cohort_months
)

select * from final
