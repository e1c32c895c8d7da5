select
    cast(null as text) as account_id,
    cast(null as text) as metric,
    cast(null as numeric(28, 6)) as limit_quantity,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to
where 1 = 0
