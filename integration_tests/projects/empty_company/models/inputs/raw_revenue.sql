select
    cast(null as {{ dbt.type_string() }}) as subscription_period_id,
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as {{ dbt.type_string() }}) as subscription_id,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to,
    cast(null as numeric(28, 6)) as mrr,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(null as int) as seats,
    cast(null as numeric(28, 6)) as list_mrr,
    cast(null as boolean) as is_trial
where 1 = 0
