{#- A number in a sentence, rounded to whole units: 1234.5 is `1235`. -#}
{% macro plr_whole_text(number) -%}
    cast(cast(round({{ plr_money(number) }}, 0) as bigint) as {{ dbt.type_string() }})
{%- endmacro %}


{#- A fraction in a sentence, rounded to whole percents: 0.724 is `72 %`. -#}
{% macro plr_percent_text(fraction) -%}
    {{ dbt.concat([plr_whole_text('100 * (' ~ fraction ~ ')'), "' %'"]) }}
{%- endmacro %}


{#- How many of what, in a sentence: `1 person`, `2 people`. -#}
{% macro plr_count_text(number, one, many) -%}
    {{ dbt.concat([
        plr_whole_text(number),
        "case when " ~ number ~ " = 1 then ' " ~ one ~ "' else ' " ~ many ~ "' end"
    ]) }}
{%- endmacro %}
