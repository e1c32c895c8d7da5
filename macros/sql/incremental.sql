{#-
    What an incremental run reads anew: events from the start of the month in which the
    late-arrival window before the newest valid event begins, and events without a time. Nothing is
    skipped while there is no valid event.
-#}
{% macro plr_recent_events(newest_us) -%}
    {%- set month = plr_rebuilt_from(newest_us) if is_incremental() else none -%}
    {%- if month -%}
        where
            occurred_at >= cast('{{ month }}' as {{ dbt.type_timestamp() }})
            or occurred_at is null
    {%- endif -%}
{%- endmacro %}


{#-
    The month from which this incremental model is rebuilt; `newest_us` is its column of event
    times. Looked up first, since a constant is what lets the warehouse skip older raw events.
-#}
{% macro plr_rebuilt_from(newest_us) %}
    {%- if not execute or flags.INTROSPECT is false -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set newest -%}
        select {{ plr_month_of(plr_from_micros(
            'max(' ~ newest_us ~ ') - ' ~ plr_days_us(var('plr_late_arrival_days'))
        )) }}
        from {{ this }}
        where reject_code is null
    {%- endset -%}
    {{ return(run_query(newest).columns[0].values()[0]) }}
{% endmacro %}
