select
    cast(null as text) as event_id,
    cast(null as timestamp) as occurred_at,
    cast(null as text) as event_name,
    cast(null as text) as account_id,
    cast(null as text) as user_id,
    cast(null as int) as event_count,
    cast(null as text) as occurred_precision,
    cast(null as boolean) as is_automated,
    cast(null as timestamp) as loaded_at
where 1 = 0
