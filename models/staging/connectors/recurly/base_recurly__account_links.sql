-- an account is the one whose own id it carries
{{ config(enabled=plr_uses('recurly', 'plr_input_account_links')) }}
{%- set field = plr_account_field('recurly') %}

with

accounts as (
    {{ plr_vendor('recurly', 'account_history', {
        'account_id': ['id!', 'id'],
        'own_id': ['text!', field],
        'updated_at': 'timestamp!',
    }) }}
),

numbered as (
    select
        account_id,
        nullif(trim(own_id), '') as own_id,
        row_number() over (partition by account_id order by updated_at desc) as place
    from accounts
),

final as (
    select
        account_id,
        own_id as same_as_account_id,
        'recurly field' as matched_by
    from numbered
    where place = 1 and own_id is not null
)

select * from final
