-- a user belongs to every group that a call of theirs named, from the first such call on
{{ config(enabled=plr_uses('posthog', 'plr_input_users')) }}

with

group_calls as (
    select * from {{ ref('base_posthog__group_calls') }}
),

final as (
    select
        user_id,
        account_id,
        min(called_at) as valid_from
    from group_calls
    where user_id is not null
    group by 1, 2
)

select * from final
