-- a user belongs to every group that a call named, from the first such call on
{{ config(enabled=plr_uses('segment', 'plr_input_users')) }}

with

group_calls as (
    {{ plr_vendor('segment', 'groups', {
        'user_id': 'text!',
        'account_id': ['text!', 'group_id'],
        'called_at': ['timestamp!', 'timestamp'],
    }) }}
),

final as (
    select
        user_id,
        account_id,
        min(called_at) as valid_from
    from group_calls
    where user_id is not null and account_id is not null
    group by 1, 2
)

select * from final
