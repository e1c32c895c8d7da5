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


{#- The first condition that decides on an Expansion Orphan. -#}
{% macro plr_orphan_reason() -%}
    {{ return(adapter.dispatch('plr_orphan_reason', 'product_led_revenue')()) }}
{%- endmacro %}

{% macro default__plr_orphan_reason() -%}
case
    when not is_eligible then 'not_eligible'
    when crm_start_us is null then 'crm_not_covered'
    when month_end_us > stale_from_us then 'stale_feed'
    when is_input_missing and not is_earned then 'inputs_missing'
    when not is_earned then 'not_earned'
    when earned_streak < {{ var('plr_orphan_months') }} then 'first_month'
    when days_since_motion < {{ var('plr_orphan_quiet_days') }} then 'motion'
    when hollow_status = 'flagged' then 'hollow_usage'
    when crm_start_us > month_end_us + 1 - {{ plr_days_us(var('plr_orphan_quiet_days')) }}
        then 'crm_not_covered'
    else 'no_motion'
end
{%- endmacro %}


{#- The first condition that decides on an account in a Conversion Black Hole. -#}
{% macro plr_black_hole_reason() -%}
    {{ return(adapter.dispatch('plr_black_hole_reason', 'product_led_revenue')()) }}
{%- endmacro %}

{% macro default__plr_black_hole_reason() -%}
case
    when has_paid then 'paid'
    when not has_activity then 'no_activity'
    when crm_start_us is null then 'crm_not_covered'
    when month_end_us > stale_from_us then 'stale_feed'
    when not has_value then 'no_value_role'
    when days_waiting < {{ var('plr_black_hole_wait_days') }} then 'too_recent'
    when value_events = 0 then 'lapsed'
    when coalesce(last_motion_us > activity_lo_us, false) then 'motion'
    when crm_start_us > activity_lo_us then 'crm_not_covered'
    else 'no_motion'
end
{%- endmacro %}


{#- The first condition that decides on Hollow Usage. -#}
{% macro plr_hollow_reason() -%}
    {{ return(adapter.dispatch('plr_hollow_reason', 'product_led_revenue')()) }}
{%- endmacro %}

{% macro default__plr_hollow_reason() -%}
case
    when closing_mrr <= 0 then 'not_paying'
    when not has_value then 'no_value_role'
    when is_tracking_broken then 'tracking_break'
    when usage_before < {{ var('plr_hollow_usage_events') }} then 'little_usage'
    when usage_now < {{ var('plr_hollow_usage_ratio') }} * usage_before then 'usage_not_up'
    when
        value_before > 0
        and value_now <= {{ var('plr_hollow_value_ratio') }} * value_before
        then 'value_falls'
    when is_renewal_value_down then 'renewal_value_down'
    when
        value_before > 0
        and value_now * usage_before
        <= {{ var('plr_hollow_lag_ratio') }} * value_before * usage_now
        then 'value_lags'
    when value_events_unproven = 0 then 'outcome_unproven'
    else 'value_keeps_up'
end
{%- endmacro %}
