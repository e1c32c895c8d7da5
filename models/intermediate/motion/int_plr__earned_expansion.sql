-- has the account outgrown what it pays for? asked of paying accounts that are no longer new
with

eligible as (
    select *
    from {{ ref('int_plr__account_months') }}
    where
        closing_mrr > 0
        and {{ dbt.datediff('first_paid_month', 'month', 'month') }}
        >= {{ var('plr_orphan_tenure_months') }}
),

signals as (
    select
        eligible.account_id,
        eligible.month,
        eligible.month_end,
        eligible.month_end_us,
        eligible.seats,
        eligible.active_users,
        eligible.utilisation,
        eligible.previous_utilisation,
        eligible.usage_now,
        eligible.usage_before,
        eligible.user_months_now,
        eligible.user_months_before,
        eligible.limit_events,
        eligible.limit_days,
        eligible.new_use_cases,
        coalesce(
            eligible.utilisation >= {{ var('plr_orphan_utilisation') }}
            and eligible.previous_utilisation >= {{ var('plr_orphan_utilisation') }},
            false
        )
        or (
            eligible.limit_events >= {{ var('plr_orphan_limit_events') }}
            and eligible.limit_days >= {{ var('plr_orphan_limit_active_days') }}
        ) as has_reached_capacity,
        (eligible.utilisation is not null and eligible.previous_utilisation is not null)
        or coverage.has_limit_role as is_capacity_known,
        case
            when eligible.usage_before >= {{ var('plr_orphan_usage_events') }}
                then
                    eligible.usage_now
                    >= {{ var('plr_orphan_usage_ratio') }} * eligible.usage_before
        end as is_usage_up,
        eligible.user_months_now
        >= {{ var('plr_orphan_users_ratio') }} * eligible.user_months_before
        and eligible.user_months_now - eligible.user_months_before
        >= 3 * {{ var('plr_orphan_users_more') }} as is_users_up,
        case when coverage.has_breadth_role then eligible.new_use_cases > 0 end as is_breadth_new
    from eligible
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

runs as (
    select
        *,
        {{ plr_run('is_earned', 'account_id', 'month') | indent(8) }} as earned_run
    from judged
),

streaks as (
    select
        *,
        {{ plr_streak('is_earned', 'account_id', 'month', 'earned_run') | indent(8) }}
            as earned_streak
    from runs
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
    from streaks
)

select * from final
