{{ config(enabled=var('plr_find_value_events')) }}

-- Which events have no role yet, the most frequent in accounts' first days first?
with

candidates as (
    select * from {{ ref('plr_value_event_candidates') }}
    where roles is null
),

-- a name has a row for each number of events and window
final as (
    select
        event_name,
        max(first_days_events) as first_days_events,
        max(first_days_accounts) as first_days_accounts,
        min(candidate_rank) as best_rank
    from candidates
    group by event_name
)

select * from final
order by first_days_events desc, event_name asc
