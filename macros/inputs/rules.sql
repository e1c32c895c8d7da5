{#- The words that the columns of the rule tables take. -#}
{% macro plr_rule_words() %}
    {{ return({
        'role': [
            'usage', 'value', 'breadth', 'limit', 'prompt', 'intent', 'commercial_action', 'ignore'
        ],
        'group_operator': ['all', 'any'],
        'anchor': ['rolling', 'signup'],
        'pattern': [
            'expansion_orphans', 'conversion_black_holes', 'hollow_usage', 'borrowed_nrr',
            'architecture_drift', 'product_passive_growth'
        ],
        'status': ['flagged', 'watch', 'clear', 'insufficient_data', 'not_eligible'],
    }) }}
{% endmacro %}


{#- Whether a value is none of the words of a column; `word` is that value where it differs. -#}
{% macro plr_is_no_word(column, word=none) -%}
    {{ word or column }} not in ('{{ plr_rule_words()[column] | join("', '") }}')
{%- endmacro %}


{#- What to say of it: `role valu is none of usage, value`. -#}
{% macro plr_no_word_text(column, word=none) -%}
    {{ dbt.concat([
        "'" ~ column ~ " '", word or column,
        "' is none of " ~ plr_rule_words()[column] | join(', ') ~ "'"
    ]) }}
{%- endmacro %}


{#- The words by which a cell of the contact rules can fit, beside `any`; types have no list. -#}
{% macro plr_cell_words(column) %}
    {%- if column == 'is_automated' -%}
        {{ return(['true', 'false']) }}
    {%- endif -%}
    {{ return((plr_readings()[column]['known'] | list)
        + (['unknown'] if column == 'actor_team' else [])) }}
{% endmacro %}


{#- Whether a cell has a word, among those joined by |, as which nothing is ever read. -#}
{% macro plr_is_odd_cell(column) -%}
    {%- set bars = dbt.concat(["'|'", "replace(" ~ column ~ ", '|', '||')", "'|'"]) -%}
    {%- set rest = namespace(sql=bars) -%}
    {%- for word in plr_cell_words(column) -%}
        {%- set rest.sql = "replace(" ~ rest.sql ~ ", '|" ~ word ~ "|', '')" -%}
    {%- endfor -%}
    {{ column }} <> 'any' and replace({{ rest.sql }}, '|', '') <> ''
{%- endmacro %}


{#- What to say of it: `direction in|inbound is neither any nor made of inbound, outbound`. -#}
{% macro plr_odd_cell_text(column) -%}
    {{ dbt.concat([
        "'" ~ column ~ " '", column,
        "' is neither any nor made of " ~ plr_cell_words(column) | join(', ') ~ "'"
    ]) }}
{%- endmacro %}


{#- Whether a row of a rule table lacks a value that is required, but for some columns. -#}
{% macro plr_lacks_value(relation, but=[]) -%}
    {%- for name, type in plr_contract(relation)['columns'].items()
        if type.endswith('!') and name not in but -%}
        {{ name }} is null{{ ' or ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#-
    Hook of stg_plr__rule_problems: stops where it lists a row, so that nothing is built on it. That
    there is no activity rule does not stop those who look for value events before they write one.
-#}
{% macro plr_refuse_rules(rule_problems, is_rule_needed=true) %}
    {%- if execute -%}
        {%- set found = run_query(
            'select relation, rule_name, problem from ' ~ rule_problems ~ ' order by 1, 2, 3'
        ).rows -%}
        {%- set listed = [] -%}
        {%- for row in found -%}
            {%- if (row[0], row[1]) != ('plr_activity_rules', 'no active rule') -%}
                {%- do listed.append(row[0] ~ ': ' ~ row[1] ~ ': ' ~ row[2]) -%}
            {%- elif is_rule_needed -%}
                {%- do listed.append(row[0] ~ ': ' ~ row[1] ~ ': ' ~ row[2]
                    ~ ". Which events are followed by payment? Run dbt build --indirect-selection"
                    ~ ' cautious -s +tag:plr_setup --vars "plr_find_value_events: true" (README,'
                    ~ " section 'Find your value events')") -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if listed -%}
            {{ plr_refuse('rules', 'rules that cannot be used: ' ~ listed | length ~ '.\n  '
                ~ listed | join('\n  ')) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- A line in the log for each row of plr_rules_name_events_that_occur: its warning names none. -#}
{% macro plr_say_idle_rules(idle_rules) %}
    {%- if execute and flags.WHICH in ['build', 'test'] -%}
        {%- for row in run_query(idle_rules).rows -%}
            {%- do log('product_led_revenue: warn: ' ~ row[0] ~ ': ' ~ row[1] ~ ': ' ~ row[2] ~ ': '
                ~ row[3], info=true) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
