-- a group is an account; its latest call knows it best, its first is the sign-up
{{ config(enabled=plr_uses('segment', 'plr_input_accounts')) }}

with

group_calls as (
    {{ plr_vendor('segment', 'groups', {
        'call_id': ['text!', 'id'],
        'account_id': ['text!', 'group_id'],
        'account_name': ['text', 'name'],
        'segment': ['text', var('plr_connector_segment_fields').get('segment')],
        'called_at': ['timestamp!', 'timestamp'],
    }) }}
),

numbered as (
    select
        *,
        min(called_at) over (partition by account_id) as signed_up_at,
        row_number() over (partition by account_id order by called_at desc, call_id desc) as place
    from group_calls
    where account_id is not null
),

final as (
    select
        account_id,
        account_name,
        segment,
        signed_up_at
    from numbered
    where place = 1
)

select * from final
