select
    cast(null as {{ dbt.type_string() }}) as opportunity_id,
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as {{ dbt.type_string() }}) as opportunity_type,
    cast(null as timestamp) as created_at,
    cast(null as timestamp) as closed_at,
    cast(null as boolean) as is_closed,
    cast(null as boolean) as is_won,
    cast(null as {{ dbt.type_string() }}) as created_by_team,
    cast(null as numeric(28, 6)) as amount_mrr,
    cast(null as {{ dbt.type_string() }}) as currency
where 1 = 0
