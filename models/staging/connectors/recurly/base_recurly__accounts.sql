-- an account that is closed stays: its history is revenue, too
{{ config(enabled=plr_uses('recurly', 'plr_input_accounts')) }}

with

accounts as (
    {{ plr_vendor('recurly', 'account_history', {
        'account_id': ['id!', 'id'],
        'account_name': ['text', 'company'],
        'created_at': 'timestamp',
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
        account_name,
        created_at
    from numbered
    where place = 1
)

select * from final
