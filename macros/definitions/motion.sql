{#- The stage whose product starts and window an account's later deal has. -#}
{% macro plr_deal_stage_of(opportunity_type) -%}
case {{ opportunity_type }}
    when 'renewal' then 'retention'
    when 'reactivation' then 'reactivation'
    else 'expansion'
end
{%- endmacro %}


{#- Whether an expansion is earned in a window: at a month-end in it, or the last one before. -#}
{% macro plr_is_earned_in(month, month_end, earned_streak, window_start, window_end_us) -%}
    (
        {{ plr_date_add('month', -1, plr_month_of(plr_date_add('day', 1, window_start))) }}
        = {{ month }}
        or (
            {{ window_start }} < {{ month_end }}
            and {{ window_end_us }} >= {{ plr_micros(month_end) }}
            and {{ earned_streak }} = 1
        )
    )
{%- endmacro %}


{#-
    Who started a revenue event or a later deal: the product, the product and then a person, or a
    person; `unobserved` where it can't be told. Read together with plr_unobserved_reason_of.
    A price rise is nobody's doing, nor is a rise too small to look into; value found is that of a
    contract that renews by itself.
-#}
{% macro plr_initiation_of(
    is_covered,
    is_too_small,
    signal_lo_us,
    signal_hi_us,
    commercial_lo_us,
    human_lo_us,
    is_auto_renew,
    has_value_event,
    is_price_rise
) -%}
    {{ return(adapter.dispatch('plr_initiation_of', 'product_led_revenue')(
        is_covered,
        is_too_small,
        signal_lo_us,
        signal_hi_us,
        commercial_lo_us,
        human_lo_us,
        is_auto_renew,
        has_value_event,
        is_price_rise
    )) }}
{%- endmacro %}

{% macro default__plr_initiation_of(
    is_covered,
    is_too_small,
    signal_lo_us,
    signal_hi_us,
    commercial_lo_us,
    human_lo_us,
    is_auto_renew,
    has_value_event,
    is_price_rise
) -%}
case
    when {{ is_too_small }} or not {{ is_covered }} then 'unobserved'
    when {{ human_lo_us }} is null and {{ signal_lo_us }} is not null then 'product_initiated'
    when {{ human_lo_us }} is null and {{ is_auto_renew }} and {{ has_value_event }}
        then 'product_initiated'
    when
        {{ signal_lo_us }} is not null
        and ({{ commercial_lo_us }} is null or {{ signal_hi_us }} < {{ commercial_lo_us }})
        then 'product_sourced_human_assisted'
    when {{ is_price_rise }} then 'unobserved'
    when {{ human_lo_us }} is not null then 'human_initiated'
    else 'unobserved'
end
{%- endmacro %}


{#- Why nobody can be named, for unobserved events only. -#}
{% macro plr_unobserved_reason_of(is_covered, is_too_small, is_auto_renew, is_price_rise) -%}
    {{ return(adapter.dispatch('plr_unobserved_reason_of', 'product_led_revenue')(
        is_covered, is_too_small, is_auto_renew, is_price_rise
    )) }}
{%- endmacro %}

{% macro default__plr_unobserved_reason_of(
    is_covered, is_too_small, is_auto_renew, is_price_rise
) -%}
case
    when {{ is_too_small }} then 'too_small'
    when not {{ is_covered }} then 'crm_not_covered'
    when {{ is_price_rise }} then 'price_or_escalator'
    when {{ is_auto_renew }} then 'inertia_renewal'
    else 'no_evidence'
end
{%- endmacro %}
