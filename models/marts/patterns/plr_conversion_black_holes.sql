with

event_roles as (
    {{ plr_input('plr_event_roles') }}
),

configured as (
    select coalesce(max(case when role = 'value' then 1 else 0 end), 0) = 1 as has_value
    from event_roles
),

feeds as (
    select * from {{ ref('int_plr__coverage') }}
),

origin_evidence as (
    select
        account_id,
        activity_lo_us,
        contact_lo_us
    from {{ ref('int_plr__origin_readings') }}
    where subject_type = 'account' and contact_time = 'occurred'
),

account_months as (
    select
        months.account_id,
        months.segment,
        months.month,
        months.month_end,
        months.month_end_us,
        months.is_last,
        coalesce(months.first_paid_month <= months.month, false) as has_paid,
        coalesce(evidence.activity_lo_us <= months.month_end_us, false) as has_activity,
        evidence.activity_lo_us,
        coalesce(evidence.contact_lo_us < evidence.activity_lo_us, false) as had_prior_contact,
        months.value_events_waiting as value_events,
        months.value_users_waiting as value_users,
        {{ dbt.datediff(
            'cast(' ~ plr_from_micros('evidence.activity_lo_us') ~ ' as date)',
            'months.month_end',
            'day'
        ) }} as days_waiting
    from {{ ref('int_plr__account_months') }} as months
    inner join origin_evidence as evidence
        on months.account_id = evidence.account_id
),

judged as (
    select
        account_months.*,
        configured.has_value,
        feeds.crm_start_us,
        feeds.stale_from_us,
        motions.last_motion_us
    from account_months
    inner join {{ ref('int_plr__last_motions') }} as motions
        on
            account_months.account_id = motions.account_id
            and account_months.month = motions.month
    cross join configured
    cross join feeds
    where (not account_months.has_paid and account_months.has_activity) or account_months.is_last
),

reasons as (
    select
        *,
        {{ plr_black_hole_reason() | indent(8) }} as reason
    from judged
),

account_verdicts as (
    select
        *,
        case
            when reason in ('paid', 'no_activity') then 'not_eligible'
            when reason in ('crm_not_covered', 'stale_feed', 'no_value_role')
                then 'insufficient_data'
            when reason = 'no_motion' then 'flagged'
            else 'clear'
        end as status
    from reasons
),

-- conversions of the last twelve months that needed a person
conversions as (
    select
        months.month,
        events.segment,
        sum(case when events.initiation <> 'unobserved' then 1 else 0 end) as n_observed,
        sum(
            case
                when
                    events.initiation in ('human_initiated', 'product_sourced_human_assisted')
                    then 1
                else 0
            end
        ) as n_human,
        sum(
            case
                when
                    events.initiation in ('human_initiated', 'product_sourced_human_assisted')
                    then events.amount_mrr
                else 0
            end
        ) as human_mrr
    from {{ ref('int_plr__months') }} as months
    inner join {{ ref('plr_revenue_events') }} as events
        on
            months.month >= events.month
            and {{ plr_date_add('month', -12, 'months.month') }} < events.month
    where events.stage = 'conversion'
    group by 1, 2
),

verdicts as (
    select
        'account' as entity_type,
        verdicts.account_id as entity_id,
        verdicts.account_id,
        verdicts.segment,
        verdicts.month,
        verdicts.status,
        verdicts.reason,
        typical.first_mrr as amount,
        verdicts.activity_lo_us,
        verdicts.days_waiting,
        verdicts.value_events,
        verdicts.value_users,
        verdicts.had_prior_contact,
        verdicts.last_motion_us,
        cast(null as int) as n_observed,
        cast(null as int) as n_human
    from account_verdicts as verdicts
    inner join {{ ref('int_plr__typical_amounts') }} as typical
        on
            verdicts.month = typical.month
            and verdicts.segment = typical.segment
    union all
    select
        'segment' as entity_type,
        segment as entity_id,
        cast(null as {{ dbt.type_string() }}) as account_id,
        segment,
        month,
        case
            when n_observed < {{ var('plr_black_hole_segment_conversions') }}
                then 'insufficient_data'
            when n_human >= {{ var('plr_black_hole_segment_share') }} * n_observed then 'flagged'
            else 'clear'
        end as status,
        case
            when n_observed < {{ var('plr_black_hole_segment_conversions') }}
                then 'few_conversions'
            when n_human >= {{ var('plr_black_hole_segment_share') }} * n_observed
                then 'people_convert'
            else 'product_converts'
        end as reason,
        human_mrr as amount,
        cast(null as bigint) as activity_lo_us,
        cast(null as int) as days_waiting,
        cast(null as bigint) as value_events,
        cast(null as bigint) as value_users,
        cast(null as boolean) as had_prior_contact,
        cast(null as bigint) as last_motion_us,
        n_observed,
        n_human
    from conversions
),

runs as (
    select
        *,
        {{ plr_run("status = 'flagged'", 'entity_type, entity_id') | indent(8) }} as flagged_run
    from verdicts
),

streaks as (
    select
        *,
        {{ plr_streak("status = 'flagged'", 'entity_type, entity_id', 'flagged_run') | indent(8) }}
            as months_flagged_streak
    from runs
),

final as (
    select
        entity_type,
        entity_id,
        account_id,
        segment,
        month,
        status,
        {{ plr_severity() | indent(8) }} as severity,
        reason,
        case when status = 'flagged' then {{ plr_money('amount') }} end as mrr_at_stake,
        cast(months_flagged_streak as int) as months_flagged_streak,
        {{ plr_from_micros('activity_lo_us') }} as first_meaningful_activity_at,
        cast(days_waiting as int) as days_waiting,
        cast(value_events as bigint) as value_events,
        cast(value_users as int) as value_users,
        had_prior_contact,
        {{ plr_from_micros('last_motion_us') }} as last_motion_at,
        cast(n_observed as int) as n_observed_conversions,
        cast(n_human as int) as human_dependent_conversions,
        {{ plr_ratio('n_human', 'n_observed') }} as human_dependent_conversion_share,
        {{ plr_black_hole_evidence() | indent(8) }} as evidence_summary
    from streaks
)

select * from final
