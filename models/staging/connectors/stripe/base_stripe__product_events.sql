-- a session is opened before it is paid, so only its day is told; a link may come from sales
{{ config(enabled=plr_uses('stripe', 'plr_input_product_events')) }}

with

sessions as (
    {{ plr_vendor('stripe', 'checkout_session', {
        'event_id': ['id!', 'id'],
        'account_id': ['id!', 'customer_id', 'customer'],
        'mode': 'text!',
        'status': 'text!',
        'payment_link_id': ['text', 'payment_link_id', 'payment_link'],
        'occurred_at': ['timestamp!', 'created'],
        'is_live': ['boolean', 'livemode'],
    }) }}
),

final as (
    select
        event_id,
        account_id,
        'stripe_checkout' as event_name,
        occurred_at,
        'date' as occurred_precision
    from sessions
    where
        mode = 'subscription'
        and status = 'complete'
        and payment_link_id is null
        and account_id is not null
        and coalesce(is_live, true)
)

select * from final
