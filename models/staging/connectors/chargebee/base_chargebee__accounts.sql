-- a deleted customer stays: its history is revenue, too
{{ config(enabled=plr_uses('chargebee', 'plr_input_accounts')) }}

with

customers as (
    {{ plr_vendor('chargebee', 'customer', {
        'account_id': ['id!', 'id'],
        'account_name': ['text', 'company'],
        'created_at': 'timestamp',
    }) }}
),

final as (
    select
        account_id,
        account_name,
        created_at
    from customers
)

select * from final
