-- a customer is the account whose own id it carries, in a column or in its metadata
{{ config(enabled=plr_uses('chargebee', 'plr_input_account_links')) }}
{%- set field = plr_account_field('chargebee') %}

with

customers as (
    {{ plr_vendor('chargebee', 'customer', {
        'account_id': ['id!', 'id'],
        'own_id': ['text', field],
        'metadata': ['text', 'meta_data', 'metadata'],
    }) }}
),

found as (
    select
        account_id,
        coalesce(nullif(trim(own_id), ''), {{ plr_json_text('metadata', field) }}) as own_id
    from customers
),

final as (
    select
        account_id,
        own_id as same_as_account_id,
        'chargebee field' as matched_by
    from found
    where own_id is not null
)

select * from final
