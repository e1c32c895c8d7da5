{#- A ratio, exact to twelve digits, null where the denominator is zero or null. -#}
{% macro plr_ratio(numerator, denominator) -%}
    cast({{ plr_divided(numerator, denominator) }} as numeric(28, 12))
{%- endmacro %}


{#- A quotient that keeps its fraction in every warehouse. -#}
{% macro plr_divided(numerator, denominator) -%}
    cast({{ numerator }} as {{ dbt.type_float() }}) / nullif({{ denominator }}, 0)
{%- endmacro %}


{#- A sum of money. -#}
{% macro plr_money(expression) -%}
    cast({{ expression }} as numeric(28, 6))
{%- endmacro %}
