-- calls tell only what changed, so what counts is the latest one that tells an address
{{ config(enabled=plr_uses('posthog', 'plr_input_accounts') and plr_links_by_domain()) }}

with

numbered as (
    select
        account_id,
        email_or_website,
        row_number() over (partition by account_id order by called_at desc, call_id desc) as place
    from {{ ref('base_posthog__group_calls') }}
    where email_or_website is not null
),

final as (
    select
        account_id,
        email_or_website,
        false as is_person
    from numbered
    where place = 1
)

select * from final
