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
