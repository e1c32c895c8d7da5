{{ config(enabled=var('plr_find_value_events'), tags=['plr_setup']) }}
{%- set scope = 'ultimate_parent_id' if 'family' in
    [plr_var('plr_contact_scope'), plr_var('plr_activity_scope')] else 'account_id' %}

-- what had become of an account by the end of its first days, and what in the days after them
with

windows as (
    {% for days in plr_var('plr_value_event_windows') -%}
        select {{ days }} as window_days
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

openings as (
    select
        account_id,
        min(first_us) as opens_us
    from {{ ref('int_plr__first_days') }}
    group by 1
),

accounts as (
    select * from {{ ref('int_plr__accounts') }}
),

first_contacts as (
    select
        owners.{{ scope }} as scope_id,
        min(touches.lo_us) as contact_lo_us
    from {{ ref('int_plr__sales_touches') }} as touches
    inner join accounts as owners
        on touches.account_id = owners.account_id
    where touches.is_sales_contact
    group by 1
),

last_month as (
    select max(month) as month
    from {{ ref('int_plr__months') }}
),

windowed as (
    select
        accounts.account_id,
        windows.window_days,
        {{ plr_micros('accounts.signed_up_at') }} as signed_up_us,
        {{ plr_micros('accounts.created_at') }} as created_us,
        openings.opens_us,
        openings.opens_us + {{ plr_days_us('windows.window_days') }} as closes_us,
        openings.opens_us + {{ plr_days_us(
            '(windows.window_days + ' ~ plr_var('plr_value_event_horizon_days') ~ ')'
        ) }} as over_us,
        first_contacts.contact_lo_us,
        payments.first_paid_month,
        payments.first_paid_date,
        {{ plr_micros('payments.first_paid_date') }} as paid_us,
        {{ plr_date_add('month', 12, 'payments.first_paid_month') }} as twelfth_month
    from openings
    inner join accounts
        on openings.account_id = accounts.account_id
    cross join windows
    left join first_contacts
        on accounts.{{ scope }} = first_contacts.scope_id
    left join {{ ref('int_plr__first_payments') }} as payments
        on accounts.account_id = payments.account_id
),

-- the days after the window are over, in months of which revenue tells; who paid on a day nobody
-- knows paid before
ended as (
    select
        windowed.*,
        case when windowed.contact_lo_us < windowed.closes_us then windowed.contact_lo_us end
            as known_contact_us,
        coalesce(windowed.paid_us >= windowed.closes_us, windowed.first_paid_month is null)
            as is_unpaid,
        coalesce(windowed.twelfth_month <= last_month.month, false) as is_twelfth_month_known
    from windowed
    cross join last_month
    where {{ plr_month_of(plr_from_micros('windowed.over_us')) }} <= last_month.month
),

judged as (
    select
        ended.*,
        {{ plr_starts_by('coverage.crm_start_us', [
            'ended.signed_up_us', 'ended.created_us', 'ended.opens_us'
        ]) | indent(8) }}
        and {{ plr_starts_by('coverage.events_start_us', [
            'ended.signed_up_us', 'ended.known_contact_us'
        ]) | indent(8) }} as is_covered
    from ended
    cross join {{ ref('int_plr__coverage') }} as coverage
),

-- older accounts first
numbered as (
    select
        *,
        sum(case when is_covered and is_unpaid then 1 else 0 end) over (
            partition by window_days
            order by opens_us, {{ plr_in_byte_order('account_id') }}
            rows between unbounded preceding and current row
        ) as asked_so_far,
        sum(case when is_covered and is_unpaid then 1 else 0 end) over (
            partition by window_days
        ) as n_asked
    from judged
),

final as (
    select
        numbered.account_id,
        numbered.window_days,
        numbered.opens_us,
        numbered.closes_us,
        case when numbered.contact_lo_us < numbered.over_us then numbered.contact_lo_us end
            as contact_lo_us,
        numbered.is_covered,
        numbered.is_unpaid,
        2 * (
            numbered.asked_so_far
            + case when numbered.is_covered and numbered.is_unpaid then 0 else 1 end
        ) <= numbered.n_asked + 1 as is_older,
        numbered.known_contact_us is not null as is_contacted,
        coalesce(
            numbered.first_paid_date
            >= cast({{ plr_from_micros('numbered.opens_us') }} as date)
            and numbered.paid_us < numbered.closes_us,
            false
        ) as has_paid_within,
        coalesce(
            numbered.paid_us >= numbered.closes_us and numbered.paid_us < numbered.over_us, false
        ) as has_converted,
        numbered.is_twelfth_month_known,
        coalesce(twelfth_months.mrr > 0, false) as is_retained
    from numbered
    left join {{ ref('int_plr__account_mrr') }} as twelfth_months
        on
            numbered.account_id = twelfth_months.account_id
            and numbered.twelfth_month = twelfth_months.month
)

select * from final
