select
    cast(null as {{ dbt.type_string() }}) as contract_id,
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as {{ dbt.type_string() }}) as subscription_id,
    cast(null as {{ dbt.type_string() }}) as previous_contract_id,
    cast(null as date) as term_start,
    cast(null as date) as term_end,
    cast(null as numeric(28, 6)) as contract_mrr,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(null as numeric(28, 6)) as discount_share,
    cast(null as timestamp) as signed_at,
    cast(null as boolean) as auto_renew
where 1 = 0
