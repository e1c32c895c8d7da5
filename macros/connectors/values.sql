{#-
    A time with a time zone as the contract's: the same instant in UTC, without a zone. For mappings
    of your own, too: {{ product_led_revenue.plr_utc('sent_at') }}. A time that has no zone is no
    input of this macro: if it is in UTC, it is right as it is.
-#}
{% macro plr_utc(column) -%}
    {{ return(adapter.dispatch('plr_utc', 'product_led_revenue')(column)) }}
{%- endmacro %}

{% macro default__plr_utc(column) -%}
    cast({{ column }} at time zone 'UTC' as {{ dbt.type_timestamp() }})
{%- endmacro %}

{% macro snowflake__plr_utc(column) -%}
    cast(convert_timezone('UTC', {{ column }}) as timestamp_ntz)
{%- endmacro %}

{#- here a timestamp is an instant, shown in the session's zone -#}
{% macro bigquery__plr_utc(column) -%}
    cast({{ column }} as {{ dbt.type_timestamp() }})
{%- endmacro %}

{% macro spark__plr_utc(column) -%}
    cast({{ column }} as {{ dbt.type_timestamp() }})
{%- endmacro %}


{#-
    The text under a key of a column of text that holds a JSON object; null where there is none.
    A list of keys, and of places in arrays, leads further down: ['groups', 'company', 0].
-#}
{% macro plr_json_text(column, path) -%}
    {{ return(adapter.dispatch('plr_json_text', 'product_led_revenue')(
        "nullif(" ~ column ~ ", '')", [path] if path is string else path
    )) }}
{%- endmacro %}

{% macro default__plr_json_text(column, path) -%}
    cast({{ column }} as json)
    {%- for step in path %}
        {{- ' ->> ' if loop.last else ' -> ' }}{{ step if step is number else "'" ~ step ~ "'" }}
    {%- endfor %}
{%- endmacro %}

{% macro duckdb__plr_json_text(column, path) -%}
    json_extract_string({{ column }}, '{{ plr_json_path(path, '."', '"') }}')
{%- endmacro %}

{% macro snowflake__plr_json_text(column, path) -%}
    {%- set found = namespace(value='try_parse_json(' ~ column ~ ')') -%}
    {%- for step in path -%}
        {%- set found.value = 'get(' ~ found.value ~ ', ' ~ step ~ ')' if step is number
            else 'get_ignore_case(' ~ found.value ~ ", '" ~ step ~ "')" -%}
    {%- endfor -%}
    cast({{ found.value }} as {{ dbt.type_string() }})
{%- endmacro %}

{% macro bigquery__plr_json_text(column, path) -%}
    json_value({{ column }}, '{{ plr_json_path(path, '."', '"') }}')
{%- endmacro %}

{% macro spark__plr_json_text(column, path) -%}
    get_json_object({{ column }}, "{{ plr_json_path(path, "['", "']") }}")
{%- endmacro %}

{% macro redshift__plr_json_text(column, path) -%}
    {%- set found = namespace(value=column) -%}
    {%- for step in path -%}
        {%- set found.value = 'nullif(json_extract_'
            ~ ('array_element_text(' if step is number else 'path_text(') ~ found.value ~ ', '
            ~ (step if step is number else "'" ~ step ~ "'") ~ ", true), '')" -%}
    {%- endfor -%}
    {{ found.value }}
{%- endmacro %}

{% macro trino__plr_json_text(column, path) -%}
    json_extract_scalar({{ column }}, '{{ plr_json_path(path, '["', '"]') }}')
{%- endmacro %}


{#- A path into JSON as most warehouses write it, its keys between two marks. -#}
{% macro plr_json_path(path, opened, closed) -%}
    {%- set steps = [] -%}
    {%- for step in path -%}
        {%- do steps.append('[' ~ step ~ ']' if step is number else opened ~ step ~ closed) -%}
    {%- endfor -%}
    {{ return('$' ~ steps | join) }}
{%- endmacro %}


{#-
    The part of a text that has this number, a column perhaps, between marks such as ';'; empty or
    null past the last. dbt's split_part wants the number written out: one expression for each.
-#}
{% macro plr_part(text, mark, number) -%}
    {{ return(adapter.dispatch('plr_part', 'product_led_revenue')(text, mark, number)) }}
{%- endmacro %}

{% macro default__plr_part(text, mark, number) -%}
    split_part({{ text }}, '{{ mark }}', cast({{ number }} as int))
{%- endmacro %}

{% macro bigquery__plr_part(text, mark, number) -%}
    split({{ text }}, '{{ mark }}')[safe_ordinal(cast({{ number }} as int64))]
{%- endmacro %}


{#-
    Whether an event is delivered by its name: not where plr_connector_ignored_events has it, nor
    where the tool sends it by itself, unless that map takes it back as `not <name>`. One of the
    tool's own names that ends in % stands for all that begin so. A nameless event is the door's.
-#}
{% macro plr_is_told(tool, event_name, own_names=[]) -%}
    {%- set given = var('plr_connector_ignored_events').get(tool, []) -%}
    {%- set kept = [] -%}
    {%- set ignored = [] -%}
    {%- set beginnings = [] -%}
    {%- for name in own_names + given -%}
        {%- set quoted = "'" ~ name | replace("'", "''") ~ "'" -%}
        {%- if name.startswith('not ') -%}
            {%- do kept.append("'" ~ name[4:] | replace("'", "''") ~ "'") -%}
        {%- else -%}
            {%- do (beginnings if name.endswith('%') and name in own_names else ignored)
                .append(quoted) -%}
        {%- endif -%}
    {%- endfor -%}
    (
        {{ event_name }} is null
        {%- if kept %}
        or {{ event_name }} in ({{ kept | join(', ') }})
        {%- endif %}
        or (
            1 = 1
        {%- if ignored %}
            and {{ event_name }} not in ({{ ignored | join(', ') }})
        {%- endif %}
        {%- for beginning in beginnings %}
            and {{ event_name }} not like {{ beginning }}
        {%- endfor %}
        )
    )
{%- endmacro %}


{#- An amount in a currency's smallest unit, as payment tools keep it, in major units. -#}
{% macro plr_major_units(amount, currency) -%}
    {{ amount }} / case
        when
            upper({{ currency }}) in (
                'BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV',
                'XAF', 'XOF', 'XPF'
            )
            then 1.0
        when upper({{ currency }}) in ('BHD', 'JOD', 'KWD', 'OMR', 'TND') then 1000.0
        else 100.0
    end
{%- endmacro %}
