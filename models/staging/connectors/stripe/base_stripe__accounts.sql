-- a deleted customer stays: its history is revenue, too
{{ config(enabled=plr_uses('stripe', 'plr_input_accounts')) }}

with

customers as (
    {{ plr_vendor('stripe', 'customer', {
        'account_id': ['id!', 'id'],
        'account_name': ['text', 'name'],
        'created_at': ['timestamp', 'created'],
        'is_live': ['boolean', 'livemode'],
    }) }}
),

final as (
    select
        account_id,
        account_name,
        created_at
    from customers
    where coalesce(is_live, true)
)

select * from final
