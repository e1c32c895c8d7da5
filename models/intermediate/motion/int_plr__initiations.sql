-- who started each revenue event and each later deal: the first product signal and the first touch
with

subjects as (
    select *
    from {{ ref('int_plr__event_windows') }}
    where subject_type = 'event' or event_number > 1
),

event_roles as (
    {{ plr_input('plr_event_roles') }}
),

roles as (
    select distinct
        event_name,
        role
    from event_roles
    where role in ('value', 'limit', 'prompt', 'intent', 'commercial_action')
),

origin_evidence as (
    select *
    from {{ ref('int_plr__origin_evidence') }}
    where subject_type = 'account' and contact_time = 'occurred'
),

earned as (
    select *
    from {{ ref('int_plr__earned_expansion') }}
    where is_earned
),

-- every product start that a stage knows
start_signals as (
    select
        subjects.subject_type,
        subjects.subject_id,
        roles.role,
        events.lo_us,
        events.hi_us
    from subjects
    inner join {{ ref('int_plr__signal_events') }} as events
        on
            subjects.account_id = events.account_id
            and subjects.window_start_us < events.lo_us
            and subjects.window_end_us >= events.lo_us
    inner join roles
        on events.event_name = roles.event_name
    where
        events.reject_code is null
        and not events.is_automated
        and subjects.stage <> 'conversion'
        and roles.role <> 'value'
        and (roles.role <> 'limit' or subjects.stage <> 'retention')
),

-- value tells something of a return, and of a contract that renews by itself
value_seekers as (
    select *
    from subjects
    where stage = 'reactivation' or (stage = 'retention' and is_auto_renew)
),

values_found as (
    select
        value_seekers.subject_type,
        value_seekers.subject_id,
        value_seekers.stage,
        value_seekers.window_start_us,
        {{ plr_micros('value_seekers.churn_date') }} as churn_us,
        events.lo_us,
        events.hi_us
    from value_seekers
    inner join {{ ref('int_plr__signal_events') }} as events
        on
            value_seekers.account_id = events.account_id
            and value_seekers.window_end_us >= events.lo_us
    inner join roles
        on events.event_name = roles.event_name
    where
        events.reject_code is null
        and not events.is_automated
        and roles.role = 'value'
),

-- of value, only the first event after the churn is a start
first_values as (
    select
        subject_type,
        subject_id,
        window_start_us,
        lo_us,
        hi_us,
        row_number() over (
            partition by subject_type, subject_id
            order by lo_us, hi_us
        ) as value_number
    from values_found
    where stage = 'reactivation' and lo_us > churn_us
),

signals as (
    select * from start_signals
    union all
    select
        subject_type,
        subject_id,
        'value' as role,
        lo_us,
        hi_us
    from first_values
    where value_number = 1 and lo_us > window_start_us
    union all
    select
        subjects.subject_type,
        subjects.subject_id,
        'activity' as role,
        evidence.activity_lo_us as lo_us,
        evidence.activity_hi_us as hi_us
    from subjects
    inner join origin_evidence as evidence
        on
            subjects.account_id = evidence.account_id
            and subjects.window_start_us < evidence.activity_lo_us
            and subjects.window_end_us >= evidence.activity_lo_us
    where subjects.stage = 'conversion'
    union all
    select
        subjects.subject_type,
        subjects.subject_id,
        'commercial_action' as role,
        evidence.purchase_lo_us as lo_us,
        evidence.purchase_hi_us as hi_us
    from subjects
    inner join origin_evidence as evidence
        on
            subjects.account_id = evidence.account_id
            and subjects.window_start_us < evidence.purchase_lo_us
            and subjects.window_end_us >= evidence.purchase_lo_us
    where subjects.stage = 'conversion'
    union all
    -- an earned expansion that is already waiting counts from the window's start
    select
        subjects.subject_type,
        subjects.subject_id,
        'earned' as role,
        subjects.window_start_us as lo_us,
        subjects.window_start_us as hi_us
    from subjects
    inner join earned
        on
            subjects.account_id = earned.account_id
            and {{ plr_date_add(
                'month', -1, plr_month_of(plr_date_add('day', 1, 'subjects.window_start'))
            ) }} = earned.month
    where subjects.stage = 'expansion'
    union all
    select
        subjects.subject_type,
        subjects.subject_id,
        'earned' as role,
        {{ plr_micros('earned.month_end') }} as lo_us,
        earned.month_end_us as hi_us
    from subjects
    inner join earned
        on
            subjects.account_id = earned.account_id
            and subjects.window_start < earned.month_end
            and subjects.window_end >= earned.month_end
    where subjects.stage = 'expansion' and earned.earned_streak = 1
),

ranked_signals as (
    select
        *,
        row_number() over (
            partition by subject_type, subject_id
            order by lo_us, role
        ) as signal_number
    from signals
),

first_signals as (
    select
        subject_type,
        subject_id,
        min(lo_us) as signal_lo_us,
        min(hi_us) as signal_hi_us,
        max(case when signal_number = 1 then role end) as signal_role
    from ranked_signals
    group by 1, 2
),

