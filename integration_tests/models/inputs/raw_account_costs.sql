select
    cast(null as text) as account_id,
    cast(null as date) as month,
    cast(null as text) as cost_type,
    cast(null as numeric(28, 6)) as amount,
    cast(null as text) as currency
where 1 = 0
