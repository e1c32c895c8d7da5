{{ config(materialized='view') }}

-- what the product did in the window of each revenue event and each later deal; long, since only
-- all of it together tells the first
with

subjects as (
    select *
    from {{ ref('int_plr__event_windows') }}
    where (subject_type <> 'deal' or event_number > 1) and not is_too_small
),

event_roles as (
    select * from {{ ref('stg_plr__event_roles') }}
),

-- every product start that a stage knows
starts as (
    select
        subjects.subject_type,
        subjects.subject_id,
        event_roles.role as signal_role,
        events.lo_us,
        events.hi_us,
        true as is_start
    from subjects
    inner join {{ ref('int_plr__signal_events') }} as events
        on
            subjects.account_id = events.account_id
            and subjects.window_start_us < events.lo_us
            and subjects.window_end_us >= events.lo_us
    inner join event_roles
        on events.event_name = event_roles.event_name
    where
        events.reject_code is null
        and not events.is_automated
        and event_roles.role in ('limit', 'prompt', 'intent', 'commercial_action')
        and subjects.stage <> 'conversion'
        and (event_roles.role <> 'limit' or subjects.stage <> 'retention')
),

-- value tells something of a return, once gone, and of a contract that renews by itself: none is
-- its start, but it is more than inertia then
values_found as (
    select
        subjects.subject_type,
        subjects.subject_id,
        'value' as signal_role,
        events.lo_us,
        events.hi_us,
        subjects.stage = 'reactivation' as is_start
    from subjects
    inner join {{ ref('int_plr__signal_events') }} as events
        on
            subjects.account_id = events.account_id
            and subjects.window_start_us < events.lo_us
            and subjects.window_end_us >= events.lo_us
    inner join event_roles
        on events.event_name = event_roles.event_name
    where
        events.reject_code is null
        and not events.is_automated
        and event_roles.role = 'value'
        and (
            (subjects.stage = 'reactivation' and subjects.churn_date is not null)
            or (subjects.stage = 'retention' and subjects.is_auto_renew)
        )
),

conversions as (
    select
        subjects.subject_type,
        subjects.subject_id,
        subjects.window_start_us,
        subjects.window_end_us,
        readings.activity_lo_us,
        readings.activity_hi_us,
        readings.purchase_lo_us,
        readings.purchase_hi_us
    from subjects
    inner join {{ ref('int_plr__origin_readings') }} as readings
        on
            subjects.account_id = readings.account_id
            and readings.subject_type = 'account'
            and readings.contact_time = 'occurred'
    where subjects.stage = 'conversion'
),

conversion_starts as (
    select
        subject_type,
        subject_id,
        'activity' as signal_role,
        activity_lo_us as lo_us,
        activity_hi_us as hi_us,
        true as is_start
    from conversions
    where activity_lo_us > window_start_us and activity_lo_us <= window_end_us
    union all
    select
        subject_type,
        subject_id,
        'commercial_action' as signal_role,
        purchase_lo_us as lo_us,
        purchase_hi_us as hi_us,
        true as is_start
    from conversions
    where purchase_lo_us > window_start_us and purchase_lo_us <= window_end_us
),

-- at a month-end in the window; already waiting at the last one before it: under the date on which
-- that began, but it counts from the window's start
earned_expansions as (
    select
        subjects.subject_type,
        subjects.subject_id,
        'earned' as signal_role,
        {{ plr_micros('earned.earned_since') }} as lo_us,
        case
            when earned.month_end > subjects.window_start then earned.month_end_us
            else subjects.window_start_us
        end as hi_us,
        true as is_start
    from subjects
    inner join {{ ref('int_plr__earned_expansion') }} as earned
        on
            subjects.account_id = earned.account_id
            and {{ plr_is_earned_in(
                'earned.month',
                'earned.month_end',
                'earned.earned_streak',
                'subjects.window_start',
                'subjects.window_end_us'
            ) | indent(12) }}
    where subjects.stage = 'expansion' and earned.is_earned
),

final as (
    select * from starts
    union all
    select * from values_found
    union all
    select * from conversion_starts
    union all
    select * from earned_expansions
)

select * from final
