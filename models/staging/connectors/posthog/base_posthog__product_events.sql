-- a view that keeps `timestamp` bare, so that the months to read reach the raw table
{{ config(enabled=plr_uses('posthog', 'plr_input_product_events')) }}
{%- set field = var('plr_connector_account_fields').get('posthog', '$group_0') %}

with

events as (
    {{ plr_vendor('posthog', 'events', {
        'event_id': ['text!', 'uuid'],
        'occurred_at': ['timestamp!', 'timestamp'],
        'event_name': ['text!', 'event'],
        'distinct_id': 'text!',
        'properties': 'text!',
        'loaded_at': ['timestamp', 'created_at', '_inserted_at', 'bq_ingested_timestamp'],
    }) }}
),

-- until it is identified, a distinct id is a device's
read as (
    select
        event_id,
        occurred_at,
        event_name,
        coalesce(
            {{ plr_json_text('properties', ['$groups', field]) }},
            {{ plr_json_text('properties', field) }}
        ) as account_id,
        case
            when
                {{ plr_json_text('properties', '$is_identified') }} = 'false'
                or {{ plr_json_text('properties', '$process_person_profile') }} = 'false'
                then null
            else distinct_id
        end as user_id,
        loaded_at
    from events
    where {{ plr_is_told('posthog', 'event_name', ['$%']) | indent(8) }}
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
    from read
    where user_id is not null or account_id is not null
)

select * from final
