{#- When a rule group is met: by its first rule in an `any` group, its last in an `all` group. -#}
{% macro plr_group_met_us(met_us) -%}
case
    when active_rules.group_operator = 'any' then min(rules_met.{{ met_us }})
    when count(rules_met.{{ met_us }}) = max(active_rules.rules_in_group)
        then max(rules_met.{{ met_us }})
end
{%- endmacro %}
