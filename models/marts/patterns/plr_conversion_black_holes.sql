with

accounts as (
    select
        verdicts.*,
        named.account_name,
        typical.first_mrr
    from {{ ref('int_plr__conversion_black_holes_verdicts') }} as verdicts
    inner join {{ ref('int_plr__typical_amounts') }} as typical
        on
            verdicts.month = typical.month
            and verdicts.segment = typical.segment
    left join {{ ref('int_plr__accounts') }} as named
        on verdicts.account_id = named.account_id
),

segments as (
    select * from {{ ref('int_plr__conversion_black_holes_segment_verdicts') }}
),

unioned as (
    select
        'account' as entity_type,
        account_id as entity_id,
        account_id,
        account_name,
        segment,
        month,
        status,
        reason,
        first_mrr as amount,
        activity_lo_us,
        days_waiting,
        value_events,
        value_users,
        had_prior_contact,
        last_motion_us,
        cast(null as int) as n_observed,
        cast(null as int) as n_human,
        case reason
            when 'paid' then 'Pays, or has paid.'
            when 'no_activity' then 'No meaningful activity so far.'
            when 'crm_not_covered'
                then
                    case
                        when crm_start_us is null
                            then 'CRM activities are off or empty: nobody knows who acted.'
                        else 'The CRM feed does not reach back far enough to say that nobody acted.'
                    end
            when 'stale_feed' then 'A feed ends before this month does.'
            when 'no_value_role' then 'No event has the role value.'
            else
                'Value proven ' || {{ plr_count_text('days_waiting', 'day', 'days') }} || ' ago, '
                || {{ plr_count_text('value_events', 'value event', 'value events') }} || ' by '
                || {{ plr_count_text('value_users', 'person', 'people') }}
                || ' in the last {{ var("plr_black_hole_value_days") }} days, '
                || case reason
                    when 'motion' then 'and somebody or something has acted since'
                    when 'lapsed' then 'gone quiet'
                    when 'too_recent' then 'still fresh'
                    else 'and nothing has been offered since'
                end
                || case when had_prior_contact then '; sales had been in touch before.' else '.' end
        end as evidence_summary
    from accounts
    union all
    select
        'segment' as entity_type,
        segment as entity_id,
        cast(null as {{ dbt.type_string() }}) as account_id,
        cast(null as {{ dbt.type_string() }}) as account_name,
        segment,
        month,
        status,
        reason,
        human_mrr as amount,
        cast(null as bigint) as activity_lo_us,
        cast(null as int) as days_waiting,
        cast(null as bigint) as value_events,
        cast(null as bigint) as value_users,
        cast(null as boolean) as had_prior_contact,
        cast(null as bigint) as last_motion_us,
        n_observed,
        n_human,
        {{ plr_whole_text('n_human') }} || ' of ' || {{ plr_whole_text('n_observed') }}
        || ' conversions of the last twelve months needed a person.' as evidence_summary
    from segments
),

streaks as (
    {{ plr_streaks('unioned', "status = 'flagged'", 'entity_type, entity_id') | indent }}
),

joined as (
    select
        unioned.*,
        coalesce(streaks.streak, 0) as months_flagged_streak
    from unioned
    left join streaks
        on
            unioned.entity_type = streaks.entity_type
            and unioned.entity_id = streaks.entity_id
            and unioned.month = streaks.month
),

final as (
    select
        entity_type,
        entity_id,
        account_id,
        account_name,
        segment,
        month,
        status,
        {{ plr_severity_of('status', 'months_flagged_streak') | indent(8) }} as severity,
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
        evidence_summary
    from joined
)

select * from final
