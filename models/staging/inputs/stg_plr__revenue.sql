{{ config(materialized='table') }}

-- one relation in three shapes: the columns of the other shapes are null
with

input as (
    {{ plr_input('revenue', 'plr_input_revenue') }}
),

checked as (
    {{ plr_check_rows('revenue', [
        [
            'null_key',
            "line_type not in ('recurring', 'proration', 'credit', 'usage', 'one_time', 'refund')",
            ['line_type']
        ],
        ['negative_mrr_row', 'mrr < 0', ['mrr']],
        ['bad_interval', 'valid_to <= valid_from', ['valid_from', 'valid_to']],
        [
            'bad_interval',
            "service_end <= service_start and line_type in ('recurring', 'proration', 'credit')",
            ['service_start', 'service_end']
        ],
        [
            'future_dated',
            plr_is_after_as_of('coalesce(valid_from, service_start)'),
            ['valid_from', 'service_start']
        ],
        ['future_dated', 'month > ' ~ plr_last_complete_month(), ['month']],
    ]) }}
),

final as (
    select
        '{{ var("plr_revenue_shape") }}' as revenue_shape,
        coalesce(owners.survivor_account_id, checked.account_id) as account_id,
        checked.subscription_id,
        checked.subscription_period_id,
        checked.invoice_line_id,
        checked.line_type,
        checked.currency,
        checked.month,
        checked.valid_from,
        checked.valid_to,
        checked.service_start,
        checked.service_end,
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
