{{ config(enabled=plr_uses('recurly', 'plr_input_accounts') and plr_links_by_domain()) }}

with

accounts as (
    {{ plr_vendor('recurly', 'account_history', {
        'account_id': ['id!', 'id'],
        'email': 'text',
        'updated_at': 'timestamp!',
    }) }}
),

numbered as (
    select
        *,
        row_number() over (partition by account_id order by updated_at desc) as place
    from accounts
),

final as (
    select
        account_id,
        email as email_or_website,
        false as is_person
    from numbered
    where place = 1
)

select * from final
