with

account_months as (
    select
        account_id,
        segment,
        month,
        month_end,
        month_end_us,
        closing_mrr
    from {{ ref('int_plr__account_months') }}
    where closing_mrr > 0 or is_last
),

earned as (
    select * from {{ ref('int_plr__earned_expansion') }}
),

hollow as (
    select
        account_id,
        month,
        status,
        renewal_date
    from {{ ref('plr_hollow_usage') }}
),

feeds as (
    select * from {{ ref('int_plr__coverage') }}
),

measured as (
    select
        account_months.account_id,
        account_months.segment,
        account_months.month,
        account_months.month_end,
        account_months.month_end_us,
        account_months.closing_mrr,
        earned.account_id is not null as is_eligible,
        earned.seats,
        earned.active_users,
        earned.utilisation,
        earned.previous_utilisation,
        case
            when earned.is_usage_up is not null
                then {{ plr_ratio('earned.usage_now', 'earned.usage_before') }}
        end as usage_ratio,
        earned.user_months_now,
        earned.user_months_before,
        earned.limit_events,
        earned.limit_days,
        earned.new_use_cases,
        earned.is_capacity_reached,
        earned.is_usage_up,
        earned.is_users_up,
        earned.is_breadth_new,
        earned.is_input_missing,
        earned.is_earned,
        earned.earned_streak,
        earned.earned_since,
        motions.last_motion_us,
        motions.last_motion_type,
        motions.last_human_touch_us,
        {{ dbt.datediff(
            'cast(' ~ plr_from_micros('motions.last_motion_us') ~ ' as date)',
            'account_months.month_end',
            'day'
        ) }} as days_since_motion,
        hollow.status as hollow_status,
        hollow.renewal_date,
        feeds.crm_start_us,
        feeds.stale_from_us
    from account_months
    inner join {{ ref('int_plr__last_motions') }} as motions
        on
            account_months.account_id = motions.account_id
            and account_months.month = motions.month
    left join earned
        on
            account_months.account_id = earned.account_id
            and account_months.month = earned.month
    left join hollow
        on
            account_months.account_id = hollow.account_id
            and account_months.month = hollow.month
    cross join feeds
),

judged as (
    select
        *,
        {{ plr_orphan_reason() | indent(8) }} as reason
    from measured
),

verdicts as (
    select
        judged.*,
        case
            when judged.reason = 'not_eligible' then 'not_eligible'
            when judged.reason in ('crm_not_covered', 'stale_feed', 'inputs_missing')
                then 'insufficient_data'
            when judged.reason = 'no_motion' then 'flagged'
            else 'clear'
        end as status
    from judged
    inner join {{ ref('int_plr__months') }} as months
        on judged.month = months.month
    where judged.is_eligible or months.is_last
),

runs as (
    select
        *,
        {{ plr_run("status = 'flagged'", 'account_id') | indent(8) }} as flagged_run
    from verdicts
),

streaks as (
    select
        *,
        {{ plr_streak("status = 'flagged'", 'account_id', 'flagged_run') | indent(8) }}
            as months_flagged_streak
    from runs
),

final as (
    select
        streaks.account_id,
        streaks.month,
        streaks.segment,
        streaks.status,
        {{ plr_severity() | indent(8) }} as severity,
        streaks.reason,
        case
            when streaks.status = 'flagged'
                then {{ plr_money('streaks.closing_mrr * typical.expansion_rate') }}
        end as mrr_at_stake,
        cast(streaks.months_flagged_streak as int) as months_flagged_streak,
        streaks.closing_mrr,
        typical.expansion_rate,
        streaks.seats,
        cast(streaks.active_users as int) as active_users,
        streaks.utilisation,
        streaks.previous_utilisation,
        cast(streaks.usage_ratio as {{ plr_share_type() }}) as usage_ratio,
        {{ plr_ratio('streaks.user_months_now', '3') }} as users_now,
        {{ plr_ratio('streaks.user_months_before', '3') }} as users_before,
        cast(streaks.limit_events as bigint) as limit_events,
        cast(streaks.limit_days as int) as limit_days,
        cast(streaks.new_use_cases as int) as new_use_cases,
        streaks.is_capacity_reached,
        streaks.is_usage_up,
        streaks.is_users_up,
        streaks.is_breadth_new,
        streaks.is_earned,
        cast(streaks.earned_streak as int) as earned_streak,
        streaks.earned_since,
        {{ plr_from_micros('streaks.last_motion_us') }} as last_motion_at,
        streaks.last_motion_type,
        cast(streaks.days_since_motion as int) as days_since_motion,
        {{ plr_from_micros('streaks.last_human_touch_us') }} as last_human_touch_at,
        streaks.renewal_date,
        {{ plr_orphan_evidence() | indent(8) }} as evidence_summary
    from streaks
    inner join {{ ref('int_plr__typical_amounts') }} as typical
        on
            streaks.month = typical.month
            and streaks.segment = typical.segment
)

select * from final
