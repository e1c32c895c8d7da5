{#-
    How much a verdict weighs, by its status, its own rule for `high`, and months_flagged_streak:
    what stays flagged for long enough is high whatever it is.
-#}
{% macro plr_severity(is_high='false') -%}
    {{ return(adapter.dispatch('plr_severity', 'product_led_revenue')(is_high)) }}
{%- endmacro %}

{% macro default__plr_severity(is_high) -%}
case
    when
        status = 'flagged'
        and (({{ is_high }}) or months_flagged_streak >= {{ var('plr_high_severity_months') }})
        then 'high'
    when status = 'flagged' then 'medium'
    when status = 'watch' then 'low'
end
{%- endmacro %}


{#-
    Streaks of consecutive calendar months, in two steps, since a window can't stand inside another:

        numbered as (select *, plr_run("status = 'flagged'", 'account_id') as flagged_run ...)
        streaks as (select *, plr_streak("status = 'flagged'", 'account_id', 'flagged_run') ...)

    plr_run numbers the run of months a row belongs to: its calendar month's number less the count
    of the entity's rows so far that hold the condition. Among those rows the number stays the same
    from month to month and grows over every gap, be it a row that fails or a month without a row.

    plr_streak counts the rows of the run so far: 1 in its first month, 0 where the condition fails.
    `entity` is one column or several with commas; a row is one entity and `month`.
-#}
{% macro plr_run(condition, entity, month='month') -%}
    {{ dbt.datediff("cast('2000-01-01' as date)", month, 'month') }}
    - sum(case when {{ condition }} then 1 else 0 end) over (
        partition by {{ entity }}
        order by {{ month }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}

{% macro plr_streak(condition, entity, run, month='month') -%}
    case
        when {{ condition }}
            then row_number() over (
                partition by
                    {{ entity }}, {{ run }}, case when {{ condition }} then 1 else 0 end
                order by {{ month }}
            )
        else 0
    end
{%- endmacro %}
