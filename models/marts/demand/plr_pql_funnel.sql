-- long, since each of four rates has its interval
with

flags as (
    select true as is_all
    union all
    select false as is_all
),

-- each account in its own row and in those of all
cubed as (
    select
        sign_ups.signed_up_month,
        case when any_segment.is_all then 'all' else sign_ups.segment end as segment,
        case when any_channel.is_all then 'all' else sign_ups.acquisition_channel end
            as acquisition_channel,
        sign_ups.horizon_days,
        sign_ups.has_paid_before,
        sign_ups.is_covered,
        sign_ups.has_reached_value,
        sign_ups.is_value_first,
        sign_ups.is_contacted,
        sign_ups.is_contact_first,
        sign_ups.has_paid,
        sign_ups.paid_after,
        sign_ups.new_mrr,
        sign_ups.days_to_value,
        sign_ups.days_to_paid
    from {{ ref('int_plr__sign_ups') }} as sign_ups
    cross join flags as any_segment
    cross join flags as any_channel
),

numbered as (
    select
        *,
        row_number() over (
            partition by
                signed_up_month, segment, acquisition_channel, horizon_days, has_reached_value
            order by days_to_value
        ) as value_number,
        row_number() over (
            partition by signed_up_month, segment, acquisition_channel, horizon_days, has_paid
            order by days_to_paid
        ) as paid_number,
        count(days_to_value) over (
            partition by signed_up_month, segment, acquisition_channel, horizon_days
        ) as n_value,
        count(days_to_paid) over (
            partition by signed_up_month, segment, acquisition_channel, horizon_days
        ) as n_paid
    from cubed
),

counted as (
    select
        signed_up_month,
        segment,
        acquisition_channel,
        horizon_days,
        sum(case when has_paid_before then 0 else 1 end) as signed_up,
        sum(case when has_paid_before then 1 else 0 end) as paid_before_signup,
        sum(case when is_covered then 1 else 0 end) as covered,
        sum(case when has_reached_value then 1 else 0 end) as reached_value,
        sum(case when is_value_first then 1 else 0 end) as value_before_contact,
        sum(case when is_contacted then 1 else 0 end) as contacted,
        sum(case when is_contact_first then 1 else 0 end) as contacted_before_value,
        sum(case when has_paid then 1 else 0 end) as paid,
        sum(case when paid_after = 'value' then 1 else 0 end) as paid_after_value,
        sum(case when paid_after = 'contact' then 1 else 0 end) as paid_after_contact,
        sum(case when paid_after = 'neither' then 1 else 0 end) as paid_before_value,
        coalesce(sum(new_mrr), 0) as new_mrr,
        {{ plr_nearest_rank('days_to_value', 'value_number', 'n_value', 1, 2) | indent(8) }}
            as days_to_value_median,
        {{ plr_nearest_rank('days_to_value', 'value_number', 'n_value', 9, 10) | indent(8) }}
            as days_to_value_p90,
        {{ plr_nearest_rank('days_to_paid', 'paid_number', 'n_paid', 1, 2) | indent(8) }}
            as days_to_paid_median,
        {{ plr_nearest_rank('days_to_paid', 'paid_number', 'n_paid', 9, 10) | indent(8) }}
            as days_to_paid_p90
    from numbered
    group by 1, 2, 3, 4
),

last_month as (
    select max(month) as month
    from {{ ref('int_plr__months') }}
),

-- the last sign-up of the month has had all its days, in months of which revenue tells
closed as (
    select
        counted.*,
        coalesce(
            {{ plr_month_of(plr_date_add(
                'day', 'counted.horizon_days', dbt.last_day('counted.signed_up_month', 'month')
            )) | indent(12) }} <= last_month.month,
            false
        ) as is_horizon_over
    from counted
    cross join last_month
),

-- there is no rate before, and nothing to divide by
asked as (
    select
        *,
        case when is_horizon_over then covered end as n_covered,
        case when is_horizon_over then value_before_contact end as n_value_first,
        case when is_horizon_over then contacted_before_value end as n_contact_first
    from closed
),

final as (
    select
        signed_up_month,
        segment,
        acquisition_channel,
        cast(horizon_days as int) as horizon_days,
        is_horizon_over,
        cast(signed_up as int) as signed_up,
        cast(paid_before_signup as int) as paid_before_signup,
        cast(signed_up - covered as int) as not_covered,
        cast(covered as int) as covered,
        cast(reached_value as int) as reached_value,
        cast(value_before_contact as int) as value_before_contact,
        cast(contacted as int) as contacted,
        cast(contacted_before_value as int) as contacted_before_value,
        cast(paid as int) as paid,
        cast(paid_after_value as int) as paid_after_value,
        cast(paid_after_contact as int) as paid_after_contact,
        cast(paid_before_value as int) as paid_before_value,
        {{ plr_money('new_mrr') }} as new_mrr,
        {{ plr_ratio('reached_value', 'n_covered') }} as activation_rate,
        {{ plr_wilson_low('reached_value', 'n_covered') | indent(8) }} as activation_ci_low,
        {{ plr_wilson_high('reached_value', 'n_covered') | indent(8) }} as activation_ci_high,
        {{ plr_ratio('value_before_contact', 'n_covered') }} as pql_rate,
        {{ plr_wilson_low('value_before_contact', 'n_covered') | indent(8) }} as pql_ci_low,
        {{ plr_wilson_high('value_before_contact', 'n_covered') | indent(8) }} as pql_ci_high,
        {{ plr_ratio('paid_after_value', 'n_value_first') }} as pql_to_paid_rate,
        {{ plr_wilson_low('paid_after_value', 'n_value_first') | indent(8) }}
            as pql_to_paid_ci_low,
        {{ plr_wilson_high('paid_after_value', 'n_value_first') | indent(8) }}
            as pql_to_paid_ci_high,
        {{ plr_ratio('paid_after_contact', 'n_contact_first') }} as contact_first_to_paid_rate,
        {{ plr_wilson_low('paid_after_contact', 'n_contact_first') | indent(8) }}
            as contact_first_to_paid_ci_low,
        {{ plr_wilson_high('paid_after_contact', 'n_contact_first') | indent(8) }}
            as contact_first_to_paid_ci_high,
        cast(case when is_horizon_over then days_to_value_median end as int)
            as days_to_value_median,
        cast(case when is_horizon_over then days_to_value_p90 end as int) as days_to_value_p90,
        cast(case when is_horizon_over then days_to_paid_median end as int)
            as days_to_paid_median,
        cast(case when is_horizon_over then days_to_paid_p90 end as int) as days_to_paid_p90,
        {{ plr_confidence_of('covered') | indent(8) }} as confidence,
        {{ plr_confidence_of('value_before_contact') | indent(8) }} as pql_to_paid_confidence,
        {{ plr_confidence_of('contacted_before_value') | indent(8) }} as contact_first_confidence
    from asked
)

select * from final
