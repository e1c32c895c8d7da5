{#- the whole numbers from 1 to upper_bound, in a column generated_number, as one query -#}
{% macro generate_series(upper_bound) %}

{%- if upper_bound <= 0 -%}
    {{ exceptions.raise_compiler_error('upper bound must be positive') }}
{%- endif %}
{%- set places = (upper_bound - 1) | string | length %}

with digits as (
    {%- for digit in range(10) %}
    select {{ digit }} as digit{{ ' union all' if not loop.last }}
    {%- endfor %}
),

numbers as (
    {#- the real package counts in powers, so its numbers are floats: a caller has to cast #}
    select
        power(1, 1) * (
            1
            {%- for place in range(places) %}
            + {{ 10 ** place }} * digit_{{ place }}.digit
            {%- endfor %}
        ) as generated_number
    from digits as digit_0
    {%- for place in range(1, places) %}
    cross join digits as digit_{{ place }}
    {%- endfor %}
)

select generated_number
from numbers
where generated_number <= {{ upper_bound }}

{% endmacro %}
