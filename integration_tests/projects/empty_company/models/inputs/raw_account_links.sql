select
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as {{ dbt.type_string() }}) as same_as_account_id,
    cast(null as {{ dbt.type_string() }}) as matched_by
where 1 = 0
