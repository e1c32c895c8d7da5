select
    cast(null as date) as month,
    cast(null as numeric(28, 6)) as headcount_fte,
    cast(null as numeric(28, 6)) as cogs,
    cast(null as numeric(28, 6)) as recognized_revenue
where 1 = 0
