{#- An input or rule table that holds every column of the contract and no row. -#}
{% macro empty_input(relation) -%}
select
{%- for name, type in product_led_revenue.plr_contract(relation)['columns'].items() %}
    cast(null as {{ product_led_revenue.plr_data_type(type) }}) as {{ name }}
    {{- ',' if not loop.last }}
{%- endfor %}
from (select 1 as nothing) as feed
where 1 = 0
{%- endmacro %}
