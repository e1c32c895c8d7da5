-- a view that keeps `collector_tstamp` bare, so that the months to read reach the raw table
{{ config(enabled=plr_uses('snowplow', 'plr_input_product_events')) }}
{%- set told = var('plr_connector_account_fields').get('snowplow', '') %}
{%- set field, _, key = told.partition('.') %}
{%- set own_names = ['page_ping', 'page_view', 'screen_view'] %}

with

events as (
    {{ plr_vendor('snowplow', 'events', {
        'event_id': 'text!',
        'occurred_at': ['timestamp!', 'collector_tstamp'],
        'event_kind': ['text', 'event'],
        'told_name': ['text!', 'event_name'],
        'se_category': 'text',
        'se_action': 'text',
        'user_id': 'text!',
        'entity': ['text', field],
        'loaded_at': ['timestamp', 'load_tstamp'],
    }) }}
),

-- structured events share one name and differ by category and action
read as (
    select
        event_id,
        occurred_at,
        case
            when event_kind = 'struct' and se_action is not null
                then {{ dbt.concat(["coalesce(se_category, '')", "':'", 'se_action']) }}
            else told_name
        end as event_name,
        {% if key -%}
            coalesce(
                {{ plr_json_text('entity', [0, key]) }},
                {{ plr_json_text('entity', key) }}
            ) as account_id,
        {%- else -%}
            entity as account_id,
        {%- endif %}
        user_id,
        loaded_at
    from events
),

-- who is neither a user nor of an account is a cookie
final as (
    select
        event_id,
        occurred_at,
        event_name,
        account_id,
        user_id,
        loaded_at
    from read
    where
        {{ plr_is_told('snowplow', 'event_name', own_names) | indent(8) }}
        and (user_id is not null or account_id is not null)
)

select * from final
