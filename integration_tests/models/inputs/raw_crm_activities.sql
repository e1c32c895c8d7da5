select
    cast(null as text) as activity_id,
    cast(null as text) as account_id,
    cast(null as text) as opportunity_id,
    cast(null as text) as activity_type,
    cast(null as text) as direction,
    cast(null as timestamp) as occurred_at,
    cast(null as text) as occurred_precision,
    cast(null as timestamp) as created_at,
    cast(null as text) as actor_team,
    cast(null as text) as purpose,
    cast(null as boolean) as is_automated,
    cast(null as int) as duration_minutes,
    cast(null as text) as status
where 1 = 0
