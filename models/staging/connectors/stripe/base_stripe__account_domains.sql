{{ config(enabled=plr_uses('stripe', 'plr_input_accounts') and plr_links_by_domain()) }}

with

customers as (
    {{ plr_vendor('stripe', 'customer', {
        'account_id': ['id!', 'id'],
        'email': 'text',
        'is_live': ['boolean', 'livemode'],
    }) }}
),

final as (
    select
        account_id,
        email as email_or_website,
        false as is_person
    from customers
    where coalesce(is_live, true)
)

select * from final
