-- a view that keeps `timestamp` bare, so that the months to read reach the raw table
{{ config(enabled=plr_uses('segment', 'plr_input_product_events')) }}
{%- set account_field = var('plr_connector_account_fields').get('segment', 'context_group_id') %}

with

tracks as (
    {{ plr_vendor('segment', 'tracks', {
        'event_id': ['text!', 'id'],
        'occurred_at': ['timestamp!', 'timestamp'],
        'event_name': ['text!', 'event'],
        'account_id': ['text', account_field],
        'user_id': 'text',
        'loaded_at': ['timestamp', 'uuid_ts', 'loaded_at', 'received_at'],
    }) }}
),

-- who is neither a user nor of a group is a visitor of the website
final as (
    select
        event_id,
        occurred_at,
        event_name,
        account_id,
        user_id,
        loaded_at
    from tracks
    where
        (user_id is not null or account_id is not null)
        and {{ plr_is_told('segment', 'event_name') | indent(8) }}
)

select * from final
