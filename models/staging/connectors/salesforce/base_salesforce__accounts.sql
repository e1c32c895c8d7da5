-- accounts, those merged away too, and leads with an activity: who was spoken to before an account
{{ config(enabled=plr_uses('salesforce', 'plr_input_accounts')) }}

with

accounts as (
    {{ plr_vendor('salesforce', 'account', {
        'account_id': ['id!', 'id'],
        'account_name': ['text', 'name'],
        'parent_account_id': ['id', 'parent_id'],
        'merged_into_account_id': ['id', 'master_record_id'],
        'segment': ['text', var('plr_connector_segment_fields').get('salesforce')],
        'acquisition_channel': ['text', 'account_source'],
        'created_at': ['timestamp', 'created_date'],
        'is_deleted': 'boolean',
    }) }}
),

leads as (
    {{ plr_vendor('salesforce', 'lead', {
        'lead_id': ['id!', 'id'],
        'company': 'text',
        'lead_source': 'text',
        'converted_account_id': 'id',
        'master_record_id': 'id',
        'created_at': ['timestamp', 'created_date'],
        'is_deleted': 'boolean',
    }, is_optional=true) }}
),

spoken_to as (
    select distinct who_id
    from {{ ref('base_salesforce__activities') }}
    where who_key like '00Q%'
),

final as (
    select
        account_id,
        account_name,
        parent_account_id,
        merged_into_account_id,
        segment,
        acquisition_channel,
        created_at
    from accounts
    where not coalesce(is_deleted, false) or merged_into_account_id is not null
    union all
    select
        leads.lead_id as account_id,
        leads.company as account_name,
        cast(null as {{ dbt.type_string() }}) as parent_account_id,
        coalesce(leads.converted_account_id, leads.master_record_id) as merged_into_account_id,
        cast(null as {{ dbt.type_string() }}) as segment,
        leads.lead_source as acquisition_channel,
        leads.created_at
    from leads
    left join spoken_to
        on leads.lead_id = spoken_to.who_id
    where
        spoken_to.who_id is not null
        and (not coalesce(leads.is_deleted, false) or leads.master_record_id is not null)
)

select * from final
