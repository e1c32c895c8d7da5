{#-
    Text of the user's in the one form in which the package compares it; blank text is null. `text`
    stays as delivered (ids, names), a `word` is trimmed and lower-cased, with spaces and hyphens as
    `_`, a `currency` trimmed and upper-cased; `words` are a rule's cell of several, joined by |,
    and an `event` of a rule is a name as delivered, or `role:` and a word.
-#}
{% macro plr_in_form(kind, value) -%}
    {%- set word -%}
        replace(replace(lower(trim({{ value }})), ' ', '_'), '-', '_')
    {%- endset -%}
    {%- if kind == 'text' -%}
        case when trim({{ value }}) <> '' then {{ value }} end
    {%- elif kind == 'word' -%}
        nullif({{ word }}, '')
    {%- elif kind == 'currency' -%}
        nullif(upper(trim({{ value }})), '')
    {%- elif kind == 'words' -%}
        nullif(replace(replace({{ word }}, '_|', '|'), '|_', '|'), '')
    {%- elif kind == 'event' -%}
        case
            when {{ word }} like 'role:%' then replace({{ word }}, ':_', ':')
            when trim({{ value }}) <> '' then {{ value }}
        end
    {%- endif -%}
{%- endmacro %}


{#-
    Every column that takes a word: the words that are known, with what each is read as, and what
    any other word is read as: `itself`, a word, or null, as if nothing had been said. A column that
    has other words in one relation is listed once more, after that relation's name.
-#}
{% macro plr_readings() %}
    {%- set teams = {} -%}
    {%- for team in [
        'sales', 'sdr', 'am', 'exec', 'partner', 'csm', 'support', 'marketing', 'system'
    ] -%}
        {%- do teams.update({team: team}) -%}
    {%- endfor -%}
    {%- do teams.update(plr_team_aliases()) -%}
    {%- set listed = {
        'status': [
            'completed', 'canceled', 'no_show', 'scheduled', 'planned', 'open', 'not_started',
            'deferred', 'waiting', 'rescheduled'
        ],
        'direction': ['inbound', 'outbound'],
        'purpose': [
            'prospecting', 'discovery', 'demo', 'negotiation', 'expansion', 'renewal',
            'onboarding', 'check_in', 'support'
        ],
        'opportunity_type': ['new_business', 'expansion', 'renewal', 'reactivation'],
        'line_type': ['recurring', 'proration', 'credit', 'usage', 'one_time', 'refund'],
        'cost_type': [
            'hosting', 'support', 'customer_success', 'third_party', 'payment_processing',
            'services'
        ],
        'acquisition_costs.cost_type': ['sales', 'marketing', 'product_growth', 'other'],
        'spent_on': ['product_led', 'sales_led', 'shared'],
    } -%}
    {%- set readings = {
        'activity_type': {'known': {}, 'other': 'itself'},
        'metric': {'known': {}, 'other': 'itself'},
        'actor_team': {'known': teams, 'other': 'unknown'},
        'created_by_team': {'known': teams, 'other': none},
        'occurred_precision': {
            'known': {
                'timestamp': 'timestamp', 'datetime': 'timestamp', 'exact': 'timestamp',
                'date': 'date', 'day': 'date',
            },
            'other': 'date',
        },
    } -%}
    {%- for column, words in listed.items() -%}
        {%- set known = {} -%}
        {%- for word in words -%}
            {%- do known.update({word: word}) -%}
        {%- endfor -%}
        {%- do readings.update({column: {'known': known, 'other': none}}) -%}
    {%- endfor -%}
    {#- what is not known to be still to come has happened: a contact is never lost by its word -#}
    {%- do readings['status']['known'].update({'cancelled': 'canceled'}) -%}
    {%- do readings['status'].update({'other': 'completed'}) -%}
    {%- do readings['spent_on'].update({'other': 'shared'}) -%}
    {{ return(readings) }}
{% endmacro %}


{#- Other names of teams. -#}
{% macro plr_team_aliases() %}
    {{ return({'customer_success': 'csm', 'ae': 'sales', 'bdr': 'sdr'}) }}
{% endmacro %}


{#- Relations and columns of words; int_plr__event_words counts those of raw events. -#}
{% macro plr_word_columns() %}
    {{ return({
        'crm_activities': [
            'activity_type', 'direction', 'occurred_precision', 'actor_team', 'purpose', 'status'
        ],
        'opportunities': ['opportunity_type', 'created_by_team'],
        'revenue': ['line_type'],
        'account_costs': ['cost_type'],
        'acquisition_costs': ['cost_type', 'spent_on'],
        'entitlements': ['metric'],
    }) }}
{% endmacro %}


{#- The name under which the words of a relation's column are listed. -#}
{% macro plr_words_of(relation, column) %}
    {%- set own = relation ~ '.' ~ column -%}
    {{ return(own if own in plr_readings() else column) }}
{% endmacro %}


{#- The relations of the CRM: their rows are kept in doubt. -#}
{% macro plr_crm_relations() %}
    {{ return(['crm_activities', 'opportunities']) }}
{% endmacro %}


{#- What the package takes a column's word for, the word being in form. -#}
{% macro plr_read_word(column, value=none) -%}
    {%- set value = value or column -%}
    {%- set reading = plr_readings()[column] -%}
    {%- set own, others = [], [] -%}
    {%- for word, read_as in reading['known'].items() -%}
        {%- if word == read_as -%}
            {%- do own.append(word) -%}
        {%- else -%}
            {%- do others.append([word, read_as]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if reading['other'] == 'itself' -%}
        {{ value }}
    {%- else -%}
        case
            when {{ value }} in ('{{ own | join("', '") }}') then {{ value }}
            {%- for word, read_as in others %}
            when {{ value }} = '{{ word }}' then '{{ read_as }}'
            {%- endfor %}
            {%- if reading['other'] %}
            when {{ value }} is not null then '{{ reading["other"] }}'
            {%- endif %}
        end
    {%- endif -%}
{%- endmacro %}


{#- Whether a column's word, in form, is one that the package knows; null where there is none. -#}
{% macro plr_is_known_word(column, value=none) -%}
    {%- set value = value or column -%}
    {%- set reading = plr_readings()[column] -%}
    {%- if reading['other'] == 'itself' -%}
        case when {{ value }} is not null then true end
    {%- else -%}
        {{ value }} in ('{{ reading["known"] | join("', '") }}')
    {%- endif -%}
{%- endmacro %}


{#- Whether any word of a CRM relation's row is unknown. -#}
{% macro plr_has_unknown_word(relation) -%}
    {%- for column in plr_word_columns()[relation] %}
    {{ 'or ' if not loop.first }}not coalesce({{ plr_is_known_word(column) }}, true)
    {%- endfor %}
{%- endmacro %}


{#- Whether the stated precision says that only the day is known: any word but an instant's. -#}
{% macro plr_states_a_day(precision) -%}
    coalesce({{ plr_read_word('occurred_precision', precision) }}, '') = 'date'
{%- endmacro %}
