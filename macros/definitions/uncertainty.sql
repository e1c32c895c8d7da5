{#- How many standard errors a 95 % interval reaches to either side. -#}
{% macro plr_z() -%}
    1.96
{%- endmacro %}


{#- What an account ends above or below its group's own ratio of sums. -#}
{% macro plr_deviation(numerator, denominator, group) -%}
    {{ numerator }} - {{ denominator }} * {{ plr_divided(
        'sum(' ~ numerator ~ ') over (partition by ' ~ group ~ ')',
        'sum(' ~ denominator ~ ') over (partition by ' ~ group ~ ')'
    ) }}
{%- endmacro %}


{#- Standard error of a ratio of sums over n accounts, linearised; it needs two of them. -#}
{% macro plr_standard_error(squared_deviations, denominator, n) -%}
case
    when {{ n }} >= 2
        then sqrt({{ squared_deviations }} * {{ n }} / ({{ n }} - 1)) / nullif({{ denominator }}, 0)
end
{%- endmacro %}


{#- Wilson's interval around a part of n: its middle, and its reach to either side. -#}
{% macro plr_wilson_middle(part, n) -%}
    {{ plr_divided(
        '(' ~ part ~ ' + ' ~ plr_z() ~ ' * ' ~ plr_z() ~ ' / 2)',
        '(' ~ n ~ ' + ' ~ plr_z() ~ ' * ' ~ plr_z() ~ ')'
    ) }}
{%- endmacro %}

{% macro plr_wilson_reach(part, n) -%}
    {{ plr_z() }} * sqrt(
        {{ plr_divided(part, n) }} * ({{ n }} - {{ part }}) + {{ plr_z() }} * {{ plr_z() }} / 4
    ) / ({{ n }} + {{ plr_z() }} * {{ plr_z() }})
{%- endmacro %}


{#- Two errors, or reaches, that do not depend on each other, in one. -#}
{% macro plr_root_of_squares(first, second) -%}
    sqrt({{ first }} * {{ first }} + {{ second }} * {{ second }})
{%- endmacro %}


{#-
    The standard error of a difference, or of one value; null where a part has none, or where
    nothing varies: what rounding leaves of zero claims a certainty that nobody has.
-#}
{% macro plr_common_error(first, second=none) -%}
case
    when {{ first }} > 1e-9 {{- ' and ' ~ second ~ ' > 1e-9' if second }}
        then {{ plr_root_of_squares(first, second) if second else first }}
end
{%- endmacro %}


{#-
    The value below or at which a part of a group's values lies, such as 9 of 10: by the number of
    each value in their order and how many there are. Too few tell nothing. A row may stand for
    several equal values: `value_number` is the number of its last.
-#}
{% macro plr_nearest_rank(value, value_number, n_values, part, whole, n_equal=1) -%}
max(
    case
        when
            {{ n_values }} >= {{ var('plr_median_values') }}
            and {{ whole }} * {{ value_number }} >= {{ part }} * {{ n_values }}
            and {{ whole }} * ({{ value_number }} - {{ n_equal }}) < {{ part }} * {{ n_values }}
            then {{ value }}
    end
)
{%- endmacro %}


{#- The ends of Wilson's interval around a part of n; null where there are none. -#}
{% macro plr_wilson_low(part, n) -%}
    cast(
        {{ plr_wilson_middle(part, n) }} - {{ plr_wilson_reach(part, n) | indent(8) }}
        as {{ plr_share_type() }}
    )
{%- endmacro %}

{% macro plr_wilson_high(part, n) -%}
    cast(
        {{ plr_wilson_middle(part, n) }} + {{ plr_wilson_reach(part, n) | indent(8) }}
        as {{ plr_share_type() }}
    )
{%- endmacro %}
