{{ config(materialized='view') }}

-- a first payment by first touch: who met the customer first, whatever came of it later
with

first_events as (
    select
        account_id,
        min(first_by_person_us) as lo_us,
        min(first_by_person_hi_us) as hi_us
    from {{ ref('int_plr__event_months') }}
    where reject_code is null
    group by 1
),

conversions as (
    select
        *,
        {{ plr_micros('window_end') }} as window_end_us
    from {{ ref('int_plr__initiations') }}
    where subject_type = 'event' and stage = 'conversion'
),

-- only what was known shortly after the payment
encounters as (
    select
        conversions.account_id,
        conversions.month,
        conversions.event_date,
        conversions.amount_mrr,
        conversions.window_end,
        case
            when readings.signed_up_us <= conversions.window_end_us then readings.signed_up_us
        end as sign_up_us,
        case when first_events.lo_us <= conversions.window_end_us then first_events.lo_us end
            as used_lo_us,
        case when first_events.lo_us <= conversions.window_end_us then first_events.hi_us end
            as used_hi_us,
        case
            when readings.contact_lo_us <= conversions.window_end_us then readings.contact_lo_us
        end as met_us,
        conversions.unobserved_reason = 'crm_not_covered' as is_not_covered
    from conversions
    inner join {{ ref('int_plr__origin_readings') }} as readings
        on
            conversions.account_id = readings.account_id
            and readings.subject_type = 'account'
            and readings.contact_time = 'occurred'
    left join first_events
        on conversions.account_id = first_events.account_id
),

judged as (
    select
        *,
        coalesce(least(sign_up_us, used_lo_us), sign_up_us, used_lo_us) as signal_lo_us,
        case
            when is_not_covered then 'unobserved'
            when met_us is null and coalesce(sign_up_us, used_lo_us) is null then 'unobserved'
            when met_us is null then 'product_initiated'
            when sign_up_us < met_us or used_hi_us < met_us then 'product_initiated'
            else 'human_initiated'
        end as initiation
    from encounters
),

final as (
    select
        account_id,
        month,
        event_date,
        amount_mrr,
        initiation,
        case
            when initiation = 'unobserved' and is_not_covered then 'crm_not_covered'
            when initiation = 'unobserved' then 'no_evidence'
        end as unobserved_reason,
        signal_lo_us,
        case
            when used_lo_us = signal_lo_us then 'first_event'
            when sign_up_us = signal_lo_us then 'sign_up'
        end as signal_role,
        met_us as contact_lo_us,
        window_end
    from judged
)

select * from final
