-- each movement is one event with its amount, each first payment is told twice, no touch twice
{{ config(group='product_led_revenue') }}

with

events as (
    select * from {{ ref('plr_revenue_events') }}
),

movements as (
    select
        account_id,
        month,
        case movement_type when 'new' then 'conversion' else movement_type end as stage,
        new_mrr + expansion_mrr + reactivation_mrr as amount_mrr
    from {{ ref('plr_mrr_movements') }}
    where movement_type in ('new', 'expansion', 'reactivation')
),

expected as (
    select * from movements
    union all
    select
        account_id,
        month,
        'acquisition' as stage,
        amount_mrr
    from movements
    where stage = 'conversion'
),

both_sides as (
    select
        account_id,
        month,
        stage,
        amount_mrr as expected_mrr,
        0 as amount_mrr,
        1 as n_expected,
        0 as n_events
    from expected
    union all
    select
        account_id,
        month,
        stage,
        0 as expected_mrr,
        amount_mrr,
        0 as n_expected,
        1 as n_events
    from events
    where stage <> 'retention'
),

compared as (
    select
        account_id,
        month,
        stage,
        sum(expected_mrr) as expected_mrr,
        sum(amount_mrr) as amount_mrr,
        sum(n_expected) as n_expected,
        sum(n_events) as n_events
    from both_sides
    group by 1, 2, 3
),

untied as (
    select
        account_id,
        month,
        stage,
        'an event is not the movement it stands for' as problem
    from compared
    where n_expected <> 1 or n_events <> 1 or abs(expected_mrr - amount_mrr) > 0.01
),

-- the event's window holds what explains it, but for an opportunity open by then and for expansion
-- earned by then
outside_window as (
    select
        account_id,
        month,
        stage,
        'a signal or touch lies outside the window' as problem
    from events
    where
        product_signal_at > cast(window_end as {{ dbt.type_timestamp() }})
        or first_commercial_touch_at > cast(window_end as {{ dbt.type_timestamp() }})
        or first_human_touch_at > cast(window_end as {{ dbt.type_timestamp() }})
        or (
            product_signal_at < cast(window_start as {{ dbt.type_timestamp() }})
            and product_signal_role <> 'earned'
        )
        or (
            first_commercial_touch_at < cast(window_start as {{ dbt.type_timestamp() }})
            and first_touch_source <> 'opportunity'
        )
        or (
            first_human_touch_at < cast(window_start as {{ dbt.type_timestamp() }})
            and first_human_touch_at < coalesce(first_commercial_touch_at, window_end)
        )
),

chains as (
    select
        *,
        case when stage = 'retention' then 'retention' else 'movement' end as chain
    from events
    where stage <> 'acquisition' and coalesce(unobserved_reason, '') <> 'too_small'
),

windows as (
    select
        account_id,
        month,
        stage,
        window_start,
        lag(window_end) over (
            partition by account_id, chain
            order by month, event_date, event_id
        ) as previous_end
    from chains
),

overlapping as (
    select
        account_id,
        month,
        stage,
        'its window begins before the one before has ended' as problem
    from windows
    where window_start < previous_end
),

unexplained as (
    select
        account_id,
        month,
        stage,
        'unobserved with no reason, or a reason without being unobserved' as problem
    from events
    where
        (initiation = 'unobserved' and unobserved_reason is null)
        or (initiation <> 'unobserved' and unobserved_reason is not null)
)

select * from untied
union all
select * from outside_window
union all
select * from overlapping
union all
select * from unexplained
