{#-
    What an incremental run reads anew: events from the start of the month in which the
    late-arrival window before the newest valid event begins, and events without a time. Nothing is
    skipped while there is no valid event.
-#}
{% macro plr_recent_events() -%}
    {%- set month = plr_rebuilt_from() if is_incremental() else none -%}
    {%- if month -%}
        where
            occurred_at >= cast('{{ month }}' as {{ dbt.type_timestamp() }})
            or occurred_at is null
    {%- endif -%}
{%- endmacro %}


{#-
    The month from which both incremental models are rebuilt, by what int_plr__event_months held
    before this run: it is built last, so both read the same. Looked up first, since a constant is
    what lets the warehouse skip older raw events; none where nothing can be looked up.
-#}
{% macro plr_rebuilt_from() %}
    {%- if not execute or flags.INTROSPECT is false -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set event_months = load_relation(
        this.incorporate(path={'identifier': 'int_plr__event_months'})
    ) -%}
    {%- if event_months is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set newest -%}
        select {{ plr_month_of(plr_from_micros(
            'max(last_us) - ' ~ plr_days_us(var('plr_late_arrival_days'))
        )) }}
        from {{ event_months }}
        where reject_code is null
    {%- endset -%}
    {{ return(run_query(newest).columns[0].values()[0]) }}
{% endmacro %}


{#-
    How an incremental run replaces the months it rebuilt: delete and insert, or where partitions
    can be overwritten, those partitions. Your own project may say otherwise (`models:
    product_led_revenue: +incremental_strategy`), as its configuration comes after the package's.
-#}
{% macro plr_replace_months() %}
    {{ return(adapter.dispatch('plr_replace_months', 'product_led_revenue')()) }}
{% endmacro %}

{% macro default__plr_replace_months() %}
    {{ return('delete+insert') }}
{% endmacro %}

{% macro spark__plr_replace_months() %}
    {{ return('insert_overwrite') }}
{% endmacro %}

{% macro bigquery__plr_replace_months() %}
    {{ return('insert_overwrite') }}
{% endmacro %}


{#- The partitions of an incremental model: its months, where the warehouse has partitions. -#}
{% macro plr_month_partitions() %}
    {{ return(adapter.dispatch('plr_month_partitions', 'product_led_revenue')()) }}
{% endmacro %}

{% macro default__plr_month_partitions() %}
    {{ return(none) }}
{% endmacro %}

{% macro spark__plr_month_partitions() %}
    {{ return(['event_month']) }}
{% endmacro %}

{% macro bigquery__plr_month_partitions() %}
    {{ return({'field': 'event_month', 'data_type': 'date', 'granularity': 'month'}) }}
{% endmacro %}
