{#- Why an account is, or is not, an Expansion Orphan: a sentence for whoever acts on it. -#}
{% macro plr_orphan_evidence() -%}
case reason
    when 'not_eligible'
        then 'Not a paying account of {{ var("plr_orphan_tenure_months") }} months or more.'
    when 'crm_not_covered'
        then 'The CRM feed does not reach back far enough to say that nobody acted.'
    when 'stale_feed' then 'A feed ends before this month does.'
    when 'inputs_missing' then 'Too little is delivered to say whether it has outgrown its plan.'
    when 'not_earned' then 'Has not outgrown what it pays for.'
    else {{ dbt.concat([
        "case when utilisation >= " ~ var('plr_orphan_utilisation')
        ~ " and previous_utilisation >= " ~ var('plr_orphan_utilisation')
        ~ " then " ~ dbt.concat([
            plr_whole_text('active_users'), "' of '", plr_whole_text('seats'), "' seats in use, '"
        ]) ~ " else '' end",
        "case when limit_events >= " ~ var('plr_orphan_limit_events')
        ~ " and limit_days >= " ~ var('plr_orphan_limit_active_days')
        ~ " then " ~ dbt.concat([
            plr_whole_text('limit_events'), "' limit hits in "  ~ var('plr_orphan_limit_days')
            ~ " days, '"
        ]) ~ " else '' end",
        "case when is_usage_up then " ~ dbt.concat([
            "'usage up '", plr_percent_text('(usage_ratio - 1)'), "', '"
        ]) ~ " else '' end",
        "case when is_users_up then " ~ dbt.concat([
            "'active users up from '", plr_whole_text('user_months_before / 3.0'), "' to '",
            plr_whole_text('user_months_now / 3.0'), "', '"
        ]) ~ " else '' end",
        "case when is_breadth_new then " ~ dbt.concat([
            plr_whole_text('new_use_cases'), "' new use cases, '"
        ]) ~ " else '' end",
        "'earned since '",
        'cast(earned_since as ' ~ dbt.type_string() ~ ')',
        "case when last_motion_us is null then '; no commercial motion ever' else "
        ~ dbt.concat([
            "'; '", plr_whole_text('days_since_motion'), "' days since '", plr_motion_text()
        ]) ~ " end",
        "case reason when 'hollow_usage' then '; but usage has lost its value'"
        ~ " when 'first_month' then '; one month so far' else '' end",
        "'.'",
    ]) }}
end
{%- endmacro %}


{#- Why an account, or a segment, is or is not a Conversion Black Hole. -#}
{% macro plr_black_hole_evidence() -%}
case
    when entity_type = 'segment'
        then {{ dbt.concat([
            plr_whole_text('n_human'), "' of '", plr_whole_text('n_observed'),
            "' conversions of the last twelve months needed a person.'"
        ]) }}
    when reason = 'paid' then 'Pays, or has paid.'
    when reason = 'no_activity' then 'No meaningful activity so far.'
    when reason = 'crm_not_covered'
        then 'The CRM feed does not reach back far enough to say that nobody acted.'
    when reason = 'stale_feed' then 'A feed ends before this month does.'
    when reason = 'no_value_role' then 'No event has the role value.'
    else {{ dbt.concat([
        "'Value proven '", plr_whole_text('days_waiting'), "' days ago, '",
        plr_whole_text('value_events'), "' value events by '", plr_whole_text('value_users'),
        "' people in the last " ~ var('plr_black_hole_value_days') ~ " days, '",
        "case reason when 'motion' then 'and somebody or something has acted since'"
        ~ " when 'lapsed' then 'gone quiet' when 'too_recent' then 'still fresh'"
        ~ " else 'and nothing has been offered since' end",
        "case when had_prior_contact then '; sales had been in touch before.' else '.' end",
    ]) }}
end
{%- endmacro %}


{#- Why an account's usage is, or is not, hollow. -#}
{% macro plr_hollow_evidence() -%}
case reason
    when 'not_paying' then 'Does not pay.'
    when 'no_value_role' then 'No event has the role value.'
    when 'tracking_break' then 'Tracking of value events broke in these months.'
    when 'little_usage' then 'Too little usage before to compare with.'
    else {{ dbt.concat([
        "'Usage '", plr_percent_text(plr_divided('usage_now', 'usage_before')),
        "' of the three months before, value events '",
        "case when value_before > 0 then "
        ~ plr_percent_text(plr_divided('value_now', 'value_before'))
        ~ " else 'none before' end",
        "case when is_renewal_value_down then '; the last renewal or change was worth less'"
        ~ " else '' end",
        "case when value_events_unproven = 0 then '; no value event for "
        ~ var('plr_hollow_unproven_days') ~ " days' else '' end",
        "case when renewal_date is not null then "
        ~ dbt.concat(["'; term ends '", 'cast(renewal_date as ' ~ dbt.type_string() ~ ')'])
        ~ " else '' end",
        "'.'",
    ]) }}
end
{%- endmacro %}


{#- What last moved an account, in words. -#}
{% macro plr_motion_text() -%}
case last_motion_type
    when 'touch' then 'a commercial touch'
    when 'opportunity' then 'an opportunity'
    when 'prompt' then 'an offer in the product'
    when 'intent' then 'somebody asked in the product'
    when 'commercial_action' then 'a purchase in the product'
    else 'the last expansion or first payment'
end
{%- endmacro %}
