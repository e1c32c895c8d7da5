-- leads are people: several of one company are no doubt about it
{{ config(enabled=plr_uses('salesforce', 'plr_input_accounts') and plr_links_by_domain()) }}

with

accounts as (
    {{ plr_vendor('salesforce', 'account', {
        'account_id': ['id!', 'id'],
        'website': 'text',
        'is_deleted': 'boolean',
    }) }}
),

leads as (
    {{ plr_vendor('salesforce', 'lead', {
        'lead_id': ['id!', 'id'],
        'email': 'text',
        'website': 'text',
        'converted_account_id': 'id',
        'master_record_id': 'id',
        'is_deleted': 'boolean',
    }, is_optional=true) }}
),

final as (
    select
        account_id,
        website as email_or_website,
        false as is_person
    from accounts
    where not coalesce(is_deleted, false)
    union all
    select
        lead_id as account_id,
        coalesce(email, website) as email_or_website,
        true as is_person
    from leads
    where
        converted_account_id is null
        and master_record_id is null
        and not coalesce(is_deleted, false)
)

select * from final
