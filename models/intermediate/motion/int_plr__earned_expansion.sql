-- has the account outgrown what it pays for? asked of paying accounts that are no longer new; long,
-- since limits are counted anew after an expansion
with

eligible as (
    select *
    from {{ ref('int_plr__account_months') }}
    where
        closing_mrr > 0
        and {{ dbt.datediff('first_paid_month', 'month', 'month') }}
        >= {{ var('plr_orphan_tenure_months') }}
),

-- where one is recent: what was hit before it was hit of a smaller plan
last_expansions as (
    select
        eligible.account_id,
        eligible.month,
        eligible.month_end,
        max(expansions.movement_date) as expanded_date
    from eligible
    inner join {{ ref('int_plr__movement_days') }} as expansions
        on
            eligible.account_id = expansions.account_id
            and eligible.month >= expansions.month
    where
        expansions.movement_type = 'expansion'
        and not expansions.is_too_small
        and {{ dbt.datediff('expansions.movement_date', 'eligible.month_end', 'day') }}
        < {{ var('plr_orphan_limit_days') }}
    group by 1, 2, 3
),

limit_names as (
    select distinct event_name
    from {{ ref('stg_plr__event_roles') }}
    where role = 'limit'
),

limits_since as (
    select
        last_expansions.account_id,
        last_expansions.month,
        sum(events.event_count) as limit_events,
        count(distinct cast(events.occurred_at as date)) as limit_days
    from last_expansions
    inner join {{ ref('int_plr__signal_events') }} as events
        on
            last_expansions.account_id = events.account_id
            and last_expansions.expanded_date <= cast(events.occurred_at as date)
            and last_expansions.month_end >= cast(events.occurred_at as date)
    inner join limit_names
        on events.event_name = limit_names.event_name
    where events.reject_code is null and not events.is_automated
    group by 1, 2
),

limited as (
    select
        eligible.*,
        case
            when last_expansions.account_id is null then eligible.limit_events
            else coalesce(limits_since.limit_events, 0)
        end as counted_limit_events,
        case
            when last_expansions.account_id is null then eligible.limit_days
            else coalesce(limits_since.limit_days, 0)
        end as counted_limit_days,
        coalesce(
            {{ dbt.datediff('eligible.first_event_month', 'eligible.month', 'month') }}
            >= {{ var('plr_orphan_ramp_months') }},
            false
        ) as is_ramp_over
    from eligible
    left join last_expansions
        on
            eligible.account_id = last_expansions.account_id
            and eligible.month = last_expansions.month
    left join limits_since
        on
            eligible.account_id = limits_since.account_id
            and eligible.month = limits_since.month
),

-- while an account still arrives, more of everything is no growth
signals as (
    select
        limited.account_id,
        limited.month,
        limited.month_end,
        limited.month_end_us,
        limited.seats,
        limited.active_users,
        limited.utilisation,
        limited.previous_utilisation,
        limited.usage_now,
        limited.usage_before,
        limited.user_months_now,
        limited.user_months_before,
        limited.counted_limit_events as limit_events,
        limited.counted_limit_days as limit_days,
        limited.new_use_cases,
        coalesce(
            limited.utilisation >= {{ var('plr_orphan_utilisation') }}
            and limited.previous_utilisation >= {{ var('plr_orphan_utilisation') }},
            false
        )
        or (
            limited.counted_limit_events >= {{ var('plr_orphan_limit_events') }}
            and limited.counted_limit_days >= {{ var('plr_orphan_limit_active_days') }}
        ) as has_reached_capacity,
        (limited.utilisation is not null and limited.previous_utilisation is not null)
        or coverage.has_limit_role as is_capacity_known,
        case
            when
                limited.is_ramp_over
                and limited.usage_before >= {{ var('plr_orphan_usage_events') }}
                then
                    limited.usage_now
                    >= {{ var('plr_orphan_usage_ratio') }} * limited.usage_before
        end as is_usage_up,
        case
            when limited.is_ramp_over
                then
                    limited.user_months_now
                    >= {{ var('plr_orphan_users_ratio') }} * limited.user_months_before
                    and limited.user_months_now - limited.user_months_before
                    >= 3 * {{ var('plr_orphan_users_more') }}
        end as is_users_up,
        case when coverage.has_breadth_role then limited.new_use_cases > 0 end as is_breadth_new
    from limited
    cross join {{ ref('int_plr__coverage') }} as coverage
),

-- null where it can't be known
counted as (
    select
        *,
        case when has_reached_capacity or is_capacity_known then has_reached_capacity end
            as is_capacity_reached,
        case when is_usage_up then 1 else 0 end
        + case when is_users_up then 1 else 0 end
        + case when is_breadth_new then 1 else 0 end as n_signals,
        case when is_usage_up is not null then 1 else 0 end
        + case when is_users_up is not null then 1 else 0 end
        + case when is_breadth_new is not null then 1 else 0 end as n_known
    from signals
),

judged as (
    select
        *,
        has_reached_capacity or n_signals >= {{ var('plr_orphan_signals') }} as is_earned,
        is_capacity_reached is null and n_known < {{ var('plr_orphan_signals') }}
            as is_input_missing
    from counted
),

streaks as (
    {{ plr_streaks('judged', 'is_earned', 'account_id') | indent }}
),

joined as (
    select
        judged.*,
        coalesce(streaks.streak, 0) as earned_streak
    from judged
    left join streaks
        on
            judged.account_id = streaks.account_id
            and judged.month = streaks.month
),

final as (
    select
        account_id,
        month,
        month_end,
        month_end_us,
        seats,
        active_users,
        utilisation,
        previous_utilisation,
        usage_now,
        usage_before,
        user_months_now,
        user_months_before,
        limit_events,
        limit_days,
        new_use_cases,
        is_capacity_reached,
        is_usage_up,
        is_users_up,
        is_breadth_new,
        is_input_missing,
        is_earned,
        earned_streak,
        case
            when is_earned
                then {{ dbt.last_day(
                    plr_date_add('month', 'cast(1 - earned_streak as int)', 'month'), 'month'
                ) }}
        end as earned_since
    from joined
)

select * from final
