-- a view that keeps `time` bare, so that the months to read reach the raw table
{{ config(enabled=plr_uses('mixpanel', 'plr_input_product_events')) }}
{%- set field = var('plr_connector_account_fields').get('mixpanel') %}
{%- set offset = plr_var('plr_connector_utc_offset_minutes').get('mixpanel', 0) | int %}
{%- set in_utc = dbt.cast(dbt.dateadd('minute', -offset, 'told_at'), dbt.type_timestamp())
    if offset else 'told_at' %}

with

events as (
    {{ plr_vendor('mixpanel', 'event', {
        'insert_id': 'text',
        'loaders_id': ['text', '_fivetran_id', 'event_id'],
        'told_at': ['timestamp!', 'time'],
        'event_name': ['text!', 'name'],
        'distinct_id': 'text!',
        'device_id': 'text',
        'told_user_id': ['text', 'user_id'],
        'properties': 'text!',
        'loaded_at': ['timestamp', '_fivetran_synced'],
    }) }}
),

-- whose id nobody told has a device's for a distinct id
read as (
    select
        coalesce(nullif(insert_id, ''), loaders_id) as event_id,
        {{ in_utc }} as occurred_at,
        event_name,
        {% if field -%}
            nullif(coalesce(
                {{ plr_json_text('properties', [field, 0]) }},
                {{ plr_json_text('properties', field) }}
            ), '[]') as account_id,
        {%- else -%}
            {{ dbt.cast('null', dbt.type_string()) }} as account_id,
        {%- endif %}
        coalesce(
            nullif(told_user_id, ''),
            {{ plr_json_text('properties', '$user_id') }},
            {{ plr_json_text('properties', 'user_id') }},
            case
                when distinct_id not like '$device:%' and distinct_id <> coalesce(device_id, '')
                    then distinct_id
            end
        ) as user_id,
        loaded_at
    from events
    where {{ plr_is_told('mixpanel', 'event_name', ['$%']) | indent(8) }}
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
