-- long, since each of four rates has its interval
{%- set counts = [
    'signed_up', 'paid_before_signup', 'covered', 'reached_value', 'value_before_contact',
    'contacted', 'contacted_before_value', 'paid', 'paid_after_value', 'paid_after_contact',
    'paid_before_value', 'new_mrr'
] %}
with

flags as (
    select true as is_all
    union all
    select false as is_all
),

-- accounts that took as many days are counted as one row
tallied as (
    select
        signed_up_month,
        segment,
        acquisition_channel,
        horizon_days,
        days_to_value,
        days_to_paid,
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
        count(days_to_value) as n_value,
        count(days_to_paid) as n_paid
    from {{ ref('int_plr__sign_ups') }}
    group by 1, 2, 3, 4, 5, 6
),

-- each in its own row and in those of all
cubed as (
    select
        tallied.signed_up_month,
        case when any_segment.is_all then 'all' else tallied.segment end as segment,
        case when any_channel.is_all then 'all' else tallied.acquisition_channel end
            as acquisition_channel,
        tallied.horizon_days,
        tallied.days_to_value,
        tallied.days_to_paid,
        {% for count in counts -%}
            tallied.{{ count }},
        {% endfor -%}
        tallied.n_value,
        tallied.n_paid
    from tallied
    cross join flags as any_segment
    cross join flags as any_channel
),

numbered as (
    select
        *,
        sum(n_value) over (
            partition by signed_up_month, segment, acquisition_channel, horizon_days
            order by days_to_value
            rows between unbounded preceding and current row
        ) as last_value_number,
        sum(n_value) over (
            partition by signed_up_month, segment, acquisition_channel, horizon_days
        ) as all_value,
        sum(n_paid) over (
            partition by signed_up_month, segment, acquisition_channel, horizon_days
            order by days_to_paid
            rows between unbounded preceding and current row
        ) as last_paid_number,
        sum(n_paid) over (
            partition by signed_up_month, segment, acquisition_channel, horizon_days
        ) as all_paid
    from cubed
),

counted as (
    select
        signed_up_month,
        segment,
        acquisition_channel,
        horizon_days,
        {% for count in counts -%}
            sum({{ count }}) as {{ count }},
        {% endfor -%}
        {{ plr_nearest_rank(
            'days_to_value', 'last_value_number', 'all_value', 1, 2, 'n_value'
        ) | indent(8) }} as days_to_value_median,
        {{ plr_nearest_rank(
            'days_to_value', 'last_value_number', 'all_value', 9, 10, 'n_value'
        ) | indent(8) }} as days_to_value_p90,
        {{ plr_nearest_rank(
            'days_to_paid', 'last_paid_number', 'all_paid', 1, 2, 'n_paid'
        ) | indent(8) }} as days_to_paid_median,
        {{ plr_nearest_rank(
            'days_to_paid', 'last_paid_number', 'all_paid', 9, 10, 'n_paid'
        ) | indent(8) }} as days_to_paid_p90
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
