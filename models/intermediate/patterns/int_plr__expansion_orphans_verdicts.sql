with

measured as (
    select
        account_months.account_id,
        account_months.segment,
        account_months.month,
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
        coverage.crm_start_us,
        coverage.stale_from_us
    from {{ ref('int_plr__account_months') }} as account_months
    inner join {{ ref('int_plr__last_motions') }} as motions
        on
            account_months.account_id = motions.account_id
            and account_months.month = motions.month
    left join {{ ref('int_plr__earned_expansion') }} as earned
        on
            account_months.account_id = earned.account_id
            and account_months.month = earned.month
    left join {{ ref('int_plr__hollow_usage_verdicts') }} as hollow
        on
            account_months.account_id = hollow.account_id
            and account_months.month = hollow.month
    cross join {{ ref('int_plr__coverage') }} as coverage
    where earned.account_id is not null or account_months.is_last
),

reasoned as (
    select
        *,
        {{ plr_expansion_orphans_reason(
            'is_eligible',
            'is_earned',
            'is_input_missing',
            'earned_streak',
            'days_since_motion',
            'hollow_status',
            'month_end_us',
            'crm_start_us',
            'stale_from_us'
        ) | indent(8) }} as reason
    from measured
),

final as (
    select
        reasoned.*,
        {{ plr_status_of('expansion_orphans', 'reasoned.reason', 'reasons.status') | indent(8) }}
            as status
    from reasoned
    left join {{ ref('stg_plr__pattern_reasons') }} as reasons
        on
            reasons.pattern = 'expansion_orphans'
            and reasoned.reason = reasons.reason
)

select * from final
