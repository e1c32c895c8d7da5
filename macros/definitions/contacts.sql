{#- A CRM team as the rules know it: one of the listed teams, else `unknown`. -#}
{% macro plr_team_of(column) -%}
    coalesce({{ plr_read_word('actor_team', column) }}, 'unknown')
{%- endmacro %}


{#- Whether a cell of a rule table (`any`, a word, or words joined by |) takes in a word. -#}
{% macro plr_cell_fits(cell, value, aliases={}) -%}
    {%- set listed = namespace(sql=dbt.concat(["'|'", cell, "'|'"])) -%}
    {%- for word, read_as in aliases.items() -%}
        {%- set listed.sql
            = "replace(" ~ listed.sql ~ ", '|" ~ word ~ "|', '|" ~ read_as ~ "|')" -%}
    {%- endfor -%}
    (
        coalesce({{ cell }}, 'any') = 'any'
        or {{ dbt.position(dbt.concat(["'|'", value, "'|'"]), listed.sql) }} > 0
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
