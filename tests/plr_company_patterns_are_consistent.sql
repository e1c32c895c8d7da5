-- an amount at stake stands where the verdict says so, and no streak outlasts the company
with

verdicts as (
    select
        month,
        scope,
        status,
        severity,
        months_flagged_streak,
        mrr_at_stake as at_stake
    from {{ ref('plr_borrowed_nrr') }}
    union all
    select
        month,
        scope,
        status,
        severity,
        months_flagged_streak,
        excess_fte as at_stake
    from {{ ref('plr_architecture_drift') }}
    union all
    select
        month,
        scope,
        status,
        severity,
        months_flagged_streak,
        mrr_at_stake as at_stake
    from {{ ref('plr_product_passive_growth') }}
)

select
    month,
    scope,
    status,
    'the verdict contradicts itself' as problem
from verdicts
where
    (status = 'flagged') <> (months_flagged_streak > 0)
    or (status in ('flagged', 'watch')) <> (severity is not null)
    or (status not in ('flagged', 'watch') and at_stake is not null)
    or at_stake < 0
