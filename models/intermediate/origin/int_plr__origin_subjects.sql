-- who is judged, and at which payment: every account at its first, a first won deal at its close,
-- every deal before any, as it was opened; long, since all who are judged stand side by side
with

-- a prospect has no payment; a payment before the history began has no date
subjects as (
    select
        accounts.account_id as subject_id,
        'account' as subject_type,
        accounts.account_id,
        payments.first_paid_date as paid_date,
        {{ plr_forever_us() }} as evidence_until_us,
        payments.account_id is not null as is_paying,
        coalesce(payments.is_dated, false) as is_dated
    from {{ ref('int_plr__accounts') }} as accounts
    left join {{ ref('int_plr__first_payments') }} as payments
        on accounts.account_id = payments.account_id
    union all
    select
        opportunity_id as subject_id,
        'deal' as subject_type,
        account_id,
        cast(closed_at as date) as paid_date,
        closed_hi_us as evidence_until_us,
        true as is_paying,
        true as is_dated
    from {{ ref('int_plr__opportunities') }}
    where won_deal_number = 1
    union all
    select
        opportunity_id as subject_id,
        'opening' as subject_type,
        account_id,
        cast(null as date) as paid_date,
        hi_us as evidence_until_us,
        false as is_paying,
        false as is_dated
    from {{ ref('int_plr__opportunities') }}
),

-- a trial's days without a gap
trial_ends as (
    select
        record_id,
        account_id,
        valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to,
        max(coalesce(valid_to, cast('9999-12-31' as date))) over (
            partition by account_id
            order by valid_from, {{ plr_in_byte_order('record_id') }}
            rows between unbounded preceding and 1 preceding
        ) as earlier_to
    from {{ ref('int_plr__mrr_intervals') }}
    where is_trial
),

numbered_trials as (
    select
        account_id,
        valid_from,
        valid_to,
        sum(case when valid_from <= earlier_to then 0 else 1 end) over (
            partition by account_id
            order by valid_from, {{ plr_in_byte_order('record_id') }}
            rows between unbounded preceding and current row
        ) as trial_number
    from trial_ends
),

trials as (
    select
        account_id,
        trial_number,
        min(valid_from) as trial_start,
        max(valid_to) as trial_end
    from numbered_trials
    group by 1, 2
),

-- the days in which a checkout can be the purchase
windows as (
    select
        subjects.subject_id,
        subjects.subject_type,
        subjects.account_id,
        subjects.paid_date,
        subjects.evidence_until_us,
        subjects.is_paying,
        subjects.is_dated,
        {{ plr_micros('subjects.paid_date') }} as paid_us,
        {{ plr_micros(
            plr_month_of('subjects.paid_date') if plr_var('plr_revenue_shape') == 'snapshots'
            else 'coalesce(min(trials.trial_start), subjects.paid_date)'
        ) }} - {{ plr_days_us(var('plr_purchase_days_before')) }} as purchase_from_us,
        {{ plr_micros('subjects.paid_date') }}
        + {{ plr_days_us(var('plr_purchase_days_after')) }} as purchase_until_us
    from subjects
    left join trials
        on
            subjects.account_id = trials.account_id
            and subjects.paid_date > trials.trial_start
            and subjects.paid_date <= trials.trial_end
    group by 1, 2, 3, 4, 5, 6, 7
),

checkouts as (
    select
        events.account_id,
        events.lo_us,
        events.hi_us
    from {{ ref('int_plr__signal_events') }} as events
    inner join {{ ref('stg_plr__event_roles') }} as event_roles
        on events.event_name = event_roles.event_name
    where
        event_roles.role = 'commercial_action'
        and events.reject_code is null
        and not events.is_automated
),

purchases as (
    select
        windows.subject_id,
        windows.subject_type,
        min(checkouts.lo_us) as purchase_lo_us,
        min(checkouts.hi_us) as purchase_hi_us
    from windows
    inner join checkouts
        on
            windows.account_id = checkouts.account_id
            and windows.purchase_from_us <= checkouts.lo_us
            and windows.purchase_until_us > checkouts.lo_us
            and windows.evidence_until_us >= checkouts.lo_us
    group by 1, 2
),

final as (
    select
        windows.subject_id,
        windows.subject_type,
        windows.account_id,
        windows.paid_date,
        windows.paid_us,
        purchases.purchase_lo_us,
        purchases.purchase_hi_us,
        windows.evidence_until_us,
        windows.is_paying,
        windows.is_dated
    from windows
    left join purchases
        on
            windows.subject_id = purchases.subject_id
            and windows.subject_type = purchases.subject_type
)

select * from final
