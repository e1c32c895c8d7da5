-- long, since every sign of growth is said in words of its own
with

verdicts as (
    select * from {{ ref('int_plr__expansion_orphans_verdicts') }}
),

streaks as (
    {{ plr_streaks('verdicts', "status = 'flagged'", 'account_id') | indent }}
),

worded as (
    select
        *,
        case reason
            when 'not_eligible'
                then
                    'Not a paying account of {{ var("plr_orphan_tenure_months") }} months or more.'
            when 'crm_not_covered'
                then
                    case
                        when crm_start_us is null
                            then 'CRM activities are off or empty: nobody knows who acted.'
                        else 'The CRM feed does not reach back far enough to say that nobody acted.'
                    end
            when 'stale_feed' then 'A feed ends before this month does.'
            when 'inputs_missing'
                then 'Too little is delivered to say whether it has outgrown its plan.'
            when 'not_earned' then 'Has not outgrown what it pays for.'
            else
                'Expansion earned since ' || cast(earned_since as {{ dbt.type_string() }})
                || case
                    when
                        utilisation >= {{ var('plr_orphan_utilisation') }}
                        and previous_utilisation >= {{ var('plr_orphan_utilisation') }}
                        then
                            ', ' || {{ plr_whole_text('active_users') }}
                            || ' of ' || {{ plr_whole_text('seats') }} || ' seats in use'
                    else ''
                end
                || case
                    when
                        limit_events >= {{ var('plr_orphan_limit_events') }}
                        and limit_days >= {{ var('plr_orphan_limit_active_days') }}
                        then
                            ', ' || {{ plr_count_text('limit_events', 'limit hit', 'limit hits') }}
                            || ' in {{ var("plr_orphan_limit_days") }} days'
                    else ''
                end
                || case
                    when is_usage_up
                        then ', usage up ' || {{ plr_percent_text('usage_ratio - 1') }}
                    else ''
                end
                || case
                    when is_users_up
                        then
                            ', active users up from '
                            || {{ plr_whole_text('user_months_before / 3.0') }}
                            || ' to ' || {{ plr_whole_text('user_months_now / 3.0') }}
                    else ''
                end
                || case
                    when is_breadth_new
                        then
                            ', ' || {{ plr_count_text(
                                'new_use_cases', 'new use case', 'new use cases'
                            ) }}
                    else ''
                end
                || case
                    when last_motion_us is null then '; no commercial motion ever'
                    when last_motion_type = 'opportunity' and days_since_motion = 0
                        then '; an opportunity is open'
                    else
                        '; ' || {{ plr_count_text('days_since_motion', 'day', 'days') }}
                        || ' since '
                        || case last_motion_type
                            when 'touch' then 'a commercial touch'
                            when 'opportunity' then 'an opportunity'
                            when 'prompt' then 'an offer in the product'
                            when 'intent' then 'somebody asked in the product'
                            when 'commercial_action' then 'a purchase in the product'
                            else 'the last expansion or first payment'
                        end
                end
                || case reason
                    when 'hollow_usage' then '; but usage has lost its value'
                    when 'first_month' then '; one month so far'
                    else ''
                end
                || '.'
        end as evidence_summary
    from verdicts
),

final as (
    select
        worded.account_id,
        accounts.account_name,
        worded.month,
        worded.segment,
        worded.status,
        {{ plr_severity_of('worded.status', 'streaks.streak') | indent(8) }} as severity,
        worded.reason,
        case
            when worded.status = 'flagged'
                then {{ plr_money('worded.closing_mrr * typical.expansion_rate') }}
        end as mrr_at_stake,
        cast(coalesce(streaks.streak, 0) as int) as months_flagged_streak,
        worded.closing_mrr,
        typical.expansion_rate,
        worded.seats,
        cast(worded.active_users as int) as active_users,
        worded.utilisation,
        worded.previous_utilisation,
        cast(worded.usage_ratio as {{ plr_share_type() }}) as usage_ratio,
        {{ plr_ratio('worded.user_months_now', '3') }} as users_now,
        {{ plr_ratio('worded.user_months_before', '3') }} as users_before,
        cast(worded.limit_events as bigint) as limit_events,
        cast(worded.limit_days as int) as limit_days,
        cast(worded.new_use_cases as int) as new_use_cases,
        worded.is_capacity_reached,
        worded.is_usage_up,
        worded.is_users_up,
        worded.is_breadth_new,
        worded.is_earned,
        cast(worded.earned_streak as int) as earned_streak,
        worded.earned_since,
        {{ plr_from_micros('worded.last_motion_us') }} as last_motion_at,
        worded.last_motion_type,
        cast(worded.days_since_motion as int) as days_since_motion,
        {{ plr_from_micros('worded.last_human_touch_us') }} as last_human_touch_at,
        worded.renewal_date,
        worded.evidence_summary
    from worded
    inner join {{ ref('int_plr__typical_amounts') }} as typical
        on
            worded.month = typical.month
            and worded.segment = typical.segment
    left join {{ ref('int_plr__accounts') }} as accounts
        on worded.account_id = accounts.account_id
    left join streaks
        on
            worded.account_id = streaks.account_id
            and worded.month = streaks.month
)

select * from final
