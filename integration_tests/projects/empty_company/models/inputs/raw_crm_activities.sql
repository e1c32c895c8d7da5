select
    cast(null as {{ dbt.type_string() }}) as activity_id,
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as {{ dbt.type_string() }}) as opportunity_id,
    cast(null as {{ dbt.type_string() }}) as activity_type,
    cast(null as {{ dbt.type_string() }}) as direction,
    cast(null as timestamp) as occurred_at,
    cast(null as {{ dbt.type_string() }}) as occurred_precision,
    cast(null as timestamp) as created_at,
    cast(null as {{ dbt.type_string() }}) as actor_team,
    cast(null as {{ dbt.type_string() }}) as purpose,
    cast(null as boolean) as is_automated,
    cast(null as int) as duration_minutes,
    cast(null as {{ dbt.type_string() }}) as status
where 1 = 0
