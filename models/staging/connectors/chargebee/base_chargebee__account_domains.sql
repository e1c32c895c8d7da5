{{ config(enabled=plr_uses('chargebee', 'plr_input_accounts') and plr_links_by_domain()) }}

with

customers as (
    {{ plr_vendor('chargebee', 'customer', {
        'account_id': ['id!', 'id'],
        'email': 'text',
    }) }}
),

final as (
    select
        account_id,
        email as email_or_website,
        false as is_person
    from customers
)

select * from final
