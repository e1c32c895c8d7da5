select
    cast(null as {{ dbt.type_string() }}) as event_id,
    cast(null as timestamp) as occurred_at,
    cast(null as {{ dbt.type_string() }}) as event_name,
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as {{ dbt.type_string() }}) as user_id,
    cast(null as int) as event_count,
    cast(null as {{ dbt.type_string() }}) as occurred_precision,
    cast(null as boolean) as is_automated,
    cast(null as timestamp) as loaded_at
where 1 = 0