value_in_window as (
    select distinct
        subject_type,
        subject_id
    from values_found
    where stage = 'retention' and lo_us > window_start_us
),

human_touches as (
    select *
    from {{ ref('int_plr__sales_touches') }}
    where is_human_touch
),

-- an opportunity opened in a window, or open and young enough where the window starts
opportunity_uses as (
    select
        windows.subject_type,
        windows.subject_id,
        windows.event_date,
        windows.window_start_us,
        touches.source,
        touches.source_id,
        touches.team,
        touches.is_commercial,
        touches.lo_us <= windows.window_start_us as is_open_at_start,
        row_number() over (
            partition by windows.subject_type, touches.source_id
            order by
                windows.month, windows.event_date, {{ plr_in_byte_order('windows.subject_id') }}
        ) as use_number
    from {{ ref('int_plr__event_windows') }} as windows
    inner join human_touches as touches
        on
            windows.account_id = touches.account_id
            and windows.window_end_us >= touches.lo_us
    where
        touches.source = 'opportunity'
        and (
            touches.lo_us > windows.window_start_us
            or (
                touches.open_until_us > windows.window_start_us
                and {{ dbt.datediff(
                    'cast(' ~ plr_from_micros('touches.lo_us') ~ ' as date)',
                    'windows.event_date',
                    'day'
                ) }} <= {{ var('plr_open_opportunity_days') }}
            )
        )
),

touches as (
    select
        subjects.subject_type,
        subjects.subject_id,
        touches.source,
        touches.source_id,
        touches.team,
        touches.is_commercial,
        touches.lo_us,
        touches.hi_us
    from subjects
    inner join human_touches as touches
        on
            subjects.account_id = touches.account_id
            and subjects.window_start_us < touches.lo_us
            and subjects.window_end_us >= touches.lo_us
    union all
    select
        subject_type,
        subject_id,
        source,
        source_id,
        team,
        is_commercial,
        window_start_us as lo_us,
        window_start_us as hi_us
    from opportunity_uses
    where is_open_at_start and use_number = 1
),

ranked_touches as (
    select
        *,
        row_number() over (
            partition by subject_type, subject_id
            order by
                case when is_commercial then 0 else 1 end,
                lo_us,
                hi_us,
                source,
                {{ plr_in_byte_order('source_id') }}
        ) as touch_number
    from touches
),

first_touches as (
    select
        subject_type,
        subject_id,
        min(lo_us) as human_lo_us,
        min(case when is_commercial then lo_us end) as commercial_lo_us,
        max(case when touch_number = 1 then team end) as touch_team
    from ranked_touches
    group by 1, 2
),

crm as (
    select
        tracking_start_us,
        last_us
    from {{ ref('int_plr__feeds') }}
    where feed = 'crm'
),

evident as (
    select
        subjects.*,
        first_signals.signal_lo_us,
        first_signals.signal_hi_us,
        first_signals.signal_role,
        first_touches.human_lo_us,
        first_touches.commercial_lo_us,
        first_touches.touch_team,
        value_in_window.subject_id is not null as has_value_event,
        account_months.seats,
        account_months.previous_seats,
        coalesce(
            case
                when subjects.window_end_us > crm.last_us then false
                when subjects.stage = 'conversion'
                    then {{ plr_starts_by('crm.tracking_start_us', [
                        'evidence.signed_up_us',
                        'evidence.created_us',
                        'case when evidence.activity_lo_us <= subjects.window_end_us'
                        ~ ' then evidence.activity_lo_us end',
                    ]) | indent(20) }}
                else subjects.window_start_us >= crm.tracking_start_us
            end,
            false
        ) as is_covered
    from subjects
    cross join crm
    inner join origin_evidence as evidence
        on subjects.account_id = evidence.account_id
    left join first_signals
        on
            subjects.subject_type = first_signals.subject_type
            and subjects.subject_id = first_signals.subject_id
    left join first_touches
        on
            subjects.subject_type = first_touches.subject_type
            and subjects.subject_id = first_touches.subject_id
    left join value_in_window
        on
            subjects.subject_type = value_in_window.subject_type
            and subjects.subject_id = value_in_window.subject_id
    left join {{ ref('int_plr__account_months') }} as account_months
        on
            subjects.account_id = account_months.account_id
            and subjects.month = account_months.month
),

judged as (
    select
        *,
        {{ plr_initiation() | indent(8) }} as initiation
    from evident
),

final as (
    select
        subject_type,
        subject_id,
        stage,
        account_id,
        month,
        event_date,
        amount_mrr,
        initiation,
        case when initiation = 'unobserved' then {{ plr_unobserved_reason() | indent(8) }} end
            as unobserved_reason,
        signal_lo_us,
        signal_role,
        commercial_lo_us,
        human_lo_us,
        touch_team,
        window_start,
        window_end
    from judged
)

select * from final
