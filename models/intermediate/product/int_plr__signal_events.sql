-- kept event by event: signals, and every row of what came more than once
{{ config(materialized='incremental', **plr_by_month()) }}

with

repeated as (
    select event_key
    from {{ ref('int_plr__product_events') }}
    where {{ plr_is_to_read('occurred_at') }}
    group by 1
    having count(*) > 1 {{- ' and 1 = 0' if var('plr_events_are_unique') }}
),

kept as (
    select
        events.*,
        repeated.event_key is not null as is_repeated
    from {{ ref('int_plr__product_events') }} as events
    left join repeated
        on events.event_key = repeated.event_key
    where
        {{ plr_is_to_read('events.occurred_at') }}
        and (events.is_signal or repeated.event_key is not null)
),

owned as (
    {{ plr_owned_events('kept') }}
),

-- of the rows of one event the latest is kept; rejected ones do not compete
numbered as (
    select
        *,
        row_number() over (
            partition by event_id, occurred_at, owner_account_id, reject_code
            order by {{ plr_latest_first('product_events', 'loaded_at') }}
        ) as copy_number
    from owned
    where is_repeated
),

told_apart as (
    select * from numbered
    union all
    select
        *,
        1 as copy_number
    from owned
    where not is_repeated
),

-- a month that lost its last signal leaves a row, too, or what stood there would stay
final as (
    select
        event_month,
        event_id,
        owner_account_id as account_id,
        unresolved_id,
        user_id,
        event_name,
        occurred_at,
        lo_us,
        hi_us,
        coalesce(event_count, 1) as event_count,
        coalesce(is_automated, false) as is_automated,
        is_signal,
        is_usage,
        is_repeated,
        case
            when reject_code is null and copy_number > 1 then 'duplicate_key'
            else reject_code
        end as reject_code
    from told_apart
    union all
    select distinct
        event_month,
        cast(null as {{ dbt.type_string() }}) as event_id,
        cast(null as {{ dbt.type_string() }}) as account_id,
        cast(null as {{ dbt.type_string() }}) as unresolved_id,
        cast(null as {{ dbt.type_string() }}) as user_id,
        cast(null as {{ dbt.type_string() }}) as event_name,
        cast(null as {{ dbt.type_timestamp() }}) as occurred_at,
        cast(null as bigint) as lo_us,
        cast(null as bigint) as hi_us,
        0 as event_count,
        false as is_automated,
        false as is_signal,
        false as is_usage,
        false as is_repeated,
        cast(null as {{ dbt.type_string() }}) as reject_code
    from {{ ref('int_plr__months_to_read') }}
)

select * from final
