-- Which accounts should we call this week, and why?
with

flags as (
    select * from {{ ref('plr_pattern_flags') }}
),

last_month as (
    select max(month) as month from flags
),

final as (
    select
        accounts.account_name,
        flags.entity_id as account_id,
        accounts.segment,
        flags.pattern,
        flags.severity,
        flags.amount_at_stake as mrr_at_stake,
        flags.months_flagged_streak,
        flags.evidence_summary
    from flags
    inner join last_month
        on flags.month = last_month.month
    inner join {{ ref('plr_account_origin') }} as accounts
        on flags.entity_id = accounts.account_id
    where
        flags.entity_type = 'account'
        and flags.pattern in ('expansion_orphans', 'conversion_black_holes')
        and flags.status = 'flagged'
)

select * from final
order by coalesce(mrr_at_stake, 0) desc, account_id asc
