with

verdicts as (
    select * from {{ ref('int_plr__hollow_usage_verdicts') }}
),

streaks as (
    {{ plr_streaks('verdicts', "status = 'flagged'", 'account_id') | indent }}
),

joined as (
    select
        verdicts.*,
        accounts.account_name,
        coalesce(streaks.streak, 0) as months_flagged_streak
    from verdicts
    left join {{ ref('int_plr__accounts') }} as accounts
        on verdicts.account_id = accounts.account_id
    left join streaks
        on
            verdicts.account_id = streaks.account_id
            and verdicts.month = streaks.month
),

final as (
    select
        account_id,
        account_name,
        month,
        segment,
        status,
        {{ plr_severity_of('status', 'months_flagged_streak', 'is_renewal_near') | indent(8) }}
            as severity,
        reason,
        case when status in ('flagged', 'watch') then closing_mrr end as mrr_at_stake,
        cast(months_flagged_streak as int) as months_flagged_streak,
        closing_mrr,
        cast(usage_now as bigint) as usage_now,
        cast(usage_before as bigint) as usage_before,
        {{ plr_ratio('usage_now', 'usage_before') }} as usage_ratio,
        cast(value_now as bigint) as value_now,
        cast(value_before as bigint) as value_before,
        {{ plr_ratio('value_now', 'value_before') }} as value_ratio,
        {{ plr_ratio('usage_now', 'usage_year_ago') }} as usage_ratio_year_ago,
        {{ plr_ratio('value_now', 'value_year_ago') }} as value_ratio_year_ago,
        cast(value_events_unproven as bigint) as value_events_90d,
        is_renewal_value_down,
        renewal_date,
        case reason
            when 'not_paying' then 'Does not pay.'
            when 'no_value_role' then 'No event has the role value.'
            when 'tracking_break' then 'Tracking of value events broke in these months.'
            when 'little_usage'
                then
                    case
                        when events_start_us is null then 'Product events are empty.'
                        else
                            {{ plr_count_text('usage_before', 'usage event', 'usage events') }}
                            || ' in the three months before, of the'
                            || ' {{ var("plr_hollow_usage_events") }} that a comparison needs.'
                    end
            else
                'Usage of three months went from ' || {{ plr_whole_text('usage_before') }}
                || ' to ' || {{ plr_count_text('usage_now', 'event', 'events') }}
                || ', value from ' || {{ plr_whole_text('value_before') }}
                || ' to ' || {{ plr_whole_text('value_now') }}
                || coalesce('; MRR fell within six months, last in ' || mrr_fell, '')
                || case when is_renewed_for_less then '; renewed for less MRR' else '' end
                || case
                    when is_renewed_at_discount then '; renewed at a deeper discount' else ''
                end
                || case when is_renewed_for_shorter then '; renewed for a shorter term' else '' end
                || case
                    when is_unproven
                        then '; no value event for {{ var("plr_hollow_unproven_days") }} days'
                    else ''
                end
                || case
                    when renewal_date is not null
                        then '; term ends ' || cast(renewal_date as {{ dbt.type_string() }})
                    else ''
                end
                || '.'
        end as evidence_summary
    from joined
)

select * from final
