-- the headline and the readings that test how firm it is; long, since they are decided side by side
{%- set policy = plr_var('plr_tie_policy') -%}
{%- set scenarios = [
    ('headline', 'occurred', policy, none),
    ('ties_to_sales', 'occurred', 'sales_first', none),
    ('ties_to_product', 'occurred', 'product_first', none),
    ('logged_contact_time', 'logged', policy, none),
    ('contact_wider', 'wider', policy, none),
    ('contact_narrower', 'narrower', policy, none),
    ('value_threshold_looser', 'looser', policy, none),
    ('value_threshold_stricter', 'stricter', policy, none),
    ('without_', 'without_group', policy, none),
] -%}
{%- for days in plr_var('plr_sensitivity_lead_days') -%}
    {%- do scenarios.append(('lead_time_' ~ days, 'occurred', policy, days)) -%}
{%- endfor %}

with

scenarios as (
    {% for scenario, contact_time, tie_policy, lead_days in scenarios %}
        select
            '{{ scenario }}' as scenario,
            '{{ contact_time }}' as contact_time,
            '{{ tie_policy }}' as tie_policy,
            cast({{ 'null' if lead_days is none else plr_days_us(lead_days) }} as bigint) as lead_us
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

first_month as (
    select max(month_end_us) as end_us
    from {{ ref('int_plr__months') }}
    where is_first
),

compared as (
    select
        {{ dbt.concat(['scenarios.scenario', "coalesce(readings.left_out_group_id, '')"]) }}
            as scenario,
        scenarios.tie_policy,
        scenarios.lead_us,
        readings.*,
        coverage.crm_start_us,
        coverage.events_start_us,
        {{ plr_sequence_of(
            'readings.activity_lo_us',
            'readings.activity_hi_us',
            'readings.contact_lo_us',
            'readings.contact_hi_us'
        ) | indent(8) }} as sequence_as_read,
        coalesce(readings.purchase_hi_us, {{ plr_forever_us() }})
        < coalesce(readings.contact_lo_us, {{ plr_forever_us() }}) as is_purchase_first,
        coalesce(
            case
                when readings.is_dated
                    then readings.contact_lo_us >= readings.paid_us + {{ plr_days_us(1) }}
                else readings.contact_lo_us > first_month.end_us
            end,
            true
        ) as is_contact_after_payment
    from {{ ref('int_plr__origin_readings') }} as readings
    inner join scenarios
        on readings.contact_time = scenarios.contact_time
    cross join {{ ref('int_plr__coverage') }} as coverage
    cross join first_month
    where
        readings.subject_type <> 'opening'
        and (
            scenarios.scenario = 'headline'
            or (readings.subject_type = 'account' and readings.is_paying)
        )
),

-- where a lead is asked for, value proven less long before a contact counts as proven after it
sequenced as (
    select
        *,
        case
            when
                lead_us is null
                or contact_lo_us is null
                or is_contact_after_payment
                or contact_lo_us - activity_hi_us >= lead_us
                then sequence_as_read
            else 'sales_first'
        end as sequence
    from compared
),

judged as (
    select
        *,
        {{ plr_origin_of(
            'is_paying', 'sequence', 'is_purchase_first', 'is_contact_after_payment', 'tie_policy'
        ) | indent(8) }} as origin_if_covered,
        {{ plr_origin_evidence_of(
            'is_paying', 'sequence', 'is_purchase_first', 'activity_lo_us', 'contact_lo_us'
        ) | indent(8) }} as evidence_if_covered
    from sequenced
),

covered as (
    select
        *,
        case
            when origin_if_covered in ({{ plr_product_driven_origins() }}) and crm_start_us is null
                then 'crm_not_covered'
            when
                origin_if_covered in ({{ plr_product_driven_origins() }})
                and not {{ plr_starts_by(
                    'crm_start_us', ['signed_up_us', 'created_us', 'activity_lo_us']
                ) }}
                then 'left_censored'
            when
                origin_if_covered = 'sales_originated'
                and not {{ plr_starts_by('events_start_us', ['signed_up_us', 'contact_lo_us']) }}
                then 'events_not_covered'
        end as coverage_failure
    from judged
),

decided as (
    select
        *,
        case when coverage_failure is null then origin_if_covered else 'untracked' end as origin,
        coalesce(coverage_failure, evidence_if_covered) as origin_evidence,
        case
            when evidence_if_covered = 'tie'
                then greatest(activity_hi_us, contact_hi_us)
            when origin_if_covered = 'sales_originated' then contact_hi_us
            when is_purchase_first
                then least(coalesce(activity_hi_us, purchase_hi_us), purchase_hi_us)
            else activity_hi_us
        end as evidence_us
    from covered
),

final as (
    select
        scenario,
        subject_type,
        subject_id,
        account_id,
        sequence,
        origin,
        origin_evidence,
        coverage_failure is not null as is_coverage_failure,
        case when is_paying then origin in ({{ plr_product_driven_origins() }}) end
            as is_product_driven,
        case
            when is_paying and is_dated
                then
                    origin in ({{ plr_product_driven_origins() }})
                    and sequence = 'product_first'
                    and activity_hi_us < paid_us + {{ plr_days_us(1) }}
        end as is_product_driven_strict,
        case
            when origin <> 'untracked'
                then greatest(
                    evidence_us,
                    coalesce(paid_us + {{ plr_days_us(1) }} - 1, evidence_us)
                )
        end as decided_us,
        evidence_us,
        rule_group_id,
        contact_source,
        contact_precision,
        is_contact_backdated,
        paid_date,
        first_event_us,
        activity_lo_us,
        contact_lo_us
    from decided
)

select * from final
