{#-
    Over rows of an entity and month that lack no month: sums over the twelve months that end with
    the row's, or as many as there are, and values of some months ago. `entity` is one column or
    several with commas.
-#}
{% macro plr_sum_of_year(column, entity, month) -%}
    sum({{ column }}) over (
        partition by {{ entity }}
        order by {{ month }}
        rows between 11 preceding and current row
    )
{%- endmacro %}


{#- The same, null if any of those months is unknown. -#}
{% macro plr_known_sum_of_year(column, entity, month) -%}
    case
        when
            {{ plr_sum_of_year(
                'case when ' ~ column ~ ' is null then 1 else 0 end', entity, month
            ) }} = 0
            then {{ plr_sum_of_year(column, entity, month) }}
    end
{%- endmacro %}


{% macro plr_months_ago(column, months, entity, month) -%}
    lag({{ column }}, {{ months }}) over (
        partition by {{ entity }}
        order by {{ month }}
    )
{%- endmacro %}


{#-
    How well an ended term held, seen from a month's end: by its renewal once that is signed, 0 when
    the account has no MRR, null while nothing is decided.
-#}
{% macro plr_term_score(renewal_signed_date, durability_score, month_end, closing_mrr) -%}
    case
        when {{ renewal_signed_date }} <= {{ month_end }} then {{ durability_score }}
        when coalesce({{ closing_mrr }}, 0) = 0 then 0
    end
{%- endmacro %}


{#- A change of so much, in either direction: 1, -1, or 0 within the band; null where unknown. -#}
{% macro plr_direction_of(change, band) -%}
    case
        when round({{ change }}, 9) >= {{ band }} then 1
        when round({{ change }}, 9) <= -{{ band }} then -1
        when {{ change }} is not null then 0
    end
{%- endmacro %}


{#- Whether three measures move together, by their directions: 1, 0, -1, or null where unknown. -#}
{% macro plr_co_movement_state_of(first, second, third) -%}
    {{ return(adapter.dispatch('plr_co_movement_state_of', 'product_led_revenue')(
        first, second, third
    )) }}
{%- endmacro %}

{% macro default__plr_co_movement_state_of(first, second, third) -%}
case
    when {{ first }} + {{ second }} + {{ third }} is null then 'insufficient_data'
    when
        least({{ first }}, {{ second }}, {{ third }}) >= 0
        and {{ first }} + {{ second }} + {{ third }} >= 2
        then 'rising_together'
    when
        greatest({{ first }}, {{ second }}, {{ third }}) <= 0
        and {{ first }} + {{ second }} + {{ third }} <= -2
        then 'falling_together'
    when
        least({{ first }}, {{ second }}, {{ third }}) = -1
        and greatest({{ first }}, {{ second }}, {{ third }}) = 1
        then 'drifting_apart'
    else 'steady'
end
{%- endmacro %}


{#- The same as a number: the mean of their three products, 1 in step, -1 at most apart. -#}
{% macro plr_co_movement_score_of(first, second, third) -%}
    {{ plr_ratio(
        '(' ~ first ~ ' * ' ~ second ~ ' + ' ~ first ~ ' * ' ~ third
        ~ ' + ' ~ second ~ ' * ' ~ third ~ ')',
        '3'
    ) }}
{%- endmacro %}


{#-
    What earns one point on a question of the Quick Test, and what earns two. Keys that are whole
    numbers are understood, too, but dbt can't save them, so reads the whole project in every run.
-#}
{% macro plr_quick_test_limits_of(question_no) %}
    {%- set found = plr_var('plr_quick_test_limits').get(question_no | string) -%}
    {%- if not found -%}
        {{ plr_refuse('var_value', "var plr_quick_test_limits has no limits for question '"
            ~ question_no ~ "'; it takes them as {'1': [0.2, 0.5], ...}") }}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}
