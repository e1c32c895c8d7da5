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


{#- The text under one key of a column that holds a JSON object; null where there is none. -#}
{% macro plr_json_text(column, key) -%}
    {{ return(adapter.dispatch('plr_json_text', 'product_led_revenue')(column, key)) }}
{%- endmacro %}

{% macro default__plr_json_text(column, key) -%}
    cast({{ column }} as json) ->> '{{ key }}'
{%- endmacro %}

{% macro duckdb__plr_json_text(column, key) -%}
    json_extract_string({{ column }}, '$."{{ key }}"')
{%- endmacro %}

{% macro snowflake__plr_json_text(column, key) -%}
    cast(get_ignore_case(try_parse_json({{ column }}), '{{ key }}') as {{ dbt.type_string() }})
{%- endmacro %}

{% macro bigquery__plr_json_text(column, key) -%}
    json_value({{ column }}, '$."{{ key }}"')
{%- endmacro %}

{% macro spark__plr_json_text(column, key) -%}
    get_json_object({{ column }}, "$['{{ key }}']")
{%- endmacro %}

{% macro redshift__plr_json_text(column, key) -%}
    nullif(json_extract_path_text({{ column }}, '{{ key }}', true), '')
{%- endmacro %}

{% macro trino__plr_json_text(column, key) -%}
    json_extract_scalar({{ column }}, '$["{{ key }}"]')
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
