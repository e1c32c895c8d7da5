-- an account is the one whose own id it carries, or else the CRM's account that it is synced with
{{ config(enabled=plr_uses('zuora', 'plr_input_account_links')) }}

with

accounts as (
    {{ plr_vendor('zuora', 'account', {
        'account_id': ['id!', 'id'],
        'own_id': ['text', var('plr_connector_account_fields').get('zuora')],
        'crm_id': 'text',
    }) }}
),

trimmed as (
    select
        account_id,
        nullif(trim(own_id), '') as own_id,
        nullif(trim(crm_id), '') as crm_id
    from accounts
),

final as (
    select
        account_id,
        coalesce(own_id, {{ dbt.concat(["'salesforce:'", 'crm_id']) }}) as same_as_account_id,
        case when own_id is not null then 'zuora field' else 'zuora crm_id' end as matched_by
    from trimmed
    where own_id is not null or crm_id is not null
)

select * from final
