-- a view that keeps `event_time` bare, so that the months to read reach the raw table
{{ config(enabled=plr_uses('amplitude', 'plr_input_product_events')) }}
{%- set group_type = var('plr_connector_account_fields').get('amplitude') %}
{%- set own_names = ['session_start', 'session_end', '[Amplitude]%', '$%'] %}

with

events as (
    {{ plr_vendor('amplitude', 'event', {
        'insert_id': ['text', '_insert_id'],
        'uuid': 'text!',
        'occurred_at': ['timestamp!', 'event_time'],
        'event_name': ['text!', 'event_type'],
        'user_id': 'text!',
        'group_keys': ['text', 'groups'],
        'loaded_at': ['timestamp', 'server_upload_time'],
    }) }}
),

-- a group stands in an array, or alone
read as (
    select
        coalesce(nullif(insert_id, ''), uuid) as event_id,
        occurred_at,
        event_name,
        {% if group_type -%}
            nullif(coalesce(
                {{ plr_json_text('group_keys', [group_type, 0]) }},
                {{ plr_json_text('group_keys', group_type) }}
            ), '[]') as account_id,
        {%- else -%}
            {{ dbt.cast('null', dbt.type_string()) }} as account_id,
        {%- endif %}
        user_id,
        loaded_at
    from events
    where {{ plr_is_told('amplitude', 'event_name', own_names) | indent(8) }}
),

-- who is neither a user nor of a group is a device
final as (
    select
        event_id,
        occurred_at,
        event_name,
        account_id,
        user_id,
        loaded_at
    from read
    where user_id is not null or account_id is not null
)

select * from final
