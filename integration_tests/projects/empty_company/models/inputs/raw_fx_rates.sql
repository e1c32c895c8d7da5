select
    cast(null as date) as month,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(null as numeric(28, 12)) as rate
where 1 = 0
