{#- A number in a sentence, rounded to whole units: 1234.5 is `1235`. -#}
{% macro plr_whole_text(number) -%}
    cast(cast(round({{ plr_money(number) }}, 0) as bigint) as {{ dbt.type_string() }})
{%- endmacro %}


{#- An amount in a sentence, in whole units of the reporting currency: `1,234,567 USD`. -#}
{% macro plr_amount_text(amount) -%}
    {%- set digits = plr_whole_text(amount) -%}
    {%- set length = dbt.length(digits) -%}
    case
        when {{ length }} > 6
            then
                substring({{ digits }}, 1, {{ length }} - 6)
                || ',' || substring({{ digits }}, {{ length }} - 5, 3)
                || ',' || substring({{ digits }}, {{ length }} - 2, 3)
        when {{ length }} > 3
            then
                substring({{ digits }}, 1, {{ length }} - 3)
                || ',' || substring({{ digits }}, {{ length }} - 2, 3)
        else {{ digits }}
    end || ' {{ plr_var("plr_reporting_currency") }}'
{%- endmacro %}


{#- A fraction in a sentence, rounded to whole percents: 0.724 is `72 %`. -#}
{% macro plr_percent_text(fraction) -%}
    {{ plr_whole_text('100 * (' ~ fraction ~ ')') }} || ' %'
{%- endmacro %}


{#- How many of what, in a sentence: `1 person`, `2 people`. -#}
{% macro plr_count_text(number, one, many) -%}
    {{ plr_whole_text(number) }}
    || case when {{ number }} = 1 then ' {{ one }}' else ' {{ many }}' end
{%- endmacro %}


{#- Texts of a group in one, parted by commas, in the order of some columns. -#}
{% macro plr_listed(text, ordered_by, separator=', ') -%}
    {{ return(adapter.dispatch('plr_listed', 'product_led_revenue')(text, ordered_by, separator)) }}
{%- endmacro %}

{% macro default__plr_listed(text, ordered_by, separator) -%}
    {{ dbt.listagg(text, "'" ~ separator ~ "'", 'order by ' ~ ordered_by | join(', ')) }}
{%- endmacro %}

{#- Spark's aggregate keeps no order: it gathers first, then sorts. -#}
{% macro spark__plr_listed(text, ordered_by, separator) -%}
    array_join(
        transform(
            array_sort(collect_list(struct({{ ordered_by | join(', ') }}, {{ text }} as listed))),
            each_row -> each_row.listed
        ),
        '{{ separator }}'
    )
{%- endmacro %}


{#- A rate as text with all its decimals. -#}
{% macro plr_rate_text(rate) -%}
    {{ return(adapter.dispatch('plr_rate_text', 'product_led_revenue')(rate)) }}
{%- endmacro %}

{% macro default__plr_rate_text(rate) -%}
    cast({{ rate }} as {{ dbt.type_string() }})
{%- endmacro %}

{#- A cast would write 0E-12 for zero. -#}
{% macro spark__plr_rate_text(rate) -%}
    replace(format_number({{ rate }}, 12), ',', '')
{%- endmacro %}


{#-
    A text to order by, in the order of its bytes: what decides a tie between ids must not hang on
    the language of a database.
-#}
{% macro plr_in_byte_order(text) -%}
    {{ return(adapter.dispatch('plr_in_byte_order', 'product_led_revenue')(text)) }}
{%- endmacro %}

{% macro default__plr_in_byte_order(text) -%}
    {{ return(text) }}
{%- endmacro %}

{% macro postgres__plr_in_byte_order(text) -%}
    {{ return(text ~ ' collate "C"') }}
{%- endmacro %}

{#- Redshift looks into Postgres' macros before the default, and has no other order. -#}
{% macro redshift__plr_in_byte_order(text) -%}
    {{ return(text) }}
{%- endmacro %}
