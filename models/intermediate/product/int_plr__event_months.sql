-- long, since all that is kept of plain usage comes out of one reading of raw events
{{ config(materialized='incremental', **plr_by_month()) }}
{%- set by_person = 'not coalesce(is_automated, false)' -%}
{#- What is kept of events: of repeated ones, and of all others. -#}
{%- set measures -%}
        count(*) as event_rows,
        count(case when is_signal then 1 end) as signal_rows,
        min(lo_us) as first_us,
        max(lo_us) as last_us,
        min(case when {{ by_person }} then lo_us end) as first_by_person_us,
        min(case when {{ by_person }} then hi_us end) as first_by_person_hi_us,
        sum(case when is_usage and {{ by_person }} then coalesce(event_count, 1) else 0 end)
            as usage_events,
        max(case when is_usage and {{ by_person }} then 1 else 0 end) as is_active
{%- endset %}
{%- set usage_day -%}
        case
            when is_usage and {{ by_person }} and occurred_at >= first_term_start
                then cast(occurred_at as date)
        end as usage_day
{%- endset %}

with

contract_ids as (
    select * from {{ ref('int_plr__contract_ids') }}
),

-- rows of repeated events were told apart already
copies as (
    select
        events.*,
        {{ plr_event_key_of('events.event_id', 'events.occurred_at') }} as event_key,
        contract_ids.first_term_start
    from {{ ref('int_plr__signal_events') }} as events
    left join contract_ids
        on
            events.account_id = contract_ids.id
            and contract_ids.id_type = 'account'
    where
        events.is_repeated
        and {{ plr_is_in_months('events.event_month', plr_months_of_this_run()) }}
),

copied_keys as (
    select distinct event_key
    from copies
),

account_bounds as (
    {% for bound in ['valid_from', 'valid_to'] -%}
        select
            user_id,
            {{ plr_month_of(bound) }} as event_month
        from {{ ref('int_plr__user_accounts') }}
        where not is_internal
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- months in which a user's account can change
moves as (
    select distinct
        user_id,
        event_month
    from account_bounds
),

single as (
    select
        events.*,
        case when moves.user_id is not null then events.occurred_at end as deciding_at,
        contract_ids.first_term_start
    from {{ ref('int_plr__product_events') }} as events
    left join copied_keys
        on events.event_key = copied_keys.event_key
    left join moves
        on
            case when events.account_id is null then events.user_id end = moves.user_id
            and events.event_month = moves.event_month
    left join contract_ids
        on
            coalesce(events.account_id, events.user_id) = contract_ids.id
            and case when events.account_id is null then 'user' else 'account' end
            = contract_ids.id_type
    where copied_keys.event_key is null and {{ plr_is_to_read('events.occurred_at') }}
),

-- an owner is looked for once a user and month, event by event only where it can change
user_months as (
    select
        event_month,
        account_id,
        user_id,
        row_code,
        deciding_at,
        {{ usage_day }},
        min(occurred_at) as occurred_at,
        {{ measures }}
    from single
    group by 1, 2, 3, 4, 5, 6
),

owned as (
    {{ plr_owned_events('user_months') }}
),

unioned as (
    select
        event_month,
        owner_account_id as account_id,
        unresolved_id,
        reject_code,
        user_id,
        usage_day,
        event_rows,
        signal_rows,
        first_us,
        last_us,
        first_by_person_us,
        first_by_person_hi_us,
        usage_events,
        is_active
    from owned
    union all
    select
        event_month,
        account_id,
        unresolved_id,
        reject_code,
        user_id,
        {{ usage_day }},
        {{ measures }}
    from copies
    group by 1, 2, 3, 4, 5, 6
    union all
    -- a month that lost its last event leaves a row, too, or what stood there would stay
    select distinct
        event_month,
        '(unresolved)' as account_id,
        cast(null as {{ dbt.type_string() }}) as unresolved_id,
        'no_events' as reject_code,
        cast(null as {{ dbt.type_string() }}) as user_id,
        cast(null as date) as usage_day,
        0 as event_rows,
        0 as signal_rows,
        cast(null as bigint) as first_us,
        cast(null as bigint) as last_us,
        cast(null as bigint) as first_by_person_us,
        cast(null as bigint) as first_by_person_hi_us,
        0 as usage_events,
        0 as is_active
    from {{ ref('int_plr__months_to_read') }}
),

final as (
    select
        event_month,
        account_id,
        unresolved_id,
        reject_code,
        cast(null as date) as usage_day,
        cast(null as bigint) as usage_events_of_day,
        cast(sum(event_rows) as bigint) as event_rows,
        cast(sum(signal_rows) as bigint) as signal_rows,
        min(first_us) as first_us,
        max(last_us) as last_us,
        min(first_by_person_us) as first_by_person_us,
        min(first_by_person_hi_us) as first_by_person_hi_us,
        cast(sum(usage_events) as bigint) as usage_events,
        count(distinct case when is_active = 1 then user_id end) as active_users
    from unioned
    group by 1, 2, 3, 4
    union all
    -- rows of a day hold nothing else, so that no sum or count of months meets them
    select
        event_month,
        account_id,
        cast(null as {{ dbt.type_string() }}) as unresolved_id,
        cast(null as {{ dbt.type_string() }}) as reject_code,
        usage_day,
        cast(sum(usage_events) as bigint) as usage_events_of_day,
        0 as event_rows,
        0 as signal_rows,
        cast(null as bigint) as first_us,
        cast(null as bigint) as last_us,
        cast(null as bigint) as first_by_person_us,
        cast(null as bigint) as first_by_person_hi_us,
        0 as usage_events,
        0 as active_users
    from unioned
    where usage_day is not null and reject_code is null
    group by 1, 2, 5
)

select * from final
