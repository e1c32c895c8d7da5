{{ config(enabled=var('plr_find_value_events'), tags=['plr_setup']) }}
{%- set longest = plr_var('plr_value_event_windows') | max %}

-- raw events are read once more, and only when somebody asks which of them are value
with

first_events as (
    select
        account_id,
        min(first_by_person_us) as first_us
    from {{ ref('int_plr__event_months') }}
    where reject_code is null
    group by 1
),

-- rows of repeated events were told apart already
copies as (
    select *
    from {{ ref('int_plr__signal_events') }}
    where is_repeated
),

copied_keys as (
    select distinct {{ plr_event_key_of('event_id', 'occurred_at') }} as event_key
    from copies
),

single as (
    select events.*
    from {{ ref('int_plr__product_events') }} as events
    left join copied_keys
        on events.event_key = copied_keys.event_key
    where
        copied_keys.event_key is null
        and events.row_code is null
        and not coalesce(events.is_automated, false)
),

owned as (
    {{ plr_owned_events('single') }}
),

unioned as (
    select
        owner_account_id as account_id,
        event_name,
        lo_us,
        hi_us,
        coalesce(event_count, 1) as event_count
    from owned
    where reject_code is null
    union all
    select
        account_id,
        event_name,
        lo_us,
        hi_us,
        event_count
    from copies
    where reject_code is null and not is_automated
),

final as (
    select
        unioned.account_id,
        unioned.event_name,
        first_events.first_us,
        unioned.lo_us,
        unioned.hi_us,
        cast(sum(unioned.event_count) as bigint) as event_count
    from unioned
    inner join first_events
        on
            unioned.account_id = first_events.account_id
            and unioned.lo_us < first_events.first_us + {{ plr_days_us(longest) }}
    group by 1, 2, 3, 4, 5
)

select * from final
