-- a group is an account; calls tell only what changed, so each word is the latest one told
{{ config(enabled=plr_uses('posthog', 'plr_input_accounts')) }}

with

group_calls as (
    select * from {{ ref('base_posthog__group_calls') }}
),

signed_up as (
    select
        account_id,
        min(called_at) as signed_up_at
    from group_calls
    group by 1
),

names as (
    select
        account_id,
        account_name,
        row_number() over (partition by account_id order by called_at desc, call_id desc) as place
    from group_calls
    where account_name is not null
),

segments as (
    select
        account_id,
        segment,
        row_number() over (partition by account_id order by called_at desc, call_id desc) as place
    from group_calls
    where segment is not null
),

final as (
    select
        signed_up.account_id,
        names.account_name,
        segments.segment,
        signed_up.signed_up_at
    from signed_up
    left join names
        on signed_up.account_id = names.account_id and names.place = 1
    left join segments
        on signed_up.account_id = segments.account_id and segments.place = 1
)

select * from final
