{%- set tolerance_us = var('plr_clock_tolerance_hours') ~ ' * 3600000000' %}
{%- set in_order = 'partition by account_id, subscription_id, is_recurring order by '
    ~ 'start_us, end_us, ' ~ plr_in_byte_order('record_id') %}

with

lines as (
    select
        record_id,
        account_id,
        subscription_id,
        currency,
        line_type,
        line_type = 'recurring' as is_recurring,
        amount,
        seats,
        service_months,
        cast(service_start as date) as start_date,
        cast(service_end as date) as end_date,
        {{ plr_micros('service_start') }} as start_us,
        {{ plr_micros('service_end') }} as end_us,
        {{ plr_months_between('service_start', 'service_end') | indent(8) }} as calendar_months
    from {{ ref('stg_plr__revenue') }}
    where
        reject_code is null
        and revenue_shape = 'invoices'
        and {{ plr_may_carry_mrr('line_type') | indent(8) }}
        and service_end > service_start
),

-- whole months where the dates allow, whatever the clocks did
calendar as (
    select
        *,
        {{ plr_whole_months_of(
            'calendar_months', 'start_date', 'start_us', 'end_date', 'end_us', tolerance_us
        ) | indent(8) }} as whole_months,
        case
            when
                {{ plr_months_later_us('-calendar_months', 'end_date', 'end_us') }} >= start_us
                then calendar_months
            else calendar_months - 1
        end as months_back
    from lines
),

-- else counted back from the end, the rest in parts of the month that it lies in
counted_back as (
    select
        *,
        months_back + {{ plr_divided(
            plr_months_later_us('-months_back', 'end_date', 'end_us') ~ ' - start_us',
            '(' ~ plr_months_later_us('-months_back', 'end_date', 'end_us') ~ ') - ('
            ~ plr_months_later_us('-(months_back + 1)', 'end_date', 'end_us') ~ ')'
        ) }} as months_counted_back
    from calendar
),

-- recurring lines of one length, one after the other
run_starts as (
    select
        *,
        case
            when
                start_us - lag(end_us) over ({{ in_order }})
                <= {{ plr_days_us(var('plr_gap_grace_days')) }}
                and abs(
                    end_us - start_us
                    - lag(end_us - start_us) over ({{ in_order }})
                ) <= {{ tolerance_us }}
                then 0
            else 1
        end as starts_run
    from counted_back
),

numbered_runs as (
    select
        *,
        sum(starts_run) over (
            {{ in_order }} rows between unbounded preceding and current row
        ) as run_number
    from run_starts
),

runs as (
    select
        *,
        count(*) over (
            partition by account_id, subscription_id, is_recurring, run_number
        ) as n_lines,
        sum(case when whole_months is null then 1 else 0 end) over (
            partition by account_id, subscription_id, is_recurring, run_number
        ) as n_odd_lines,
        {{ plr_whole_days('end_us - start_us') }} as whole_days
    from numbered_runs
),

-- weekly, 28- and 30-day plans have one MRR, and a stub or a last bill bends nothing
cadences as (
    select
        *,
        case
            when
                is_recurring
                and whole_days > 0
                and (n_lines > 2 and n_odd_lines > 0 or n_lines = 2 and n_odd_lines = 2)
                then whole_days
        end as cadence_days
    from runs
),

final as (
    select
        record_id,
        account_id,
        subscription_id,
        currency,
        line_type,
        amount,
        seats,
        start_us,
        end_us,
        whole_months,
        cadence_days,
        case
            when service_months > 0 then cast(service_months as {{ plr_double() }})
            else coalesce(
                {{ plr_divided('cadence_days * 12', '365') }},
                whole_months,
                months_counted_back
            )
        end as own_months,
        is_recurring,
        coalesce(service_months, cadence_days, 0) > 0 as is_stated
    from cadences
)

select * from final
