{{ config(materialized='incremental', **plr_by_month()) }}

with

-- rows of repeated events were told apart already
copies as (
    select
        *,
        {{ plr_event_key() }} as event_key
    from {{ ref('int_plr__signal_events') }}
    where is_repeated and {{ plr_is_in_months('event_month', plr_months_to_read()) }}
),

copied_keys as (
    select distinct event_key
    from copies
),

single as (
    select events.*
    from {{ ref('int_plr__product_events') }} as events
    left join copied_keys
        on events.event_key = copied_keys.event_key
    where copied_keys.event_key is null
),

owned as (
    {{ plr_owned_events('single') }}
),

events as (
    select
        event_month,
        owner_account_id as account_id,
        unresolved_id,
        reject_code,
        user_id,
        lo_us,
        hi_us,
        coalesce(event_count, 1) as event_count,
        coalesce(is_automated, false) as is_automated,
        is_signal,
        is_usage
    from owned
    union all
    select
        event_month,
        account_id,
        unresolved_id,
        reject_code,
        user_id,
        lo_us,
        hi_us,
        event_count,
        is_automated,
        is_signal,
        is_usage
    from copies
),

-- a month that lost its last event leaves a row, too, or what stood there would stay
final as (
    select
        event_month,
        account_id,
        unresolved_id,
        reject_code,
        count(*) as event_rows,
        sum(case when is_signal then 1 else 0 end) as signal_rows,
        min(lo_us) as first_us,
        max(lo_us) as last_us,
        min(case when not is_automated then lo_us end) as first_by_person_us,
        min(case when not is_automated then hi_us end) as first_by_person_hi_us,
        sum(case when is_usage and not is_automated then event_count else 0 end) as usage_events,
        count(distinct case when is_usage and not is_automated then user_id end) as active_users
    from events
    group by 1, 2, 3, 4
    union all
    select distinct
        event_month,
        '(unresolved)' as account_id,
        cast(null as {{ dbt.type_string() }}) as unresolved_id,
        'no_events' as reject_code,
        0 as event_rows,
        0 as signal_rows,
        cast(null as bigint) as first_us,
        cast(null as bigint) as last_us,
        cast(null as bigint) as first_by_person_us,
        cast(null as bigint) as first_by_person_hi_us,
        0 as usage_events,
        0 as active_users
    from {{ ref('int_plr__months_to_read') }}
)

select * from final
