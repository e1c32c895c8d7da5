-- long, since each kind has a table of its own: calls, mails, meetings and messages; a note is no
-- contact, and a task a plan that makes one of these
{{ config(enabled=plr_uses('hubspot', 'plr_input_crm_activities')) }}
{%- set plausible_from = "cast('2000-01-01' as " ~ dbt.type_timestamp() ~ ')' %}
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
{%- set no_time = 'cast(null as ' ~ dbt.type_timestamp() ~ ')' %}
{%- set no_number = 'cast(null as ' ~ dbt.type_numeric() ~ ')' %}

with

calls as (
    {{ plr_vendor('hubspot', 'engagement_call', {
        'engagement_id': 'id!',
        'owner_id': ['id', 'property_hubspot_owner_id'],
        'team_id': ['id', 'property_hubspot_team_id'],
        'noted_at': ['timestamp', 'property_hs_timestamp'],
        'created_at': ['timestamp', 'property_hs_createdate'],
        'direction': ['text', 'property_hs_call_direction'],
        'milliseconds': ['number', 'property_hs_call_duration'],
        'is_deleted': ['boolean', '_fivetran_deleted'],
    }, is_optional=true) }}
),

emails as (
    {{ plr_vendor('hubspot', 'engagement_email', {
        'engagement_id': 'id!',
        'owner_id': ['id', 'property_hubspot_owner_id'],
        'team_id': ['id', 'property_hubspot_team_id'],
        'noted_at': ['timestamp', 'property_hs_timestamp'],
        'created_at': ['timestamp', 'property_hs_createdate'],
        'direction': ['text', 'property_hs_email_direction'],
        'sequence_id': ['id', 'property_hs_sequence_id'],
        'is_deleted': ['boolean', '_fivetran_deleted'],
    }, is_optional=true) }}
),

-- older loads have the names without property_hs_, besides
meetings as (
    {{ plr_vendor('hubspot', 'engagement_meeting', {
        'engagement_id': 'id!',
        'owner_id': ['id', 'property_hubspot_owner_id'],
        'team_id': ['id', 'property_hubspot_team_id'],
        'noted_at': ['timestamp', 'property_hs_timestamp'],
        'created_at': ['timestamp', 'property_hs_createdate'],
        'start_time': ['timestamp', 'property_hs_meeting_start_time'],
        'end_time': ['timestamp', 'property_hs_meeting_end_time'],
        'outcome': ['text', 'property_hs_meeting_outcome'],
        'old_start_time': ['timestamp', 'start_time'],
        'old_end_time': ['timestamp', 'end_time'],
        'old_outcome': ['text', 'meeting_outcome'],
        'is_deleted': ['boolean', '_fivetran_deleted'],
    }, is_optional=true) }}
),

messages as (
    {{ plr_vendor('hubspot', 'engagement_communication', {
        'engagement_id': 'id!',
        'owner_id': ['id', 'property_hubspot_owner_id'],
        'team_id': ['id', 'property_hubspot_team_id'],
        'noted_at': ['timestamp', 'property_hs_timestamp'],
        'created_at': ['timestamp', 'property_hs_createdate'],
        'channel': ['text', 'property_hs_communication_channel_type'],
        'is_deleted': ['boolean', '_fivetran_deleted'],
    }, is_optional=true) }}
),

united as (
    select
        engagement_id,
        owner_id,
        team_id,
        'call' as type,
        lower(direction) as direction,
        {{ no_text }} as sequence_id,
        {{ no_text }} as outcome,
        {{ no_time }} as started_at,
        {{ no_time }} as ended_at,
        noted_at,
        created_at,
        milliseconds
    from calls
    where not coalesce(is_deleted, false)
    union all
    select
        engagement_id,
        owner_id,
        team_id,
        'email' as type,
        case lower(direction)
            when 'email' then 'outbound'
            when 'incoming_email' then 'inbound'
            when 'forwarded_email' then null
            else lower(direction)
        end as direction,
        sequence_id,
        {{ no_text }} as outcome,
        {{ no_time }} as started_at,
        {{ no_time }} as ended_at,
        noted_at,
        created_at,
        {{ no_number }} as milliseconds
    from emails
    where not coalesce(is_deleted, false)
    union all
    select
        engagement_id,
        owner_id,
        team_id,
        'meeting' as type,
        {{ no_text }} as direction,
        {{ no_text }} as sequence_id,
        lower(coalesce(nullif(trim(outcome), ''), nullif(trim(old_outcome), ''))) as outcome,
        coalesce(start_time, old_start_time) as started_at,
        coalesce(end_time, old_end_time) as ended_at,
        noted_at,
        created_at,
        {{ no_number }} as milliseconds
    from meetings
    where not coalesce(is_deleted, false)
    union all
    select
        engagement_id,
        owner_id,
        team_id,
        lower(coalesce(nullif(trim(channel), ''), 'communication')) as type,
        {{ no_text }} as direction,
        {{ no_text }} as sequence_id,
        {{ no_text }} as outcome,
        {{ no_time }} as started_at,
        {{ no_time }} as ended_at,
        noted_at,
        created_at,
        {{ no_number }} as milliseconds
    from messages
    where not coalesce(is_deleted, false)
),

-- a start in 1970 is seconds read as milliseconds: then the next time that can be
timed as (
    select
        *,
        case
            when started_at >= {{ plausible_from }} then started_at
            when noted_at >= {{ plausible_from }} then noted_at
            when created_at >= {{ plausible_from }} then created_at
            else coalesce(started_at, noted_at, created_at)
        end as occurred_at
    from united
),

-- outcomes are seldom kept: what is past and not said to have failed was held
final as (
    select
        engagement_id,
        owner_id,
        team_id,
        type,
        direction,
        sequence_id is not null as is_in_sequence,
        case
            when outcome in ('canceled', 'rescheduled') then 'canceled'
            when outcome = 'no_show' then 'no_show'
            when {{ plr_is_after_as_of('occurred_at') }} then 'scheduled'
            when outcome is null or outcome = 'scheduled' then 'completed'
            else outcome
        end as status,
        occurred_at,
        created_at,
        case
            when milliseconds is not null then cast(milliseconds / 60000 as int)
            when started_at >= {{ plausible_from }} and ended_at >= started_at
                then {{ dbt.datediff('started_at', 'ended_at', 'minute') }}
        end as duration_minutes
    from timed
)

select * from final
