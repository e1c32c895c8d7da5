{#-
    What a pattern saw, in one sentence for people who sell or pay: the numbers of the row in whole
    units and percents. Every piece is not null where its reason holds, or the sentence would be.
-#}
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
                plr_whole_text('mrr_at_stake'), "' of MRR in a year.'",
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
        "'At an ARR of '", plr_whole_text('arr'), "' the company is in stage '", 'actual_stage',
        "case when gap < 1 then ' and works like it' else " ~ dbt.concat([
            "' but works like stage '", 'operating_stage',
        ]) ~ " end",
        "': '",
        "case
            when human_started_share is null then 'who starts the revenue is not known'
            else " ~ dbt.concat([
                "'people start '", plr_percent_text('human_started_share'), "' of the revenue'",
            ]) ~ "
        end",
        "', '",
        "case
            when arr_per_fte is null then 'headcount is not known.'
            else " ~ dbt.concat([
                "'ARR per employee is '", plr_whole_text('arr_per_fte'), "'.'",
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
        plr_percent_text('human_started_share'), "' of the revenue, while '",
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
