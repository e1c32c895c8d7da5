{#- Origins whose revenue counts as product-driven. -#}
{% macro plr_product_driven_origins() -%}
    'self_serve', 'product_driven_sales_assisted'
{%- endmacro %}


{#- What came first, meaningful activity or sales contact; `before` is strict. -#}
{% macro plr_sequence_of(activity_lo_us, activity_hi_us, contact_lo_us, contact_hi_us) -%}
    {{ return(adapter.dispatch('plr_sequence_of', 'product_led_revenue')(
        activity_lo_us, activity_hi_us, contact_lo_us, contact_hi_us
    )) }}
{%- endmacro %}

{% macro default__plr_sequence_of(activity_lo_us, activity_hi_us, contact_lo_us, contact_hi_us) -%}
case
    when {{ activity_lo_us }} is null and {{ contact_lo_us }} is null then 'none'
    when {{ contact_lo_us }} is null then 'product_first'
    when {{ activity_lo_us }} is null then 'sales_first'
    when {{ activity_hi_us }} < {{ contact_lo_us }} then 'product_first'
    when {{ contact_hi_us }} < {{ activity_lo_us }} then 'sales_first'
    else 'ambiguous'
end
{%- endmacro %}


{#- The origin of a paying account or a deal, if both feeds reach back far enough. -#}
{% macro plr_origin_of(
    is_paying, sequence, is_purchase_first, is_contact_after_payment, tie_policy
) -%}
    {{ return(adapter.dispatch('plr_origin_of', 'product_led_revenue')(
        is_paying, sequence, is_purchase_first, is_contact_after_payment, tie_policy
    )) }}
{%- endmacro %}

{% macro default__plr_origin_of(
    is_paying, sequence, is_purchase_first, is_contact_after_payment, tie_policy
) -%}
case
    when not {{ is_paying }} then null
    when
        {{ sequence }} = 'product_first'
        and ({{ is_contact_after_payment }} or {{ is_purchase_first }})
        then 'self_serve'
    when {{ sequence }} = 'product_first' then 'product_driven_sales_assisted'
    when {{ is_purchase_first }} then 'self_serve'
    when {{ sequence }} = 'ambiguous' and {{ tie_policy }} = 'sales_first'
        then 'sales_originated'
    when {{ sequence }} = 'ambiguous' and {{ is_contact_after_payment }} then 'self_serve'
    when {{ sequence }} = 'ambiguous' then 'product_driven_sales_assisted'
    when {{ sequence }} = 'sales_first' then 'sales_originated'
    else 'untracked'
end
{%- endmacro %}


{#- What the origin rests on, in the order of plr_origin_of. -#}
{% macro plr_origin_evidence_of(
    is_paying, sequence, is_purchase_first, activity_lo_us, contact_lo_us
) -%}
    {{ return(adapter.dispatch('plr_origin_evidence_of', 'product_led_revenue')(
        is_paying, sequence, is_purchase_first, activity_lo_us, contact_lo_us
    )) }}
{%- endmacro %}

{% macro default__plr_origin_evidence_of(
    is_paying, sequence, is_purchase_first, activity_lo_us, contact_lo_us
) -%}
case
    when not {{ is_paying }} then 'prospect'
    when {{ sequence }} = 'product_first' and {{ contact_lo_us }} is null
        then 'activity_no_contact'
    when {{ sequence }} = 'product_first' then 'activity_before_contact'
    when {{ is_purchase_first }} then 'self_serve_purchase'
    when {{ sequence }} = 'ambiguous' then 'tie'
    when {{ sequence }} = 'sales_first' and {{ activity_lo_us }} is null then 'contact_only'
    when {{ sequence }} = 'sales_first' then 'contact_before_activity'
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


{#-
    The group in which people's work on an account counts that has not paid by an instant: by what
    came first, as far as it had come by then.
-#}
{% macro plr_prospect_group_of(known_us, sequence, activity_lo_us, contact_lo_us) -%}
case
    when
        {{ activity_lo_us }} <= {{ known_us }} and {{ contact_lo_us }} <= {{ known_us }}
        then
            case {{ sequence }}
                when 'product_first' then 'product_driven'
                when 'ambiguous'
                    then '{{ "product_driven" if plr_var("plr_tie_policy") == "product_first"
                        else "sales_originated" }}'
                else 'sales_originated'
            end
    when {{ activity_lo_us }} <= {{ known_us }} then 'product_driven'
    when {{ contact_lo_us }} <= {{ known_us }} then 'sales_originated'
    else 'undecided'
end
{%- endmacro %}


{#- Whether one time is before another, or the only one, and was known by some time. -#}
{% macro plr_is_earlier_by(us, other_us, until_us) -%}
    (
        {{ us }} < coalesce({{ other_us }}, {{ plr_forever_us() }})
        and {{ us }} < {{ until_us }}
    )
{%- endmacro %}


{#- The vars that decide what every account's origin is; of rule tables the rows do. -#}
{% macro plr_origin_settings() %}
    {{ return([
        'plr_input_accounts', 'plr_input_account_links', 'plr_input_users',
        'plr_input_product_events', 'plr_input_crm_activities', 'plr_input_opportunities',
        'plr_input_revenue',
        'plr_revenue_shape', 'plr_input_fx_rates', 'plr_reporting_currency', 'plr_zero_mrr_band',
        'plr_tie_policy', 'plr_contact_scope', 'plr_activity_scope', 'plr_opportunity_is_contact',
        'plr_crm_utc_offset_minutes', 'plr_event_tracking_start', 'plr_crm_tracking_start',
        'plr_purchase_days_before', 'plr_purchase_days_after', 'plr_revenue_history_is_complete',
        'plr_revenue_complete_through', 'plr_overlap_policy', 'plr_gap_grace_days',
        'plr_trial_max_days', 'plr_clock_tolerance_hours', 'plr_credit_tolerance',
        'plr_goodwill_ratio', 'plr_include_usage_in_mrr', 'plr_events_are_unique',
        'plr_max_merge_depth'
    ]) }}
{% endmacro %}
