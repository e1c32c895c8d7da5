select
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as {{ dbt.type_string() }}) as account_name,
    cast(null as {{ dbt.type_string() }}) as parent_account_id,
    cast(null as {{ dbt.type_string() }}) as merged_into_account_id,
    cast(null as {{ dbt.type_string() }}) as segment,
    cast(null as {{ dbt.type_string() }}) as acquisition_channel,
    cast(null as timestamp) as signed_up_at,
    cast(null as timestamp) as created_at,
    cast(null as boolean) as is_internal
where 1 = 0
