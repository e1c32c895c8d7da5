-- a view: raw events are read by two incremental models, and counted to find late ones
with

input as (
    {{ plr_input('product_events', 'plr_input_product_events') }}
),

final as (
    select
        event_id,
        occurred_at,
        event_name,
        account_id,
        user_id,
        event_count,
        occurred_precision,
        is_automated,
        loaded_at,
        case
            when
                event_id is null
                or event_name is null
                or event_count < 1
                or (account_id is null and user_id is null)
                then 'null_key'
            when occurred_at is null then 'null_time'
            when {{ plr_is_after_as_of('occurred_at') }} then 'future_dated'
        end as row_code
    from input
)

select * from final
