{{ config(enabled=plr_uses('stripe', 'plr_input_revenue')) }}
{%- set seat_prices = "'" ~ plr_var('plr_stripe_seat_prices') | join("', '") ~ "'" %}

with

lines as (
    select * from {{ ref('base_stripe__invoice_lines') }}
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
        cast(amount as {{ dbt.type_numeric() }}) as amount,
        cast(
            case when price_id in ({{ seat_prices }}) then quantity end as int
        ) as seats
    from lines
)

select * from final
