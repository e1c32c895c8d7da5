{{ config(materialized='view') }}

with

events as (
    select * from {{ ref('stg_plr__product_events') }}
    {{ plr_where_to_read() }}
),

event_names as (
    select * from {{ ref('int_plr__event_names') }}
),

unlisted as (
    select * from event_names
    where event_name = '(unlisted)'
),

final as (
    select
        coalesce({{ plr_month_of('events.occurred_at') }}, cast('1900-01-01' as date))
            as event_month,
        case when events.row_code is null then {{ plr_event_key() }} end as event_key,
        events.*,
        coalesce(owners.survivor_account_id, '(unresolved)') as found_account_id,
        case
            when owners.survivor_account_id is null then coalesce(events.account_id, events.user_id)
        end as unresolved_id,
        {{ plr_lo_us('events.occurred_at', "events.occurred_precision = 'date'") | indent(8) }}
            as lo_us,
        {{ plr_hi_us('events.occurred_at', "events.occurred_precision = 'date'") | indent(8) }}
            as hi_us,
        coalesce(event_names.is_signal, unlisted.is_signal) as is_signal,
        coalesce(event_names.is_usage, unlisted.is_usage) as is_usage,
        case
            when users.is_internal then 'internal'
            when events.row_code is not null then events.row_code
            when events.account_id is not null and owners.account_id is null
                then 'unmapped_account'
            when events.account_id is null and users.user_id is null then 'unmapped_user'
            when events.account_id is null and users.account_id is null then 'ambiguous_user'
            when owners.is_internal then 'internal'
        end as reject_code
    from events
    cross join unlisted
    left join event_names
        on events.event_name = event_names.event_name
    left join {{ ref('int_plr__user_accounts') }} as users
        on
            events.user_id = users.user_id
            and (
                users.is_internal
                or (events.occurred_at >= users.valid_from and events.occurred_at < users.valid_to)
            )
    left join {{ ref('stg_plr__accounts') }} as owners
        on
            coalesce(events.account_id, users.account_id) = owners.account_id
            and owners.is_known
)

select * from final
