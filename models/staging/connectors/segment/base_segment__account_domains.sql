-- what a group's latest call says
{{ config(enabled=plr_uses('segment', 'plr_input_accounts') and plr_links_by_domain()) }}

with

group_calls as (
    {{ plr_vendor('segment', 'groups', {
        'call_id': ['text!', 'id'],
        'account_id': ['text!', 'group_id'],
        'website': ['text', 'website', 'domain'],
        'email': 'text',
        'called_at': ['timestamp!', 'timestamp'],
    }) }}
),

numbered as (
    select
        *,
        row_number() over (partition by account_id order by called_at desc, call_id desc) as place
    from group_calls
    where account_id is not null
),

final as (
    select
        account_id,
        coalesce(website, email) as email_or_website,
        false as is_person
    from numbered
    where place = 1
)

select * from final
