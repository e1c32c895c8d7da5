{#-
    The first condition that decides on each pattern. Every reason a macro gives stands in the table
    of var plr_pattern_reasons, which says the status it means; an unknown one stops the build.
-#}
{% macro plr_expansion_orphans_reason(
    is_eligible, is_earned, is_input_missing, earned_streak, days_since_motion, hollow_status,
    month_end_us, crm_start_us, stale_from_us
) -%}
    {{ return(adapter.dispatch('plr_expansion_orphans_reason', 'product_led_revenue')(
        is_eligible, is_earned, is_input_missing, earned_streak, days_since_motion, hollow_status,
        month_end_us, crm_start_us, stale_from_us
    )) }}
{%- endmacro %}

{% macro default__plr_expansion_orphans_reason(
    is_eligible, is_earned, is_input_missing, earned_streak, days_since_motion, hollow_status,
    month_end_us, crm_start_us, stale_from_us
) -%}
case
    when not {{ is_eligible }} then 'not_eligible'
    when {{ crm_start_us }} is null then 'crm_not_covered'
    when {{ month_end_us }} > {{ stale_from_us }} then 'stale_feed'
    when {{ is_input_missing }} and not {{ is_earned }} then 'inputs_missing'
    when not {{ is_earned }} then 'not_earned'
    when {{ earned_streak }} < {{ var('plr_orphan_months') }} then 'first_month'
    when {{ days_since_motion }} < {{ var('plr_orphan_quiet_days') }} then 'motion'
    when {{ hollow_status }} = 'flagged' then 'hollow_usage'
    when
        {{ crm_start_us }}
        > {{ month_end_us }} + 1 - {{ plr_days_us(var('plr_orphan_quiet_days')) }}
        then 'crm_not_covered'
    else 'no_motion'
end
{%- endmacro %}


{#- Of an account in a Conversion Black Hole. -#}
{% macro plr_conversion_black_holes_reason(
    has_paid, has_activity, has_value_role, activity_lo_us, days_waiting, value_events,
    last_motion_us, month_end_us, crm_start_us, stale_from_us
) -%}
    {{ return(adapter.dispatch('plr_conversion_black_holes_reason', 'product_led_revenue')(
        has_paid, has_activity, has_value_role, activity_lo_us, days_waiting, value_events,
        last_motion_us, month_end_us, crm_start_us, stale_from_us
    )) }}
{%- endmacro %}

{% macro default__plr_conversion_black_holes_reason(
    has_paid, has_activity, has_value_role, activity_lo_us, days_waiting, value_events,
    last_motion_us, month_end_us, crm_start_us, stale_from_us
) -%}
case
    when {{ has_paid }} then 'paid'
    when not {{ has_activity }} then 'no_activity'
    when {{ crm_start_us }} is null then 'crm_not_covered'
    when {{ month_end_us }} > {{ stale_from_us }} then 'stale_feed'
    when not {{ has_value_role }} then 'no_value_role'
    when {{ days_waiting }} < {{ var('plr_black_hole_wait_days') }} then 'too_recent'
    when {{ value_events }} = 0 then 'lapsed'
    when coalesce({{ last_motion_us }} > {{ activity_lo_us }}, false) then 'motion'
    when {{ crm_start_us }} > {{ activity_lo_us }} then 'crm_not_covered'
    else 'no_motion'
end
{%- endmacro %}


{#- Of a segment. -#}
{% macro plr_conversion_black_holes_segment_reason(n_observed, n_human) -%}
    {{ return(adapter.dispatch('plr_conversion_black_holes_segment_reason', 'product_led_revenue')(
        n_observed, n_human
    )) }}
{%- endmacro %}

{% macro default__plr_conversion_black_holes_segment_reason(n_observed, n_human) -%}
case
    when {{ n_observed }} < {{ var('plr_black_hole_segment_conversions') }} then 'few_conversions'
    when {{ n_human }} >= {{ var('plr_black_hole_segment_share') }} * {{ n_observed }}
        then 'people_convert'
    else 'product_converts'
end
{%- endmacro %}


{#- is_unproven: no value event for long, whatever usage does; too little usage has no ratio. -#}
{% macro plr_hollow_usage_reason(
    closing_mrr, has_value_role, is_tracking_broken, usage_now, usage_before, value_now,
    value_before, is_renewal_value_down, is_unproven, is_renewal_near
) -%}
    {{ return(adapter.dispatch('plr_hollow_usage_reason', 'product_led_revenue')(
        closing_mrr, has_value_role, is_tracking_broken, usage_now, usage_before, value_now,
        value_before, is_renewal_value_down, is_unproven, is_renewal_near
    )) }}
{%- endmacro %}

{% macro default__plr_hollow_usage_reason(
    closing_mrr, has_value_role, is_tracking_broken, usage_now, usage_before, value_now,
    value_before, is_renewal_value_down, is_unproven, is_renewal_near
) -%}
{%- set is_usage_up -%}
{{ usage_before }} >= {{ var('plr_hollow_usage_events') }}
        and {{ usage_now }} >= {{ var('plr_hollow_usage_ratio') }} * {{ usage_before }}
{%- endset -%}
case
    when {{ closing_mrr }} <= 0 then 'not_paying'
    when not {{ has_value_role }} then 'no_value_role'
    when {{ is_tracking_broken }} then 'tracking_break'
    when
        {{ is_usage_up }}
        and {{ value_before }} > 0
        and {{ value_now }} <= {{ var('plr_hollow_value_ratio') }} * {{ value_before }}
        then 'value_falls'
    when
        {{ is_usage_up }}
        and {{ is_renewal_value_down }}
        then 'renewal_value_down'
    when {{ is_unproven }} and {{ is_renewal_near }} then 'unproven_before_renewal'
    when
        {{ is_usage_up }}
        and {{ value_before }} > 0
        and {{ value_now }} * {{ usage_before }}
        <= {{ var('plr_hollow_lag_ratio') }} * {{ value_before }} * {{ usage_now }}
        then 'value_lags'
    when {{ is_unproven }} then 'outcome_unproven'
    when {{ usage_before }} < {{ var('plr_hollow_usage_events') }} then 'little_usage'
    when {{ usage_now }} < {{ var('plr_hollow_usage_ratio') }} * {{ usage_before }}
        then 'usage_not_up'
    else 'value_keeps_up'
end
{%- endmacro %}


{#- is_holding: NRR holds while margin falls; is_raw: renewals grow weaker, too. -#}
{% macro plr_borrowed_nrr_reason(
    months_of_history, nrr_ttm, nrr_ttm_6m_ago, gross_margin_ttm, gross_margin_ttm_6m_ago,
    is_holding, is_raw, is_raw_3m_ago
) -%}
    {{ return(adapter.dispatch('plr_borrowed_nrr_reason', 'product_led_revenue')(
        months_of_history, nrr_ttm, nrr_ttm_6m_ago, gross_margin_ttm, gross_margin_ttm_6m_ago,
        is_holding, is_raw, is_raw_3m_ago
    )) }}
{%- endmacro %}

{% macro default__plr_borrowed_nrr_reason(
    months_of_history, nrr_ttm, nrr_ttm_6m_ago, gross_margin_ttm, gross_margin_ttm_6m_ago,
    is_holding, is_raw, is_raw_3m_ago
) -%}
case
    when {{ months_of_history }} < {{ var('plr_borrowed_history_months') }}
        then 'history_too_short'
    when {{ nrr_ttm }} is null or {{ nrr_ttm_6m_ago }} is null then 'nrr_missing'
    when {{ gross_margin_ttm }} is null or {{ gross_margin_ttm_6m_ago }} is null
        then 'margin_missing'
    when {{ is_raw }} and {{ is_raw_3m_ago }} then 'raw_twice'
    when {{ is_raw }} then 'raw_once'
    when {{ is_holding }} then 'durability_unproven'
    else 'not_borrowed'
end
{%- endmacro %}


{#- gap: stages between where the company is and how it works; n_metrics: 0 to 2 that tell. -#}
{% macro plr_architecture_drift_reason(gap, n_metrics, months_in_gap, months_in_stage) -%}
    {{ return(adapter.dispatch('plr_architecture_drift_reason', 'product_led_revenue')(
        gap, n_metrics, months_in_gap, months_in_stage
    )) }}
{%- endmacro %}

{% macro default__plr_architecture_drift_reason(gap, n_metrics, months_in_gap, months_in_stage) -%}
case
    when {{ gap }} is null then 'no_metric'
    when {{ gap }} < 1 then 'fits_stage'
    when {{ n_metrics }} = 1 then 'one_metric'
    when
        {{ months_in_gap }} >= {{ var('plr_drift_months') }}
        and {{ months_in_stage }} >= {{ var('plr_drift_months_in_stage') }}
        then 'drift'
    else 'too_recent'
end
{%- endmacro %}


{% macro plr_product_passive_growth_reason(
    n_observed, coverage_share, arr_growth, has_value_role, human_started_share, value_active_share
) -%}
    {{ return(adapter.dispatch('plr_product_passive_growth_reason', 'product_led_revenue')(
        n_observed, coverage_share, arr_growth, has_value_role, human_started_share,
        value_active_share
    )) }}
{%- endmacro %}

{% macro default__plr_product_passive_growth_reason(
    n_observed, coverage_share, arr_growth, has_value_role, human_started_share, value_active_share
) -%}
case
    when {{ n_observed }} < {{ var('plr_passive_events') }} then 'few_events'
    when coalesce({{ coverage_share }}, 0) < {{ var('plr_passive_coverage') }} then 'low_coverage'
    when {{ arr_growth }} is null then 'no_base_year'
    when not {{ has_value_role }} then 'no_value_role'
    when {{ human_started_share }} is null then 'no_share'
    when {{ arr_growth }} < {{ var('plr_passive_growth') }} then 'no_growth'
    when {{ human_started_share }} < {{ var('plr_passive_human_share') }} then 'product_starts'
    when {{ value_active_share }} < {{ var('plr_passive_value_share') }} then 'product_unused'
    else 'people_start'
end
{%- endmacro %}


{#-
    The status that a reason means: the one found for it in stg_plr__pattern_reasons. Where none is
    found the build stops, since a reason that nobody knows must not look like an answer. The
    message reads the joined status, too: a reason may be a constant, which a planner evaluates
    beforehand.
-#}
{% macro plr_status_of(pattern, reason, found_status) -%}
case
    when {{ found_status }} is not null then {{ found_status }}
    when {{ plr_stop(plr_stop_message('unknown_reason', [
        "'pattern " ~ pattern ~ " came to reason '",
        "coalesce(" ~ reason ~ ", 'null')",
        "', which the table of var plr_pattern_reasons does not list'",
        "coalesce(" ~ found_status ~ ", '')"
    ])) }} then 'unknown'
end
{%- endmacro %}


{#-
    How much a verdict weighs, by its status, its pattern's own rule for `high`, and how long it has
    been flagged: what stays flagged for long enough is high whatever it is.
-#}
{% macro plr_severity_of(status, months_flagged_streak, is_high='false') -%}
    {{ return(adapter.dispatch('plr_severity_of', 'product_led_revenue')(
        status, months_flagged_streak, is_high
    )) }}
{%- endmacro %}

{% macro default__plr_severity_of(status, months_flagged_streak, is_high) -%}
case
    when
        {{ status }} = 'flagged'
        and (
            {{ is_high }}
            or {{ months_flagged_streak }} >= {{ var('plr_high_severity_months') }}
        )
        then 'high'
    when {{ status }} = 'flagged' then 'medium'
    when {{ status }} = 'watch' then 'low'
end
{%- endmacro %}


{#-
    Streaks of consecutive calendar months, in two steps, since a window can't stand inside another:

        runs as (select *, plr_run("status = 'flagged'", 'account_id', 'month') as flagged_run ...)
        streaks as (
            select *, plr_streak("status = 'flagged'", 'account_id', 'month', 'flagged_run') ...
        )

    plr_run numbers the run of months a row belongs to: its calendar month's number less the count
    of the entity's rows so far that hold the condition. Among those rows the number stays the same
    from month to month and grows over every gap, be it a row that fails or a month without a row.

    plr_streak counts the rows of the run so far: 1 in its first month, 0 where the condition fails.
    `entity` is one column or several with commas; a row is one entity and month.
-#}
{% macro plr_run(condition, entity, month) -%}
    {{ dbt.datediff("cast('2000-01-01' as date)", month, 'month') }}
    - sum(case when {{ condition }} then 1 else 0 end) over (
        partition by {{ entity }}
        order by {{ month }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}

{% macro plr_streak(condition, entity, month, run) -%}
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


{#-
    The same for few rows of a wide relation: those that hold the condition, each with its streak,
    to be joined to all.
-#}
{% macro plr_streaks(relation, condition, entity) -%}
select
    {{ entity }},
    month,
    row_number() over (partition by {{ entity }}, run order by month) as streak
from (
    select
        {{ entity }},
        month,
        {{ plr_run('true', entity, 'month') | indent(8) }} as run
    from {{ relation }}
    where {{ condition }}
) as held
{%- endmacro %}
