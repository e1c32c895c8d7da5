{#-
    Over int_plr__scope_months, which lacks no month of a scope: sums over the twelve months that
    end with the row's, or as many as there are, and values of some months ago.
-#}
{% macro plr_sum_of_year(column) -%}
    sum({{ column }}) over (
        partition by scope, scope_value
        order by month
        rows between 11 preceding and current row
    )
{%- endmacro %}


{#- The same, null if any of those months is unknown. -#}
{% macro plr_known_sum_of_year(column) -%}
    case
        when {{ plr_sum_of_year('case when ' ~ column ~ ' is null then 1 else 0 end') }} = 0
            then {{ plr_sum_of_year(column) }}
    end
{%- endmacro %}


{% macro plr_months_ago(column, months) -%}
    lag({{ column }}, {{ months }}) over (
        partition by scope, scope_value
        order by month
    )
{%- endmacro %}


{#- A change of so much, in either direction: 1, -1, or 0 within the band; null where unknown. -#}
{% macro plr_direction(change, band) -%}
    case
        when round({{ change }}, 9) >= {{ band }} then 1
        when round({{ change }}, 9) <= -{{ band }} then -1
        when {{ change }} is not null then 0
    end
{%- endmacro %}


{#- Whether three measures move together, by their directions: 1, 0, -1, or null where unknown. -#}
{% macro plr_co_movement_state(first, second, third) -%}
    {{ return(adapter.dispatch('plr_co_movement_state', 'product_led_revenue')(
        first, second, third
    )) }}
{%- endmacro %}

{% macro default__plr_co_movement_state(first, second, third) -%}
case
    when {{ first }} + {{ second }} + {{ third }} is null then 'insufficient_data'
    when least({{ first }}, {{ second }}, {{ third }}) >= 0
        and {{ first }} + {{ second }} + {{ third }} >= 2
        then 'rising_together'
    when greatest({{ first }}, {{ second }}, {{ third }}) <= 0
        and {{ first }} + {{ second }} + {{ third }} <= -2
        then 'falling_together'
    when least({{ first }}, {{ second }}, {{ third }}) = -1
        and greatest({{ first }}, {{ second }}, {{ third }}) = 1
        then 'drifting_apart'
    else 'steady'
end
{%- endmacro %}


{#- The same as a number: the mean of their three products, 1 in step, -1 at most apart. -#}
{% macro plr_co_movement_score(first, second, third) -%}
    {{ plr_ratio(
        '(' ~ first ~ ' * ' ~ second ~ ' + ' ~ first ~ ' * ' ~ third
        ~ ' + ' ~ second ~ ' * ' ~ third ~ ')',
        '3'
    ) }}
{%- endmacro %}


{#-
    Points of a Quick Test question: by its status, or by its value and the limits in var
    plr_quick_test_limits. The first limit earns one point, the second two; where the second is the
    lesser, less is better.
-#}
{% macro plr_quick_test_points(question_no) -%}
    {%- if question_no == 5 -%}
case status_5
    when 'flagged' then 0
    when 'watch' then 1
    when 'clear' then 2
end
    {%- else -%}
        {%- set value = 'value_' ~ question_no -%}
        {%- set limits = var('plr_quick_test_limits') -%}
        {%- set one, two = limits.get(question_no, limits.get(question_no | string)) -%}
        {%- set reaches = '>=' if two >= one else '<=' -%}
case
    when round({{ value }}, 9) {{ reaches }} {{ two }} then 2
    when round({{ value }}, 9) {{ reaches }} {{ one }} then 1
    when {{ value }} is not null then 0
end
    {%- endif -%}
{%- endmacro %}


{#- What was measured, for people: a status, a number of stages, or a percentage. -#}
{% macro plr_quick_test_answer(question_no) -%}
    {%- if question_no == 5 -%}
        status_5
    {%- elif question_no == 6 -%}
        {{ plr_whole_text('value_6') }}
    {%- else -%}
        {{ plr_percent_text('value_' ~ question_no) }}
    {%- endif -%}
{%- endmacro %}
