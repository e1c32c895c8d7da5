{#-
    When a rule group is met, over its rules: by its first rule in an `any` group, its last in an
    `all` group.
-#}
{% macro plr_group_met_us(rule_met_us, group_operator, rules_in_group) -%}
case
    when {{ group_operator }} = 'any' then min({{ rule_met_us }})
    when count({{ rule_met_us }}) = max({{ rules_in_group }}) then max({{ rule_met_us }})
end
{%- endmacro %}


{#-
    How the activity rules are read: as they are set, and looser and stricter, to see what hangs on
    them. Whatever meets a stricter rule meets the others.
-#}
{% macro plr_activity_thresholds() %}
    {{ return(['as_set', 'looser', 'stricter']) }}
{% endmacro %}


{#- The least events a rule asks at a threshold: half of them, rounded up, or twice as many. -#}
{% macro plr_min_events_at(threshold, min_events) -%}
    {%- if threshold == 'looser' -%}
        {{ min_events }} - cast(floor({{ min_events }} / 2.0) as int)
    {%- elif threshold == 'stricter' -%}
        2 * {{ min_events }}
    {%- else -%}
        {{ min_events }}
    {%- endif -%}
{%- endmacro %}


{#- The same of its distinct days: a window has no more days than it is long. -#}
{% macro plr_min_days_at(threshold, min_days, within_days) -%}
    {%- if threshold == 'stricter' -%}
        greatest({{ min_days }}, least(
            2 * {{ min_days }}, coalesce({{ within_days }}, 2 * {{ min_days }})
        ))
    {%- else -%}
        {{ plr_min_events_at(threshold, min_days) }}
    {%- endif -%}
{%- endmacro %}


{#- Days before a month's end in which value events count, and limits: what int_plr__signal_months
    was built with. -#}
{% macro plr_signal_windows() %}
    {{ return([
        var('plr_black_hole_value_days'),
        var('plr_passive_value_days'),
        var('plr_hollow_unproven_days'),
        var('plr_orphan_limit_days'),
    ]) }}
{% endmacro %}


{#- The longest window of the active rules in days; none where an event never leaves one. -#}
{% macro plr_longest_window_days() %}
    {%- set longest -%}
        select
            max(within_days),
            max(case when within_days is null or anchor = 'signup' then 1 else 0 end)
        from {{ ref('product_led_revenue', 'stg_plr__activity_rules') }}
        where is_active
    {%- endset -%}
    {%- set days, is_endless = run_query(longest).rows[0].values() -%}
    {{ return(none if is_endless else days) }}
{% endmacro %}
