-- subjects: every account, at its first payment, and every account's first won deal, at its close
{%- set offset = var('plr_crm_utc_offset_minutes') -%}
{%- set scope = 'ultimate_parent_id' if var('plr_contact_scope') == 'family' else 'account_id' %}

with

accounts as (
    select * from {{ ref('int_plr__accounts') }}
),

won_deals as (
    select
        opportunity_id,
        account_id,
        closed_at,
        {{ plr_is_only_a_date('closed_at') }} as is_date_only,
        row_number() over (
            partition by account_id
            order by closed_at, {{ plr_in_byte_order('opportunity_id') }}
        ) as deal_number
    from {{ ref('stg_plr__opportunities') }}
    where reject_code is null and is_won and closed_at is not null
),

first_deals as (
    select
        opportunity_id,
        account_id,
        cast(closed_at as date) as closed_date,
        {{ plr_hi_us_of('closed_at', 'is_date_only', offset) | indent(8) }} as closed_us
    from won_deals
    where deal_number = 1
),

-- a prospect has no payment; a payment before the history began has no date
subjects as (
    select
        accounts.account_id as subject_id,
        'account' as subject_type,
        accounts.account_id,
        payments.account_id is not null as is_paying,
        coalesce(payments.is_dated, false) as is_dated,
        payments.first_paid_date as paid_date,
        cast(null as bigint) as evidence_until_us
    from accounts
    left join {{ ref('int_plr__first_payments') }} as payments
        on accounts.account_id = payments.account_id
    union all
    select
        opportunity_id as subject_id,
        'deal' as subject_type,
        account_id,
        true as is_paying,
        true as is_dated,
        closed_date as paid_date,
        closed_us as evidence_until_us
    from first_deals
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
purchase_windows as (
    select
        subjects.subject_id,
        subjects.subject_type,
        subjects.account_id,
        subjects.is_paying,
        subjects.is_dated,
        subjects.paid_date,
        subjects.evidence_until_us,
        {{ plr_micros('subjects.paid_date') }} as paid_us,
        {{ plr_micros(
            plr_month_of('subjects.paid_date') if var('plr_revenue_shape') == 'snapshots'
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

ranked_groups as (
    select
        windows.subject_id,
        windows.subject_type,
        windows.is_paying,
        activity.rule_group_id,
        activity.lo_us,
        activity.hi_us,
        activity.first_event_us,
        row_number() over (
            partition by windows.subject_id, windows.subject_type
            order by activity.lo_us, {{ plr_in_byte_order('activity.rule_group_id') }}
        ) as group_number
    from purchase_windows as windows
    inner join {{ ref('int_plr__activity_groups') }} as activity
        on
            windows.account_id = activity.account_id
            and activity.lo_us <= coalesce(windows.evidence_until_us, {{ plr_forever_us() }})
),

-- proven only when proven at the latest reading of every day-grain event too
activity as (
    select
        subject_id,
        subject_type,
        min(lo_us) as activity_lo_us,
        min(hi_us) as activity_hi_us,
        max(case when group_number = 1 then rule_group_id end) as rule_group_id,
        max(case when group_number = 1 then first_event_us end) as first_event_us
    from ranked_groups
    group by 1, 2
    having min(hi_us) is not null
),

-- a paying account's activity had one of the groups it met not been a rule
activity_without as (
    select
        left_out.subject_id,
        left_out.subject_type,
        left_out.rule_group_id as left_out_group_id,
        case when min(other_groups.hi_us) is not null then min(other_groups.lo_us) end
            as activity_lo_us,
        min(other_groups.hi_us) as activity_hi_us
    from ranked_groups as left_out
    left join ranked_groups as other_groups
        on
            left_out.subject_id = other_groups.subject_id
            and left_out.subject_type = other_groups.subject_type
            and left_out.rule_group_id <> other_groups.rule_group_id
    where left_out.subject_type = 'account' and left_out.is_paying
    group by 1, 2, 3
),

touches as (
    select
        owners.{{ scope }} as scope_id,
        touches.source,
        touches.source_id,
        touches.is_date_only,
        touches.is_backdated,
        touches.lo_us,
        touches.hi_us,
        touches.logged_lo_us,
        touches.logged_hi_us
    from {{ ref('int_plr__sales_touches') }} as touches
    inner join accounts as owners
        on touches.account_id = owners.account_id
    where touches.is_sales_contact
),

-- each contact as it happened, and as it was logged
dated_touches as (
    select
        'occurred' as contact_time,
        scope_id,
        source,
        source_id,
        is_date_only,
        is_backdated,
        lo_us,
        hi_us
    from touches
    union all
    select
        'logged' as contact_time,
        scope_id,
        source,
        source_id,
        is_date_only,
        is_backdated,
        logged_lo_us as lo_us,
        logged_hi_us as hi_us
    from touches
),

ranked_touches as (
    select
        windows.subject_id,
        windows.subject_type,
        touches.contact_time,
        touches.source,
        touches.is_date_only,
        touches.is_backdated,
        touches.lo_us,
        touches.hi_us,
        row_number() over (
            partition by windows.subject_id, windows.subject_type, touches.contact_time
            order by
                touches.lo_us,
                touches.hi_us,
                touches.source,
                {{ plr_in_byte_order('touches.source_id') }}
        ) as touch_number
    from purchase_windows as windows
    inner join accounts
        on windows.account_id = accounts.account_id
    inner join dated_touches as touches
        on
            accounts.{{ scope }} = touches.scope_id
            and touches.lo_us <= coalesce(windows.evidence_until_us, {{ plr_forever_us() }})
),

-- earliest and latest separately: a timed call beats a vague note of the same day
contacts as (
    select
        subject_id,
        subject_type,
        contact_time,
        min(lo_us) as contact_lo_us,
        min(hi_us) as contact_hi_us,
        max(case when touch_number = 1 then source end) as contact_source,
        max(
            case
                when touch_number = 1 then case when is_date_only then 'date' else 'timestamp' end
            end
        ) as contact_precision,
        max(case when touch_number = 1 and is_backdated then 1 else 0 end) as is_contact_backdated
    from ranked_touches
    group by 1, 2, 3
),

event_roles as (
    {{ plr_input('plr_event_roles') }}
),

checkouts as (
    select
        events.account_id,
        events.lo_us,
        events.hi_us
    from {{ ref('int_plr__signal_events') }} as events
    inner join event_roles
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
    from purchase_windows as windows
    inner join checkouts
        on
            windows.account_id = checkouts.account_id
            and windows.purchase_from_us <= checkouts.lo_us
            and windows.purchase_until_us > checkouts.lo_us
            and checkouts.lo_us <= coalesce(windows.evidence_until_us, {{ plr_forever_us() }})
    group by 1, 2
),

contact_times as (
    select 'occurred' as contact_time
    union all
    select 'logged' as contact_time
),

readings as (
    select
        windows.subject_id,
        windows.subject_type,
        contact_times.contact_time,
        cast(null as {{ dbt.type_string() }}) as left_out_group_id,
        activity.rule_group_id,
        activity.first_event_us,
        activity.activity_lo_us,
        activity.activity_hi_us
    from purchase_windows as windows
    cross join contact_times
    left join activity
        on
            windows.subject_id = activity.subject_id
            and windows.subject_type = activity.subject_type
    union all
    select
        subject_id,
        subject_type,
        'without_group' as contact_time,
        left_out_group_id,
        cast(null as {{ dbt.type_string() }}) as rule_group_id,
        cast(null as bigint) as first_event_us,
        activity_lo_us,
        activity_hi_us
    from activity_without
),

final as (
    select
        windows.subject_id,
        windows.subject_type,
        windows.account_id,
        readings.contact_time,
        readings.left_out_group_id,
        readings.rule_group_id,
        contacts.contact_source,
        contacts.contact_precision,
        {{ plr_micros('accounts.signed_up_at') }} as signed_up_us,
        {{ plr_micros('accounts.created_at') }} as created_us,
        windows.paid_date,
        windows.paid_us,
        readings.first_event_us,
        readings.activity_lo_us,
        readings.activity_hi_us,
        purchases.purchase_lo_us,
        purchases.purchase_hi_us,
        contacts.contact_lo_us,
        contacts.contact_hi_us,
        windows.is_paying,
        windows.is_dated,
        coalesce(contacts.is_contact_backdated = 1, false) as is_contact_backdated
    from purchase_windows as windows
    inner join accounts
        on windows.account_id = accounts.account_id
    inner join readings
        on
            windows.subject_id = readings.subject_id
            and windows.subject_type = readings.subject_type
    left join contacts
        on
            windows.subject_id = contacts.subject_id
            and windows.subject_type = contacts.subject_type
            and contacts.contact_time
            = case when readings.contact_time = 'logged' then 'logged' else 'occurred' end
    left join purchases
        on
            windows.subject_id = purchases.subject_id
            and windows.subject_type = purchases.subject_type
)

select * from final
