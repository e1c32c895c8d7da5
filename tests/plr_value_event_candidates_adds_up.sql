{{ config(enabled=var('plr_find_value_events')) }}

-- every candidate splits the same accounts, more events are reached by fewer, and ranks have no gap
with

candidates as (
    select * from {{ ref('plr_value_event_candidates') }}
),

impossible as (
    select
        event_name,
        'its counts do not nest, or a rate is out of its interval' as problem
    from candidates
    where
        reached_converted > reached
        or rest_converted > rest
        or uncontacted_reached > reached
        or uncontacted_rest > rest
        or uncontacted_reached_converted > reached_converted
        or reached_before_contact > reached
        or reached_payers > reached_converted
        or reached_retained > reached_payers
        or rest_retained > rest_payers
        or difference < difference_ci_low
        or difference > difference_ci_high
        or reached > first_days_accounts
),

wholes as (
    select
        window_days,
        min(event_name) as event_name
    from candidates
    group by 1
    having
        min(reached + rest) <> max(reached + rest)
        or min(reached_converted + rest_converted) <> max(reached_converted + rest_converted)
        or min(uncontacted_reached + uncontacted_rest)
        <> max(uncontacted_reached + uncontacted_rest)
        or min(not_covered) <> max(not_covered)
),

grown as (
    select
        more.event_name,
        'more events were reached by more accounts' as problem
    from candidates as more
    inner join candidates as fewer
        on
            more.event_name = fewer.event_name
            and more.window_days = fewer.window_days
            and more.min_events > fewer.min_events
    where more.reached > fewer.reached
),

ranks as (
    select
        max(event_name) as event_name,
        'ranks have a gap' as problem
    from candidates
    where candidate_rank is not null
    having max(candidate_rank) <> count(*) or count(distinct candidate_rank) <> count(*)
)

select * from impossible
union all
select
    event_name,
    'candidates of one window split different accounts' as problem
from wholes
union all
select * from grown
union all
select * from ranks
