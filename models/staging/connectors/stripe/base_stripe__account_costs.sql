-- what Stripe kept of each payment
{{ config(enabled=plr_uses('stripe', 'plr_input_account_costs')) }}

with

charges as (
    {{ plr_vendor('stripe', 'charge', {
        'account_id': ['id', 'customer_id'],
        'transaction_id': ['id', 'balance_transaction_id'],
        'is_live': ['boolean', 'livemode'],
    }) }}
),

transactions as (
    {{ plr_vendor('stripe', 'balance_transaction', {
        'transaction_id': ['id!', 'id'],
        'currency': 'text!',
        'created_at': ['timestamp!', 'created'],
        'fee': 'number!',
    }) }}
),

final as (
    select
        charges.account_id,
        {{ plr_month_of('transactions.created_at') }} as month,
        'payment_processing' as cost_type,
        upper(transactions.currency) as currency,
        cast(
            sum({{ plr_major_units('transactions.fee', 'transactions.currency') }})
            as {{ dbt.type_numeric() }}
        ) as amount
    from charges
    inner join transactions
        on charges.transaction_id = transactions.transaction_id
    where coalesce(charges.is_live, true) and transactions.fee > 0
    group by 1, 2, 3, 4
)

select * from final
