{{ config(materialized='table') }}
{%- set carries_mrr = "line_type in ('recurring', 'proration', 'credit')" %}
{%- set is_required = 'line_type is not null and ' ~ plr_may_carry_mrr('line_type') %}
{%- set is_charge = "line_type = 'recurring' and amount <> 0" %}

-- one relation in three shapes: the columns of the other shapes are null
with

input as (
    {{ plr_input('revenue', 'plr_input_revenue') }}
),

checked as (
    {{ plr_check_rows('revenue', [
        ['null_key', 'not ' ~ plr_is_known_word('line_type'), ['line_type']],
        ['null_key', 'subscription_id is null and ' ~ is_required, ['subscription_id']],
        ['null_time', 'service_start is null and ' ~ is_required, ['service_start']],
        ['null_time', 'service_end is null and ' ~ is_required, ['service_end']],
        ['negative_mrr_row', 'month is not null and mrr < 0', ['mrr']],
        ['bad_interval', 'valid_to < valid_from', ['valid_from', 'valid_to']],
        [
            'bad_interval',
            'service_end < service_start and ' ~ carries_mrr,
            ['service_start', 'service_end']
        ],
        [
            'bad_interval',
            'service_end = service_start and coalesce(service_months, 0) <= 0 and ' ~ is_charge,
            ['service_start', 'service_end', 'service_months']
        ],
        ['nonpositive_rate', 'service_months <= 0 and ' ~ carries_mrr, ['service_months']],
        ['empty_interval', 'valid_to = valid_from', ['valid_from', 'valid_to']],
        [
            'empty_interval',
            'service_end = service_start and ' ~ carries_mrr ~ ' and not (' ~ is_charge ~ ')',
            ['service_start', 'service_end']
        ],
        [
            'future_dated',
            plr_is_after_as_of(
                'coalesce(valid_from, service_start)', plr_revenue_as_of_date()
            ),
            ['valid_from', 'service_start']
        ],
        [
            'future_dated',
            'month > ' ~ plr_last_complete_month(plr_revenue_as_of_date()),
            ['month']
        ],
    ]) }}
),

final as (
    select
        '{{ plr_var("plr_revenue_shape") }}' as revenue_shape,
        coalesce(owners.survivor_account_id, checked.account_id) as account_id,
        checked.subscription_id,
        checked.subscription_period_id,
        checked.invoice_line_id,
        checked.line_type,
        checked.currency,
        checked.month,
        checked.valid_from,
        {{ plr_end_of('checked.valid_to') | indent(8) }} as valid_to,
        checked.service_start,
        case
            when
                checked.line_type = 'recurring'
                and checked.service_months > 0
                and checked.service_end = checked.service_start
                then {{ plr_months_after(
                    'checked.service_start', 'checked.service_months'
                ) | indent(16) }}
            else {{ plr_end_of('checked.service_end') | indent(12) }}
        end as service_end,
        checked.service_months,
        checked.mrr,
        checked.list_mrr,
        checked.amount,
        checked.seats,
        coalesce(checked.is_trial, false) as is_trial,
        checked.record_id,
        {{ plr_reject_columns(plr_owner_checks()) | indent(8) }}
    from checked
    left join {{ ref('stg_plr__accounts') }} as owners
        on checked.account_id = owners.account_id and owners.is_known
)

select * from final
