{#- A CRM team as the rules know it: one of the listed teams, else `unknown`. -#}
{% macro plr_team_of(column) -%}
    case
        when
            {{ column }} in (
                'sales', 'sdr', 'am', 'exec', 'partner', 'csm', 'support', 'marketing', 'system'
            )
            then {{ column }}
        else 'unknown'
    end
{%- endmacro %}


{#- Whether a cell of a rule table (`any`, a value, or values joined by |) takes in a value. -#}
{% macro plr_cell_fits(cell, value) -%}
    (
        coalesce({{ cell }}, 'any') in ('any', '')
        or {{ dbt.position(
            dbt.concat(["'|'", value, "'|'"]), dbt.concat(["'|'", cell, "'|'"])
        ) }} > 0
    )
{%- endmacro %}


{#- Logged so long after it happened that the stated time may be a memory. -#}
{% macro plr_is_logged_late(occurred_at, created_at) -%}
    coalesce(
        {{ plr_micros(created_at) }} - {{ plr_micros(occurred_at) }}
        > {{ plr_days_us(var('plr_backdated_days')) }},
        false
    )
{%- endmacro %}
