select
    cast(null as date) as month,
    cast(null as text) as currency,
    cast(null as numeric(28, 12)) as rate
where 1 = 0
