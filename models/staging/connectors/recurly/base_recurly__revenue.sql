{{ config(enabled=plr_uses('recurly', 'plr_input_revenue')) }}

with

lines as (
    select * from {{ ref('base_recurly__invoice_lines') }}
),

final as (
    select
        invoice_line_id,
        account_id,
        subscription_id,
        currency,
        line_type,
        service_start,
        service_end,
        cast(amount as {{ dbt.type_numeric() }}) as amount
    from lines
)

select * from final
