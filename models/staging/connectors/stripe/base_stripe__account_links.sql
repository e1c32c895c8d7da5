-- a customer is the account whose own id it carries
{{ config(enabled=plr_uses('stripe', 'plr_input_account_links')) }}
{%- set key = plr_account_field('stripe') %}

with

customers as (
    {{ plr_vendor('stripe', 'customer', {
        'account_id': ['id!', 'id'],
        'metadata': 'text!',
    }) }}
),

final as (
    select
        account_id,
        {{ plr_json_text('metadata', key) }} as same_as_account_id,
        'stripe metadata' as matched_by
    from customers
    where {{ plr_json_text('metadata', key) }} is not null
)

select * from final
