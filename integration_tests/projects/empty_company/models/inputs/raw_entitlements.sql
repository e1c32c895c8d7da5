select
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as {{ dbt.type_string() }}) as metric,
    cast(null as numeric(28, 6)) as limit_quantity,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to
where 1 = 0
