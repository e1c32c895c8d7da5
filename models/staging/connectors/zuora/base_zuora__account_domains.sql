-- an account's contacts; of those in two companies' domains nothing is known
{{ config(enabled=plr_uses('zuora', 'plr_input_accounts') and plr_links_by_domain()) }}

with

contacts as (
    {{ plr_vendor('zuora', 'contact', {
        'account_id': 'id',
        'work_email': 'text',
        'is_deleted': ['boolean', '_fivetran_deleted'],
    }, is_optional=true) }}
),

final as (
    select
        account_id,
        work_email as email_or_website,
        false as is_person
    from contacts
    where account_id is not null and not coalesce(is_deleted, false)
)

select * from final
