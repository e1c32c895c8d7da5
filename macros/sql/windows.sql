{#- The latest of an entity's values up to a month. -#}
{% macro plr_latest_so_far(column, entity, month) -%}
    max({{ column }}) over (
        partition by {{ entity }}
        order by {{ month }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}


{#- The next of an entity's months, after the row's own, that holds a condition. -#}
{% macro plr_next_month(condition, entity, month) -%}
    min(case when {{ condition }} then {{ month }} end) over (
        partition by {{ entity }}
        order by {{ month }}
        rows between 1 following and unbounded following
    )
{%- endmacro %}
