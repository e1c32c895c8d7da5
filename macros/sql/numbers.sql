{#- A ratio, exact to twelve digits, null where the denominator is zero or null. -#}
{% macro plr_ratio(numerator, denominator) -%}
    cast({{ plr_divided(numerator, denominator) }} as {{ plr_share_type() }})
{%- endmacro %}


{#- The type of ratios and rates; BigQuery's numeric ends at nine digits after the point. -#}
{% macro plr_share_type() -%}
    {{ return(adapter.dispatch('plr_share_type', 'product_led_revenue')()) }}
{%- endmacro %}

{% macro default__plr_share_type() -%}
    numeric(28, 12)
{%- endmacro %}

{% macro bigquery__plr_share_type() -%}
    bignumeric
{%- endmacro %}


{#- A quotient that keeps its fraction in every warehouse. -#}
{% macro plr_divided(numerator, denominator) -%}
    cast({{ numerator }} as {{ plr_double() }}) / nullif({{ denominator }}, 0)
{%- endmacro %}


{#- A sum of money, to six digits. -#}
{% macro plr_money(expression) -%}
    {{ return(adapter.dispatch('plr_money', 'product_led_revenue')(expression)) }}
{%- endmacro %}

{% macro default__plr_money(expression) -%}
    cast({{ expression }} as {{ dbt.type_numeric() }})
{%- endmacro %}

{#- BigQuery's casts take no number of digits -#}
{% macro bigquery__plr_money(expression) -%}
    round(cast({{ expression }} as {{ dbt.type_numeric() }}), 6)
{%- endmacro %}


{#-
    The same of what was divided, an eight-byte float. Half way between two sums, warehouses round a
    float up or down; three digits more say which it is.
-#}
{% macro plr_money_of_float(expression) -%}
    {{ return(
        adapter.dispatch('plr_money_of_float', 'product_led_revenue')(expression)
    ) }}
{%- endmacro %}

{% macro default__plr_money_of_float(expression) -%}
    {{ product_led_revenue.plr_money('cast(' ~ expression ~ ' as numeric(28, 9))') }}
{%- endmacro %}

{#- a cast would keep fifteen digits of the float, its text has all -#}
{% macro postgres__plr_money_of_float(expression) -%}
    {{ product_led_revenue.plr_money(
        'cast(cast(' ~ expression ~ ' as text) as numeric(28, 9))'
    ) }}
{%- endmacro %}

{% macro redshift__plr_money_of_float(expression) -%}
    {{ product_led_revenue.default__plr_money_of_float(expression) }}
{%- endmacro %}

{#- its numeric has nine digits as it is -#}
{% macro bigquery__plr_money_of_float(expression) -%}
    {{ product_led_revenue.plr_money(expression) }}
{%- endmacro %}


{#- An eight-byte float: dbt's own float type has four bytes in DuckDB. -#}
{% macro plr_double() -%}
    {{ return(adapter.dispatch('plr_double', 'product_led_revenue')()) }}
{%- endmacro %}

{% macro default__plr_double() -%}
    double precision
{%- endmacro %}

{% macro spark__plr_double() -%}
    double
{%- endmacro %}

{% macro bigquery__plr_double() -%}
    float64
{%- endmacro %}

{% macro trino__plr_double() -%}
    double
{%- endmacro %}


{#- A number no greater than a cap; null stays null, where `least` differs between warehouses. -#}
{% macro plr_capped(number, cap) -%}
    case when {{ number }} > {{ cap }} then {{ cap }} else {{ number }} end
{%- endmacro %}
