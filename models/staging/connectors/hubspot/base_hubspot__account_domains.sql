{{ config(enabled=plr_uses('hubspot', 'plr_input_accounts') and plr_links_by_domain()) }}

with

final as (
    select
        account_id,
        email_or_website,
        false as is_person
    from {{ ref('base_hubspot__companies') }}
    where merged_into_account_id is null
)

select * from final
