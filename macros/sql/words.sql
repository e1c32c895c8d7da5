{#- A number in a sentence, without decimals. -#}
{% macro plr_said(number) -%}
    cast(cast(round(cast({{ number }} as numeric(28, 6)), 0) as bigint) as {{ dbt.type_string() }})
{%- endmacro %}


{#- A fraction in a sentence, as whole percents. -#}
{% macro plr_said_percent(share) -%}
    {{ dbt.concat([plr_said('100 * ' ~ share), "' %'"]) }}
{%- endmacro %}


{#- A day in a sentence. -#}
{% macro plr_said_date(date) -%}
    cast(cast({{ date }} as date) as {{ dbt.type_string() }})
{%- endmacro %}
