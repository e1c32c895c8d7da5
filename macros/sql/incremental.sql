{#-
    What an incremental run reads anew: events from the start of the month in which the
    late-arrival window before the newest valid event begins, and events without a time. Looked up
    first, since a constant is what lets the warehouse skip the older raw events. `newest_us` is
    this model's column; nothing is skipped while it holds no valid event.
-#}
{% macro plr_recent_events(newest_us) -%}
    {%- if is_incremental() and execute -%}
        {%- set newest -%}
            select {{ plr_month_of(plr_from_micros(
                'max(' ~ newest_us ~ ') - ' ~ plr_days_us(var('plr_late_arrival_days'))
            )) }}
            from {{ this }}
            where reject_code is null
        {%- endset -%}
        {%- set month = run_query(newest).columns[0].values()[0] -%}
        {%- if month -%}
            where
                occurred_at >= cast('{{ month }}' as {{ dbt.type_timestamp() }})
                or occurred_at is null
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
