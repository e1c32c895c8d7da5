{#-
    Stops the build with a message when the statement meets a row where it is evaluated: the only
    way to name currencies, months and row counts that are known only inside the warehouse. The
    message must read a column, or a planner may evaluate it before there is a row.
-#}
{% macro plr_stop(message) -%}
    {{ return(adapter.dispatch('plr_stop', 'product_led_revenue')(message)) }}
{%- endmacro %}

{#- Where the warehouse has no error function, a cast that fails prints the message. -#}
{% macro default__plr_stop(message) -%}
    cast({{ message }} as int) = 0
{%- endmacro %}

{% macro duckdb__plr_stop(message) -%}
    error({{ message }}) is null
{%- endmacro %}

{% macro spark__plr_stop(message) -%}
    raise_error({{ message }}) is null
{%- endmacro %}
