{#-
    What a pattern saw, in one sentence for people who sell or pay: the numbers of the row in whole
    units and percents. Every piece is not null where its reason holds, or the sentence would be.
-#}
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
        "'Expansion earned since '",
        'cast(earned_since as ' ~ dbt.type_string() ~ ')',
        "case when utilisation >= " ~ var('plr_orphan_utilisation')
        ~ " and previous_utilisation >= " ~ var('plr_orphan_utilisation')
        ~ " then " ~ dbt.concat([
            "', '", plr_whole_text('active_users'), "' of '", plr_whole_text('seats'),
            "' seats in use'"
        ]) ~ " else '' end",
        "case when limit_events >= " ~ var('plr_orphan_limit_events')
        ~ " and limit_days >= " ~ var('plr_orphan_limit_active_days')
        ~ " then " ~ dbt.concat([
            "', '", plr_count_text('limit_events', 'limit hit', 'limit hits'),
            "' in " ~ var('plr_orphan_limit_days') ~ " days'"
        ]) ~ " else '' end",
        "case when is_usage_up then " ~ dbt.concat([
            "', usage up '", plr_percent_text('(usage_ratio - 1)')
        ]) ~ " else '' end",
        "case when is_users_up then " ~ dbt.concat([
            "', active users up from '", plr_whole_text('user_months_before / 3.0'), "' to '",
            plr_whole_text('user_months_now / 3.0')
        ]) ~ " else '' end",
        "case when is_breadth_new then " ~ dbt.concat([
            "', '", plr_count_text('new_use_cases', 'new use case', 'new use cases')
        ]) ~ " else '' end",
        "case when last_motion_us is null then '; no commercial motion ever'"
        ~ " when last_motion_type = 'opportunity' and days_since_motion = 0"
        ~ " then '; an opportunity is open' else "
        ~ dbt.concat([
            "'; '", plr_count_text('days_since_motion', 'day', 'days'), "' since '",
            plr_motion_text()
        ]) ~ " end",
        "case reason when 'hollow_usage' then '; but usage has lost its value'"
        ~ " when 'first_month' then '; one month so far' else '' end",
        "'.'",
    ]) }}
end
{%- endmacro %}


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
        "'Value proven '", plr_count_text('days_waiting', 'day', 'days'), "' ago, '",
        plr_count_text('value_events', 'value event', 'value events'), "' by '",
        plr_count_text('value_users', 'person', 'people'),
        "' in the last " ~ var('plr_black_hole_value_days') ~ " days, '",
        "case reason when 'motion' then 'and somebody or something has acted since'"
        ~ " when 'lapsed' then 'gone quiet' when 'too_recent' then 'still fresh'"
        ~ " else 'and nothing has been offered since' end",
        "case when had_prior_contact then '; sales had been in touch before.' else '.' end",
    ]) }}
end
{%- endmacro %}


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
        "case when is_renewal_value_down"
        ~ " then '; in six months a renewal or a change was worth less'"
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


{% macro plr_borrowed_nrr_evidence() -%}
case reason
    when 'history_too_short'
        then {{ dbt.concat([
            "'Needs " ~ var('plr_borrowed_history_months') ~ " month-ends of revenue, has '",
            plr_whole_text('months_of_history'), "'.'",
        ]) }}
    when 'nrr_missing'
        then 'NRR is missing, today or six months ago: no customers a year before.'
    when 'margin_missing'
        then 'Gross margin is missing, today or six months ago: a month of cost is not known.'
    else {{ dbt.concat([
        "'In six months NRR went from '", plr_percent_text('nrr_ttm_6m_ago'), "' to '",
        plr_percent_text('nrr_ttm'), "', gross margin from '",
        plr_percent_text('gross_margin_ttm_6m_ago'), "' to '",
        plr_percent_text('gross_margin_ttm'),
        "case
            when renewal_durability is null or renewal_durability_6m_ago is null
                then '; how well renewals hold is not known'
            else " ~ dbt.concat([
                "', renewal durability from '", plr_percent_text('renewal_durability_6m_ago'),
                "' to '", plr_percent_text('renewal_durability'),
            ]) ~ "
        end",
        "case
            when status in ('flagged', 'watch') then " ~ dbt.concat([
                "'; '", plr_whole_text('accounts_at_stake'),
                "' accounts that grew at a worse margin or on weaker terms added '",
                plr_amount_text('mrr_at_stake'), "' of MRR in a year.'",
            ]) ~ "
            else '.'
        end",
    ]) }}
end
{%- endmacro %}


{% macro plr_architecture_drift_evidence() -%}
case
    when gap is null
        then 'Neither who starts the revenue nor ARR per employee is known.'
    else {{ dbt.concat([
        "'At an ARR of '", plr_amount_text('arr'), "' the company is in stage '", 'actual_stage',
        "case when gap < 1 then ' and works like it' else " ~ dbt.concat([
            "' but works like stage '", 'operating_stage',
        ]) ~ " end",
        "': '",
        "case
            when human_started_share is null then 'who starts the revenue is not known'
            else " ~ dbt.concat([
                "'people start '", plr_percent_text('human_started_share'),
                "' of the revenue events, stage by stage'",
            ]) ~ "
        end",
        "', '",
        "case
            when arr_per_fte is null then 'headcount is not known.'
            else " ~ dbt.concat([
                "'ARR per employee is '", plr_amount_text('arr_per_fte'), "'.'",
            ]) ~ "
        end",
    ]) }}
end
{%- endmacro %}


{% macro plr_product_passive_growth_evidence() -%}
case reason
    when 'few_events'
        then {{ dbt.concat([
            "'Needs " ~ var('plr_passive_events') ~ " observed revenue events in a year, has '",
            plr_whole_text('n_observed'), "'.'",
        ]) }}
    when 'low_coverage'
        then {{ dbt.concat([
            "'Who started the revenue is known for '",
            "coalesce(" ~ plr_percent_text('coverage_share') ~ ", '0 %')",
            "' of it only: too little.'",
        ]) }}
    when 'no_base_year' then 'There was no ARR a year ago to compare with.'
    when 'no_value_role' then 'No event is marked as value, so nobody knows what the product gives.'
    when 'no_share' then 'No stage has enough observed events to tell who starts the revenue.'
    else {{ dbt.concat([
        "case when arr_growth < 0 then 'ARR fell by ' else 'ARR grew by ' end",
        plr_percent_text('abs(arr_growth)'), "' in a year; people started '",
        plr_percent_text('human_started_share'),
        "' of the revenue events, stage by stage, while '",
        plr_whole_text('value_active_accounts'), "' of '", plr_whole_text('customers'),
        "' paying accounts got value from the product in the last month.'",
    ]) }}
end
{%- endmacro %}


{#- The largest accounts with their amounts, `acme 1200, bolt 300`, from account_id and place. -#}
{% macro plr_top_accounts(n, amount='expansion_mrr') -%}
    {%- set names = [] -%}
    {%- for place in range(1, n + 1) -%}
        {%- set name = dbt.concat([
            "'" ~ (', ' if place > 1 else '') ~ "'", 'account_id', "' '", plr_whole_text(amount)
        ]) -%}
        {%- do names.append(
            "coalesce(max(case when place = " ~ place ~ " then " ~ name ~ " end), '')"
        ) -%}
    {%- endfor -%}
    {{ dbt.concat(names) }}
{%- endmacro %}
