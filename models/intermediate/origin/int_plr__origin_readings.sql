{%- set is_family = plr_var('plr_activity_scope') == 'family' %}
{%- set scope = 'ultimate_parent_id' if is_family else 'account_id' %}

-- activity, contact and purchase of each subject, ready to be compared; long, since all that is
-- compared stands side by side
with

subjects as (
    select * from {{ ref('int_plr__origin_subjects') }}
),

accounts as (
    select * from {{ ref('int_plr__accounts') }}
),

contacts as (
    select * from {{ ref('int_plr__first_contacts') }}
),

account_groups as (
    select
        *,
        min(lo_us) over (partition by account_id, threshold) as proven_lo_us,
        min(hi_us) over (partition by account_id, threshold) as proven_hi_us
    from {{ ref('int_plr__activity_groups') }}
),

-- of the account, or of all in its family; proven only when proven at the latest reading of every
-- day-grain event too
ranked_groups as (
    select
        subjects.subject_id,
        subjects.subject_type,
        subjects.is_paying,
        activity.account_id,
        activity.rule_group_id,
        activity.threshold,
        activity.lo_us,
        activity.hi_us,
        activity.first_event_us,
        row_number() over (
            partition by subjects.subject_id, subjects.subject_type, activity.threshold
            order by
                activity.lo_us,
                {{ plr_in_byte_order('activity.rule_group_id') }},
                activity.first_event_us
        ) as group_number
    from subjects
    inner join accounts
        on subjects.account_id = accounts.account_id
    inner join accounts as members
        on accounts.{{ scope }} = members.{{ scope }}
    inner join account_groups as activity
        on
            members.account_id = activity.account_id
            and subjects.evidence_until_us >= activity.proven_lo_us
    where activity.proven_hi_us is not null
),

activity as (
    select
        subject_id,
        subject_type,
        threshold,
        min(lo_us) as activity_lo_us,
        min(hi_us) as activity_hi_us,
        max(case when group_number = 1 then rule_group_id end) as rule_group_id,
        max(case when group_number = 1 then first_event_us end) as first_event_us
    from ranked_groups
    group by 1, 2, 3
),

-- a paying account's activity had one of the groups met not been a rule
groups_left_out as (
    select distinct
        subject_id,
        subject_type,
        rule_group_id
    from ranked_groups
    where subject_type = 'account' and is_paying and threshold = 'as_set'
),

account_activity_without as (
    select
        left_out.subject_id,
        left_out.subject_type,
        left_out.rule_group_id as left_out_group_id,
        other_groups.account_id,
        min(other_groups.lo_us) as lo_us,
        min(other_groups.hi_us) as hi_us
    from groups_left_out as left_out
    left join ranked_groups as other_groups
        on
            left_out.subject_id = other_groups.subject_id
            and left_out.subject_type = other_groups.subject_type
            and left_out.rule_group_id <> other_groups.rule_group_id
            and other_groups.threshold = 'as_set'
    group by 1, 2, 3, 4
),

activity_without as (
    select
        subject_id,
        subject_type,
        left_out_group_id,
        min(case when hi_us is not null then lo_us end) as activity_lo_us,
        min(hi_us) as activity_hi_us
    from account_activity_without
    group by 1, 2, 3
),

-- how else the evidence can be read; it is asked of paying accounts only, which the headline counts
other_readings as (
    {% for contact_time, threshold in {
        'occurred': 'as_set',
        'logged': 'as_set',
        'wider': 'as_set',
        'narrower': 'as_set',
        'looser': 'looser',
        'stricter': 'stricter',
    }.items() -%}
        select
            '{{ contact_time }}' as contact_time,
            '{{ threshold }}' as threshold
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

readings as (
    select
        subjects.subject_id,
        subjects.subject_type,
        other_readings.contact_time,
        cast(null as {{ dbt.type_string() }}) as left_out_group_id,
        activity.rule_group_id,
        activity.first_event_us,
        activity.activity_lo_us,
        activity.activity_hi_us
    from subjects
    cross join other_readings
    left join activity
        on
            subjects.subject_id = activity.subject_id
            and subjects.subject_type = activity.subject_type
            and other_readings.threshold = activity.threshold
    where
        other_readings.contact_time = 'occurred'
        or (subjects.subject_type = 'account' and subjects.is_paying)
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
        subjects.subject_id,
        subjects.subject_type,
        subjects.account_id,
        readings.contact_time,
        readings.left_out_group_id,
        readings.rule_group_id,
        contacts.contact_source,
        contacts.contact_precision,
        {{ plr_micros('accounts.signed_up_at') }} as signed_up_us,
        {{ plr_micros('accounts.created_at') }} as created_us,
        subjects.paid_date,
        subjects.paid_us,
        readings.first_event_us,
        readings.activity_lo_us,
        readings.activity_hi_us,
        subjects.purchase_lo_us,
        subjects.purchase_hi_us,
        contacts.contact_lo_us,
        contacts.contact_hi_us,
        subjects.is_paying,
        subjects.is_dated,
        coalesce(contacts.is_contact_backdated, false) as is_contact_backdated
    from subjects
    inner join accounts
        on subjects.account_id = accounts.account_id
    inner join readings
        on
            subjects.subject_id = readings.subject_id
            and subjects.subject_type = readings.subject_type
    left join contacts
        on
            subjects.subject_id = contacts.subject_id
            and subjects.subject_type = contacts.subject_type
            and contacts.contact_time
            = case
                when readings.contact_time in ('logged', 'wider', 'narrower')
                    then readings.contact_time
                else 'occurred'
            end
)

select * from final
