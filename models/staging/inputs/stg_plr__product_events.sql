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
                then 'null_key'
            when occurred_at is null then 'null_time'
            when occurred_at < {{ plr_earliest('timestamp') }} then 'implausible_time'
            when event_count >= {{ plr_too_much('int') }} then 'implausible_amount'
            when {{ plr_is_after_as_of('occurred_at') }} then 'future_dated'
            when account_id is null and user_id is null then 'anonymous_event'
        end as row_code
    from input
)

select * from final
