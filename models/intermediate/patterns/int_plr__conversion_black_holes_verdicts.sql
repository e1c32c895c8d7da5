{%- set is_family = plr_var('plr_activity_scope') == 'family' %}

with

-- whoever shares the value of an account that pays has paid
account_months as (
    select
        *,
        {% if is_family -%}
            min(first_paid_month) over (partition by ultimate_parent_id, month) as payer_since
        {%- else -%}
            first_paid_month as payer_since
        {%- endif %}
    from {{ ref('int_plr__account_months') }}
),

measured as (
    select
        account_months.account_id,
        account_months.segment,
        account_months.month,
        account_months.month_end_us,
        account_months.is_last,
        coalesce(account_months.payer_since <= account_months.month, false) as has_paid,
        coalesce(evidence.activity_lo_us <= account_months.month_end_us, false) as has_activity,
        evidence.activity_lo_us,
        coalesce(evidence.contact_lo_us < evidence.activity_lo_us, false) as had_prior_contact,
        {{ dbt.datediff(
            'cast(' ~ plr_from_micros('evidence.activity_lo_us') ~ ' as date)',
            'account_months.month_end',
            'day'
        ) }} as days_waiting,
        account_months.value_events_waiting as value_events,
        account_months.value_users_waiting as value_users,
        motions.last_motion_us,
        coverage.has_value_role,
        coverage.crm_start_us,
        coverage.stale_from_us
    from account_months
    inner join {{ ref('int_plr__origin_readings') }} as evidence
        on
            account_months.account_id = evidence.account_id
            and evidence.subject_type = 'account'
            and evidence.contact_time = 'occurred'
    inner join {{ ref('int_plr__last_motions') }} as motions
        on
            account_months.account_id = motions.account_id
            and account_months.month = motions.month
    cross join {{ ref('int_plr__coverage') }} as coverage
),

reasoned as (
    select
        *,
        {{ plr_conversion_black_holes_reason(
            'has_paid',
            'has_activity',
            'has_value_role',
            'activity_lo_us',
            'days_waiting',
            'value_events',
            'last_motion_us',
            'month_end_us',
            'crm_start_us',
            'stale_from_us'
        ) | indent(8) }} as reason
    from measured
    where (has_activity and not has_paid) or is_last
),

final as (
    select
        reasoned.*,
        {{ plr_status_of('conversion_black_holes', 'reasoned.reason', 'reasons.status')
            | indent(8) }} as status
    from reasoned
    left join {{ ref('stg_plr__pattern_reasons') }} as reasons
        on
            reasons.pattern = 'conversion_black_holes'
            and reasoned.reason = reasons.reason
)

select * from final
