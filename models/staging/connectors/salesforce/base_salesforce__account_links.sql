-- the product's own account is the one of the CRM that carries its id
{{ config(enabled=plr_uses('salesforce', 'plr_input_account_links')) }}
{%- set field = plr_account_field('salesforce') %}

with

accounts as (
    {{ plr_vendor('salesforce', 'account', {
        'own_id': ['text!', field],
        'account_id': ['id!', 'id'],
        'is_deleted': 'boolean',
    }) }}
),

final as (
    select
        own_id as account_id,
        account_id as same_as_account_id,
        'salesforce field' as matched_by
    from accounts
    where own_id is not null and not coalesce(is_deleted, false)
)

select * from final
