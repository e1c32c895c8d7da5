with

initiations as (
    select *
    from {{ ref('int_plr__initiations') }}
    where subject_type = 'event'
),

origin_evidence as (
    select *
    from {{ ref('int_plr__origin_evidence') }}
    where subject_type = 'account' and contact_time = 'occurred'
),

first_events as (
    select
        account_id,
        min(first_by_person_us) as lo_us,
        min(first_by_person_hi_us) as hi_us
    from {{ ref('int_plr__event_months') }}
    where reject_code is null
    group by 1
),

-- the same money by first touch: who met the customer first, whatever came of it later
acquisitions as (
    select
        conversions.account_id,
        conversions.event_date,
        conversions.month,
        conversions.amount_mrr,
        conversions.unobserved_reason = 'crm_not_covered' as is_not_covered,
        {{ plr_micros('conversions.window_end') }} as window_end_us,
        evidence.signed_up_us,
        first_events.lo_us as event_lo_us,
        first_events.hi_us as event_hi_us,
        evidence.contact_lo_us,
        conversions.window_end
    from initiations as conversions
    inner join origin_evidence as evidence
        on conversions.account_id = evidence.account_id
    left join first_events
        on conversions.account_id = first_events.account_id
    where conversions.stage = 'conversion'
),

-- only what was known shortly after the payment
first_encounters as (
    select
        *,
        case when signed_up_us <= window_end_us then signed_up_us end as sign_up_us,
        case when event_lo_us <= window_end_us then event_lo_us end as used_lo_us,
        case when event_lo_us <= window_end_us then event_hi_us end as used_hi_us,
        case when contact_lo_us <= window_end_us then contact_lo_us end as met_us
    from acquisitions
),

judged_acquisitions as (
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
    from first_encounters
),

events as (
    select
        subject_id as event_id,
        account_id,
        stage,
        event_date,
        month,
        amount_mrr,
        initiation,
        unobserved_reason,
        signal_lo_us,
        signal_role,
        commercial_lo_us,
        human_lo_us,
        touch_team,
        window_start,
        window_end
    from initiations
    union all
    select
        {{ dbt.concat([
            "'acquisition|'", 'account_id', "'|'", 'cast(event_date as ' ~ dbt.type_string() ~ ')'
        ]) }} as event_id,
        account_id,
        'acquisition' as stage,
        event_date,
        month,
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
        met_us as commercial_lo_us,
        cast(null as bigint) as human_lo_us,
        cast(null as {{ dbt.type_string() }}) as touch_team,
        cast(null as date) as window_start,
        window_end
    from judged_acquisitions
),

final as (
    select
        events.event_id,
        events.account_id,
        events.stage,
        events.event_date,
        events.month,
        case
            when '{{ var("plr_revenue_shape") }}' = 'snapshots' and events.stage <> 'retention'
                then 'month'
            else 'day'
        end as date_precision,
        {{ plr_money('events.amount_mrr') }} as amount_mrr,
        events.initiation,
        events.unobserved_reason,
        {{ plr_from_micros('events.signal_lo_us') }} as product_signal_at,
        events.signal_role as product_signal_role,
        {{ plr_from_micros('events.commercial_lo_us') }} as first_commercial_touch_at,
        {{ plr_from_micros('events.human_lo_us') }} as first_human_touch_at,
        events.touch_team as first_touch_team,
        events.window_start,
        events.window_end,
        origins.origin,
        accounts.segment
    from events
    inner join {{ ref('int_plr__accounts') }} as accounts
        on events.account_id = accounts.account_id
    inner join {{ ref('int_plr__origins') }} as origins
        on
            events.account_id = origins.subject_id
            and origins.subject_type = 'account'
            and origins.scenario = 'headline'
)

select * from final
