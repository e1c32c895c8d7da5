-- an account that is closed stays: its history is revenue, too
{{ config(enabled=plr_uses('zuora', 'plr_input_accounts')) }}

with

accounts as (
    {{ plr_vendor('zuora', 'account', {
        'account_id': ['id!', 'id'],
        'account_name': ['text', 'name'],
        'parent_account_id': ['id', 'parent_id'],
        'created_at': ['timestamp', 'created_date'],
    }) }}
),

final as (
    select
        account_id,
        account_name,
        parent_account_id,
        created_at
    from accounts
)

select * from final
