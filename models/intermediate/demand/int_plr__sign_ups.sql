{{ config(materialized='view') }}

-- what became of each account within some days of its sign-up; long, since every step of the funnel
-- is judged of the same days
with

days as (
    {% for days in plr_var('plr_funnel_horizons') -%}
        select {{ days }} as horizon_days
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- a snapshot tells of its month's end alone
horizons as (
    select horizon_days
    from days
    where {{ 'horizon_days > 30' if plr_var('plr_revenue_shape') == 'snapshots' else '1 = 1' }}
),

sign_ups as (
    select
        accounts.account_id,
        accounts.segment,
        {{ plr_channel_of('accounts.acquisition_channel') }} as acquisition_channel,
        {{ plr_month_of('accounts.signed_up_at') }} as signed_up_month,
        cast(accounts.signed_up_at as date) as signed_up_date,
        readings.signed_up_us,
        readings.created_us,
        readings.activity_lo_us,
        readings.activity_hi_us,
        readings.contact_lo_us,
        payments.first_paid_date,
        {{ plr_micros('payments.first_paid_date') }} as paid_us,
        first_months.mrr as first_mrr,
        coalesce(
            not payments.is_dated
            or payments.first_paid_date < cast(accounts.signed_up_at as date),
            false
        ) as has_paid_before
    from {{ ref('int_plr__accounts') }} as accounts
    inner join {{ ref('int_plr__origin_readings') }} as readings
        on
            accounts.account_id = readings.subject_id
            and readings.subject_type = 'account'
            and readings.contact_time = 'occurred'
    left join {{ ref('int_plr__first_payments') }} as payments
        on accounts.account_id = payments.account_id
    left join {{ ref('int_plr__account_mrr') }} as first_months
        on
            payments.account_id = first_months.account_id
            and payments.first_paid_month = first_months.month
    where
        accounts.signed_up_at is not null
        and {{ plr_month_of('accounts.signed_up_at') }} <= {{ plr_last_complete_month() }}
),

bounded as (
    select
        sign_ups.*,
        horizons.horizon_days,
        sign_ups.signed_up_us + {{ plr_days_us('horizons.horizon_days') }} as until_us
    from sign_ups
    cross join horizons
),

-- what lies in the days, and nothing later
known as (
    select
        account_id,
        segment,
        acquisition_channel,
        signed_up_month,
        signed_up_date,
        horizon_days,
        has_paid_before,
        signed_up_us,
        created_us,
        case when activity_lo_us < until_us then activity_lo_us end as value_lo_us,
        case when activity_lo_us < until_us then activity_hi_us end as value_hi_us,
        case when contact_lo_us < until_us then contact_lo_us end as contact_lo_us,
        case when paid_us < until_us then paid_us end as paid_us,
        case when paid_us < until_us then first_paid_date end as paid_date,
        case when paid_us < until_us then first_mrr end as new_mrr
    from bounded
),

-- without a CRM nobody was before contact
covered as (
    select
        known.*,
        known.value_lo_us is not null
        and (known.contact_lo_us is null or known.value_hi_us < known.contact_lo_us)
            as is_value_first,
        not known.has_paid_before
        and {{ plr_starts_by('coverage.crm_start_us', [
            'known.signed_up_us', 'known.created_us', 'known.value_lo_us'
        ]) | indent(8) }}
        and {{ plr_starts_by('coverage.events_start_us', [
            'known.signed_up_us', 'known.contact_lo_us'
        ]) | indent(8) }} as is_covered
    from known
    cross join {{ ref('int_plr__coverage') }} as coverage
),

final as (
    select
        account_id,
        segment,
        acquisition_channel,
        signed_up_month,
        horizon_days,
        has_paid_before,
        is_covered,
        is_covered and value_lo_us is not null as has_reached_value,
        is_covered and is_value_first as is_value_first,
        is_covered and contact_lo_us is not null as is_contacted,
        is_covered and contact_lo_us is not null and not is_value_first as is_contact_first,
        is_covered and paid_us is not null as has_paid,
        case
            when not is_covered or paid_us is null then null
            when is_value_first and value_hi_us < paid_us + {{ plr_days_us(1) }} then 'value'
            when
                contact_lo_us is not null
                and not is_value_first
                and contact_lo_us < paid_us + {{ plr_days_us(1) }}
                then 'contact'
            else 'neither'
        end as paid_after,
        case when is_covered then new_mrr end as new_mrr,
        case
            when is_covered and value_lo_us is not null
                then {{ dbt.datediff(
                    'signed_up_date',
                    'cast(' ~ plr_from_micros('value_lo_us') ~ ' as date)',
                    'day'
                ) }}
        end as days_to_value,
        case
            when is_covered and paid_us is not null
                then {{ dbt.datediff('signed_up_date', 'paid_date', 'day') }}
        end as days_to_paid
    from covered
)

select * from final
