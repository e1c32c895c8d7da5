{#- Whether revenue history reaches back to the first customer: as said, else not by snapshots. -#}
{% macro plr_history_is_complete() %}
    {%- set given = var('plr_revenue_history_is_complete') -%}
    {{ return(var('plr_revenue_shape') != 'snapshots' if given is none else given) }}
{% endmacro %}


{#- What an account's MRR did in a month, from opening_mrr, closing_mrr, organic_mrr. -#}
{% macro plr_mrr_movement() -%}
    {{ return(adapter.dispatch('plr_mrr_movement', 'product_led_revenue')()) }}
{%- endmacro %}

{% macro default__plr_mrr_movement() -%}
case
    when opening_mrr = 0 and is_first_paid_month then 'new'
    when opening_mrr = 0 then 'reactivation'
    when closing_mrr = 0 then 'churn'
    when organic_mrr > 0 then 'expansion'
    when organic_mrr < 0 then 'contraction'
    else 'none'
end
{%- endmacro %}


{#- The movement's label: a payer's move within the zero band is none; its amount is kept. -#}
{% macro plr_mrr_movement_type() -%}
    {{ return(adapter.dispatch('plr_mrr_movement_type', 'product_led_revenue')()) }}
{%- endmacro %}

{% macro default__plr_mrr_movement_type() -%}
case
    when
        opening_mrr > 0
        and closing_mrr > 0
        and abs(organic_mrr) <= {{ var('plr_zero_mrr_band') }}
        then 'none'
    else {{ plr_mrr_movement() | indent(4) }}
end
{%- endmacro %}


{#- How far a ratio over n accounts can be trusted. -#}
{% macro plr_confidence(n) -%}
case
    when {{ n }} < {{ var('plr_small_group_very_low') }} then 'very_low'
    when {{ n }} < {{ var('plr_small_group_low') }} then 'low'
    else 'ok'
end
{%- endmacro %}


{#-
    The origin by which an account is followed through time from a base month on: only what was
    decided by that month's end, or surviving long enough to be classified would look like loyalty.
-#}
{% macro plr_origin_known_by(month_end_us) -%}
case
    when origins.is_coverage_failure then 'untracked'
    when origins.decided_us <= {{ month_end_us }} then origins.origin
    else 'undecided'
end
{%- endmacro %}


{#- The amount of one movement, zero in a month that moved otherwise; losses are positive too. -#}
{% macro plr_moved_mrr(movement) -%}
    {{ plr_money(
        "case when labelled.movement = '" ~ movement ~ "' then abs(labelled.organic_mrr) else 0 end"
    ) }}
{%- endmacro %}


{#-
    An amount at a rate. Each is rounded before any are added up, since not every warehouse keeps
    more than six digits of so wide a product.
-#}
{% macro plr_converted(amount, rate) -%}
    {{ plr_money(amount ~ ' * ' ~ rate) }}
{%- endmacro %}
