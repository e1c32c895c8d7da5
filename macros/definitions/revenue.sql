{#- Whether revenue history reaches back to the first customer: as said, else not by snapshots. -#}
{% macro plr_history_is_complete() %}
    {%- set given = var('plr_revenue_history_is_complete') -%}
    {{ return(plr_var('plr_revenue_shape') != 'snapshots' if given is none else given) }}
{% endmacro %}


{#- What an account's MRR did in a month; organic is what is no currency's doing. -#}
{% macro plr_movement_of(opening_mrr, closing_mrr, organic_mrr, is_first_paid_month) -%}
    {{ return(adapter.dispatch('plr_movement_of', 'product_led_revenue')(
        opening_mrr, closing_mrr, organic_mrr, is_first_paid_month
    )) }}
{%- endmacro %}

{% macro default__plr_movement_of(opening_mrr, closing_mrr, organic_mrr, is_first_paid_month) -%}
case
    when {{ opening_mrr }} = 0 and {{ is_first_paid_month }} then 'new'
    when {{ opening_mrr }} = 0 then 'reactivation'
    when {{ closing_mrr }} = 0 then 'churn'
    when {{ organic_mrr }} > 0 then 'expansion'
    when {{ organic_mrr }} < 0 then 'contraction'
    else 'none'
end
{%- endmacro %}


{#- The movement's label: a payer's move within the zero band is none; its amount is kept. -#}
{% macro plr_movement_type_of(opening_mrr, closing_mrr, organic_mrr, is_first_paid_month) -%}
    {{ return(adapter.dispatch('plr_movement_type_of', 'product_led_revenue')(
        opening_mrr, closing_mrr, organic_mrr, is_first_paid_month
    )) }}
{%- endmacro %}

{% macro default__plr_movement_type_of(
    opening_mrr, closing_mrr, organic_mrr, is_first_paid_month
) -%}
case
    when
        {{ opening_mrr }} > 0
        and {{ closing_mrr }} > 0
        and abs({{ organic_mrr }}) <= {{ var('plr_zero_mrr_band') }}
        then 'none'
    else {{ plr_movement_of(
        opening_mrr, closing_mrr, organic_mrr, is_first_paid_month
    ) | indent(4) }}
end
{%- endmacro %}


{#- How far a ratio over n accounts can be trusted. -#}
{% macro plr_confidence_of(n) -%}
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
{% macro plr_origin_known_by(
    month_end_us, origin, decided_us, is_coverage_failure, evidence_us
) -%}
case
    when {{ is_coverage_failure }} and {{ evidence_us }} <= {{ month_end_us }} then 'untracked'
    when {{ decided_us }} <= {{ month_end_us }} then {{ origin }}
    else 'undecided'
end
{%- endmacro %}


{#- The amount of one kind of movement, zero in a month that moved otherwise; never negative. -#}
{% macro plr_moved_mrr(kind, movement, organic_mrr) -%}
    {{ plr_money(
        "case when " ~ movement ~ " = '" ~ kind ~ "' then abs(" ~ organic_mrr ~ ") else 0 end"
    ) }}
{%- endmacro %}


{#-
    An amount at a rate. Each is rounded before any are added up, since not every warehouse keeps
    more than six digits of so wide a product. Most are in the reporting currency, and a product so
    wide is slow.
-#}
{% macro plr_converted(amount, rate) -%}
    case
        when {{ rate }} = 1 then {{ plr_money(amount) }}
        else {{ plr_money(amount ~ ' * ' ~ rate) }}
    end
{%- endmacro %}


{#- Whether a row of revenue may carry MRR: of lines those that recur, of other shapes each. -#}
{% macro plr_may_carry_mrr(line_type) -%}
    coalesce({{ line_type }}, 'recurring') not in (
        'one_time', 'refund'{{ ", 'usage'" if not var('plr_include_usage_in_mrr') }}
    )
{%- endmacro %}


{#-
    How a credit fits what it was given for, so that it returns exactly that: by time, by whole
    months, or null. Compared to a tenth of a cent: MRR of six digits times months is not exact.
-#}
{% macro plr_credit_measure_of(amount, amount_by_time, amount_by_months) -%}
case
    when round(abs({{ amount_by_time }} + {{ amount }}), 3) <= {{ var('plr_credit_tolerance') }}
        then 'time'
    when round(abs({{ amount_by_months }} + {{ amount }}), 3) <= {{ var('plr_credit_tolerance') }}
        then 'months'
end
{%- endmacro %}


{#-
    Whether a credit is more than could be returned, days counted as generously as months of 28 and
    31 days differ: it returns no service.
-#}
{% macro plr_exceeds_returnable(credit_mrr, returnable_mrr) -%}
-{{ credit_mrr }} * 28 > {{ returnable_mrr }} * 31 * {{ var('plr_goodwill_ratio') }}
{%- endmacro %}


{#- The acquisition channel as a group; accounts without one are a group, too. -#}
{% macro plr_channel_of(acquisition_channel) -%}
    coalesce({{ acquisition_channel }}, 'unknown')
{%- endmacro %}
