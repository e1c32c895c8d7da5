select
    cast(null as date) as month,
    cast(null as {{ dbt.type_string() }}) as cost_type,
    cast(null as {{ dbt.type_string() }}) as spent_on,
    cast(null as {{ dbt.type_string() }}) as acquisition_channel,
    cast(null as numeric(28, 6)) as amount,
    cast(null as {{ dbt.type_string() }}) as currency
where 1 = 0
