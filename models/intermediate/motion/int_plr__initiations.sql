-- who started each revenue event and each later deal: the first product signal and the first touch;
-- long, since one judgement needs all of it
with

subjects as (
    select *
    from {{ ref('int_plr__event_windows') }}
    where subject_type <> 'deal' or event_number > 1
),

ranked_signals as (
    select
        *,
        row_number() over (
            partition by subject_type, subject_id, is_start
            order by lo_us, signal_role
        ) as signal_number
    from {{ ref('int_plr__window_signals') }}
),

first_signals as (
    select
        subject_type,
        subject_id,
        min(case when is_start then lo_us end) as signal_lo_us,
        min(case when is_start then hi_us end) as signal_hi_us,
        max(case when is_start and signal_number = 1 then signal_role end) as signal_role,
        min(case when not is_start then lo_us end) as value_lo_us
    from ranked_signals
    group by 1, 2
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
    from {{ ref('int_plr__window_touches') }}
),

first_touches as (
    select
        subject_type,
        subject_id,
        min(lo_us) as human_lo_us,
        min(case when is_commercial then lo_us end) as commercial_lo_us,
        max(case when touch_number = 1 then source end) as touch_source,
        max(case when touch_number = 1 then source_id end) as touch_id,
        max(case when touch_number = 1 then team end) as touch_team
    from ranked_touches
    group by 1, 2
),

evident as (
    select
        subjects.*,
        first_signals.signal_lo_us,
        first_signals.signal_hi_us,
        first_signals.signal_role,
        first_touches.human_lo_us,
        first_touches.commercial_lo_us,
        first_touches.touch_source,
        first_touches.touch_id,
        first_touches.touch_team,
        first_signals.value_lo_us,
        coalesce(
            case
                when subjects.window_end_us > coverage.crm_last_us then false
                when subjects.stage = 'conversion'
                    then {{ plr_starts_by('coverage.crm_start_us', [
                        'readings.signed_up_us',
                        'readings.created_us',
                        'case when readings.activity_lo_us <= subjects.window_end_us'
                        ~ ' then readings.activity_lo_us end',
                    ]) | indent(20) }}
                else subjects.window_start_us >= coverage.crm_start_us
            end,
            false
        ) as is_covered,
        coalesce(subjects.window_start_us >= coverage.crm_start_us, false) as is_covered_from_start,
        -- paying more for as many seats as before, without a signal or a commercial touch
        subjects.stage = 'expansion'
        and coalesce(first_signals.signal_lo_us, first_touches.commercial_lo_us) is null
        and coalesce(account_months.seats = account_months.previous_seats, false)
            as is_price_rise
    from subjects
    cross join {{ ref('int_plr__coverage') }} as coverage
    inner join {{ ref('int_plr__origin_readings') }} as readings
        on
            subjects.account_id = readings.account_id
            and readings.subject_type = 'account'
            and readings.contact_time = 'occurred'
    left join first_signals
        on
            subjects.subject_type = first_signals.subject_type
            and subjects.subject_id = first_signals.subject_id
    left join first_touches
        on
            subjects.subject_type = first_touches.subject_type
            and subjects.subject_id = first_touches.subject_id
    left join {{ ref('int_plr__account_months') }} as account_months
        on
            subjects.account_id = account_months.account_id
            and subjects.month = account_months.month
),

judged as (
    select
        *,
        {{ plr_initiation_of(
            'is_covered',
            'is_too_small',
            'signal_lo_us',
            'signal_hi_us',
            'commercial_lo_us',
            'human_lo_us',
            'is_auto_renew',
            'value_lo_us is not null',
            'is_price_rise'
        ) | indent(8) }} as initiation,
        {{ plr_initiation_of(
            'is_covered_from_start',
            'is_too_small',
            'signal_lo_us',
            'signal_hi_us',
            'commercial_lo_us',
            'human_lo_us',
            'is_auto_renew',
            'value_lo_us is not null',
            'is_price_rise'
        ) | indent(8) }} as initiation_so_far
    from evident
),

-- a contract that renewed by itself while value was found shows the first of it
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
        case
            when initiation = 'unobserved'
                then {{ plr_unobserved_reason_of(
                    'is_covered', 'is_too_small', 'is_auto_renew', 'is_price_rise'
                ) | indent(16) }}
        end as unobserved_reason,
        case
            when initiation = 'product_initiated' then coalesce(signal_lo_us, value_lo_us)
            else signal_lo_us
        end as signal_lo_us,
        case
            when initiation = 'product_initiated' then coalesce(signal_role, 'value')
            else signal_role
        end as signal_role,
        commercial_lo_us,
        human_lo_us,
        touch_source,
        touch_id,
        touch_team,
        window_start,
        window_end,
        case
            when stage <> 'retention' or not is_covered_from_start then null
            when initiation_so_far = 'human_initiated' then 'person'
            when initiation_so_far = 'unobserved' then 'none'
            else 'product'
        end as first_mover,
        case
            when stage <> 'retention' or not is_covered_from_start then null
            when initiation_so_far = 'human_initiated'
                then coalesce(commercial_lo_us, human_lo_us)
            when initiation_so_far <> 'unobserved' then coalesce(signal_lo_us, value_lo_us)
        end as first_moved_us
    from judged
)

select * from final
