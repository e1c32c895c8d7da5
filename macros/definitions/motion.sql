{#-
    Who started a revenue event or a later deal: the product, the product and then a person, or a
    person; `unobserved` where it can't be told. Read together with plr_unobserved_reason.
-#}
{% macro plr_initiation() -%}
    {{ return(adapter.dispatch('plr_initiation', 'product_led_revenue')()) }}
{%- endmacro %}

{% macro default__plr_initiation() -%}
case
    when not is_covered then 'unobserved'
    when human_lo_us is null and signal_lo_us is not null then 'product_initiated'
    when human_lo_us is null and is_auto_renew and has_value_event then 'product_initiated'
    when
        signal_lo_us is not null
        and (commercial_lo_us is null or signal_hi_us < commercial_lo_us)
        then 'product_sourced_human_assisted'
    when {{ plr_is_price_or_escalator() }} then 'unobserved'
    when human_lo_us is not null then 'human_initiated'
    else 'unobserved'
end
{%- endmacro %}


{#- Why nobody can be named, for unobserved events only. -#}
{% macro plr_unobserved_reason() -%}
case
    when not is_covered then 'crm_not_covered'
    when {{ plr_is_price_or_escalator() }} then 'price_or_escalator'
    when is_auto_renew then 'inertia_renewal'
    else 'no_evidence'
end
{%- endmacro %}


{#- Paying more for as many seats as before, without a signal or a commercial touch. -#}
{% macro plr_is_price_or_escalator() -%}
(
    stage = 'expansion'
    and signal_lo_us is null
    and commercial_lo_us is null
    and coalesce(seats = previous_seats, false)
)
{%- endmacro %}


{#- Until when an opportunity was open; one closed at an unknown time never was. -#}
{% macro plr_open_until_us() -%}
case
    when closed_us is not null then closed_us
    when is_closed then lo_us
    else {{ plr_forever_us() }}
end
{%- endmacro %}


{#- The latest of an account's times up to the month, over its `timeline`. -#}
{% macro plr_latest_so_far(column) -%}
    max({{ column }}) over (
        partition by timeline.account_id
        order by timeline.month
        rows between unbounded preceding and current row
    )
{%- endmacro %}
