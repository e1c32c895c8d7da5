with

orphan_months as (
    select
        account_id,
        month,
        status,
        is_earned,
        earned_streak,
        earned_since,
        days_since_motion,
        lag(month) over (partition by account_id order by month) as previous_month,
        lag(earned_since) over (partition by account_id order by month) as previous_earned_since
    from {{ ref('int_plr__expansion_orphans_verdicts') }}
),

-- an earned streak's months, and the month that ended it
streak_months as (
    select
        *,
        earned_since as streak_since
    from orphan_months
    where is_earned
    union all
    select
        *,
        previous_earned_since as streak_since
    from orphan_months
    where
        not coalesce(is_earned, false)
        and previous_earned_since is not null
        and {{ plr_date_add('month', 1, 'previous_month') }} = month
),

-- caught: something moved lately, from the month on in which it would have been flagged
streaks as (
    select
        account_id,
        {{ plr_month_of('streak_since') }} as first_month,
        min(case when status = 'flagged' then month end) as flagged_month,
        min(
            case
                when
                    status in ('clear', 'watch')
                    and days_since_motion < {{ var('plr_orphan_quiet_days') }}
                    and (
                        not coalesce(is_earned, false)
                        or earned_streak >= {{ var('plr_orphan_months') }}
                    )
                    then month
            end
        ) as caught_month
    from streak_months
    group by 1, 2
),

-- those begun in the twelve months up to each; without either nothing is decided yet
trailing_years as (
    select
        months.month,
        streaks.account_id,
        case when streaks.flagged_month <= months.month then 0 else 1 end as is_caught
    from {{ ref('int_plr__months') }} as months
    inner join streaks
        on
            months.month >= streaks.first_month
            and {{ plr_date_add('month', -12, 'months.month') }} < streaks.first_month
    where streaks.flagged_month <= months.month or streaks.caught_month <= months.month
),

final as (
    select
        month,
        count(distinct account_id) as earned_accounts,
        count(*) as earned_streaks,
        sum(is_caught) as caught_streaks
    from trailing_years
    group by 1
)

select * from final
