with

-- months that can't be judged are left out
final as (
    select
        month,
        sum(case when is_earned then 1 else 0 end) as earned_accounts,
        sum(case when status = 'flagged' then 1 else 0 end) as orphan_accounts
    from {{ ref('int_plr__expansion_orphans_verdicts') }}
    where status in ('flagged', 'watch', 'clear')
    group by 1
)

select * from final
