{#- A number in a sentence, rounded to whole units: 1234.5 is `1235`. -#}
{% macro plr_whole_text(number) -%}
    cast(cast(round({{ plr_money(number) }}, 0) as bigint) as {{ dbt.type_string() }})
{%- endmacro %}


{#- A fraction in a sentence, rounded to whole percents: 0.724 is `72 %`. -#}
{% macro plr_percent_text(fraction) -%}
    {{ dbt.concat([plr_whole_text('100 * (' ~ fraction ~ ')'), "' %'"]) }}
{%- endmacro %}


{#- The texts of a group as one text, in order. -#}
{% macro plr_listed(text, separator, order_by) -%}
    {{ return(adapter.dispatch('plr_listed', 'product_led_revenue')(text, separator, order_by)) }}
{%- endmacro %}

{% macro default__plr_listed(text, separator, order_by) -%}
    {{ dbt.listagg(text, "'" ~ separator ~ "'", 'order by ' ~ order_by | join(', ')) }}
{%- endmacro %}

{#- dbt's own leaves the order to chance -#}
{% macro spark__plr_listed(text, separator, order_by) -%}
    array_join(
        transform(
            array_sort(collect_list(struct({{ order_by | join(', ') }}, {{ text }} as listed))),
            item -> item.listed
        ),
        '{{ separator }}'
    )
{%- endmacro %}


{#- How many of what, in a sentence: `1 person`, `2 people`. -#}
{% macro plr_count_text(number, one, many) -%}
    {{ dbt.concat([
        plr_whole_text(number),
        "case when " ~ number ~ " = 1 then ' " ~ one ~ "' else ' " ~ many ~ "' end"
    ]) }}
{%- endmacro %}
