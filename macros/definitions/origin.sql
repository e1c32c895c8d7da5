{#- Origins whose revenue counts as product-driven. -#}
{% macro plr_product_driven_origins() -%}
    'self_serve', 'product_driven_sales_assisted'
{%- endmacro %}


{#- What came first, meaningful activity or sales contact; `before` is strict. -#}
{% macro plr_sequence() -%}
    {{ return(adapter.dispatch('plr_sequence', 'product_led_revenue')()) }}
{%- endmacro %}

{% macro default__plr_sequence() -%}
case
    when evidence.activity_lo_us is null and evidence.contact_lo_us is null then 'none'
    when evidence.contact_lo_us is null then 'product_first'
    when evidence.activity_lo_us is null then 'sales_first'
    when evidence.activity_hi_us < evidence.contact_lo_us then 'product_first'
    when evidence.contact_hi_us < evidence.activity_lo_us then 'sales_first'
    else 'ambiguous'
end
{%- endmacro %}


{#- The origin of a paying account or a deal, if both feeds reach back far enough. -#}
{% macro plr_origin_if_covered() -%}
    {{ return(adapter.dispatch('plr_origin_if_covered', 'product_led_revenue')()) }}
{%- endmacro %}

{% macro default__plr_origin_if_covered() -%}
case
    when not is_paying then null
    when sequence = 'product_first' and (is_contact_after_payment or is_purchase_first)
        then 'self_serve'
    when sequence = 'product_first' then 'product_driven_sales_assisted'
    when is_purchase_first then 'self_serve'
    when sequence = 'ambiguous' and tie_policy = 'sales_first' then 'sales_originated'
    when sequence = 'ambiguous' and is_contact_after_payment then 'self_serve'
    when sequence = 'ambiguous' then 'product_driven_sales_assisted'
    when sequence = 'sales_first' then 'sales_originated'
    else 'untracked'
end
{%- endmacro %}


{#- What the origin rests on, in the order of plr_origin_if_covered. -#}
{% macro plr_origin_evidence() -%}
    {{ return(adapter.dispatch('plr_origin_evidence', 'product_led_revenue')()) }}
{%- endmacro %}

{% macro default__plr_origin_evidence() -%}
case
    when not is_paying then 'prospect'
    when sequence = 'product_first' and contact_lo_us is null then 'activity_no_contact'
    when sequence = 'product_first' then 'activity_before_contact'
    when is_purchase_first then 'self_serve_purchase'
    when sequence = 'ambiguous' then 'tie'
    when sequence = 'sales_first' and activity_lo_us is null then 'contact_only'
    when sequence = 'sales_first' then 'contact_before_activity'
    else 'no_evidence'
end
{%- endmacro %}


{#- Whether a feed starts no later than the earliest of the known times; fails with none. -#}
{% macro plr_starts_by(start_us, times_us) -%}
    coalesce(
        {{ start_us }} <= nullif(
            least(
                {%- for time_us in times_us %}
                coalesce({{ time_us }}, {{ plr_forever_us() }}){{ ',' if not loop.last }}
                {%- endfor %}
            ),
            {{ plr_forever_us() }}
        ),
        false
    )
{%- endmacro %}
