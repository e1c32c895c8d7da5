-- origins add up to their cohort, a cohort starts whole, and GRR never exceeds NRR
with

cohorts as (
    select * from {{ ref('plr_cohort_nrr') }}
),

impossible as (
    select
        cohort_month,
        months_since,
        'a ratio is out of its bounds' as problem
    from cohorts
    where
        grr > 1
        or grr > nrr
        or logo_retention > 1
        or (months_since = 0 and (nrr <> 1 or grr <> 1 or logo_retention <> 1))
),

sides as (
    select
        cohort_month,
        months_since,
        case when origin = 'all' then 'cohort' else 'origins' end as side,
        sum(cohort_accounts) as cohort_accounts,
        sum(retained_accounts_k) as retained_accounts_k,
        sum(cohort_mrr_0) as cohort_mrr_0,
        sum(mrr_k) as mrr_k,
        sum(retained_mrr_k) as retained_mrr_k
    from cohorts
    group by 1, 2, 3
),

unequal as (
    select
        cohort_month,
        months_since,
        'the origins do not add up to the cohort' as problem
    from sides
    group by 1, 2
    having
        count(*) <> 2
        or max(cohort_accounts) <> min(cohort_accounts)
        or max(retained_accounts_k) <> min(retained_accounts_k)
        or max(cohort_mrr_0) - min(cohort_mrr_0) > 0.01
        or max(mrr_k) - min(mrr_k) > 0.01
        or max(retained_mrr_k) - min(retained_mrr_k) > 0.01
)

select * from impossible
union all
select * from unequal
