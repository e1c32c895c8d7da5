-- Which verdicts changed in the newest run that changed any, and how much MRR went where?
with

changes as (
    select * from {{ ref('plr_origin_changes') }}
),

newest_run as (
    select max(run_at) as run_at
    from changes
),

final as (
    select
        changes.run_at,
        changes.cause,
        changes.origin_before,
        changes.origin_after,
        count(*) as accounts,
        sum(changes.closing_mrr) as closing_mrr
    from changes
    inner join newest_run
        on changes.run_at = newest_run.run_at
    group by changes.run_at, changes.cause, changes.origin_before, changes.origin_after
)

select * from final
order by closing_mrr desc
