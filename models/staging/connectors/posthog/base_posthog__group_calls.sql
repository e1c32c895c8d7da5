-- which company a user or a server says that it is of; a table, or each reader searched all events
{{ config(
    materialized='table',
    enabled=plr_uses('posthog', 'plr_input_accounts') or plr_uses('posthog', 'plr_input_users')
) }}
{%- set group_type = var('plr_connector_account_fields').get('posthog', '$group_0') %}
{%- set is_of_type = '1 = 1' if group_type.startswith('$group_')
    else plr_json_text('properties', '$group_type') ~ " = '" ~ group_type ~ "'" %}
{%- set segment_field = var('plr_connector_segment_fields').get('posthog') %}

with

events as (
    {{ plr_vendor('posthog', 'events', {
        'call_id': ['text!', 'uuid'],
        'called_at': ['timestamp!', 'timestamp'],
        'event_name': ['text!', 'event'],
        'distinct_id': 'text!',
        'properties': 'text!',
    }) }}
),

read as (
    select
        call_id,
        called_at,
        {{ plr_json_text('properties', '$group_key') }} as account_id,
        {{ plr_json_text('properties', ['$group_set', 'name']) }} as account_name,
        {{ plr_json_text('properties', ['$group_set', segment_field]) if segment_field
            else dbt.cast('null', dbt.type_string()) }} as segment,
        coalesce(
            {{ plr_json_text('properties', ['$group_set', 'website']) }},
            {{ plr_json_text('properties', ['$group_set', 'domain']) }},
            {{ plr_json_text('properties', ['$group_set', 'email']) }}
        ) as email_or_website,
        case
            when {{ plr_json_text('properties', '$is_identified') }} = 'true' then distinct_id
        end as user_id
    from events
    where
        event_name = '$groupidentify'
        and {{ is_of_type }}
),

final as (
    select * from read
    where account_id is not null
)

select * from final
