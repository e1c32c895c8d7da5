select
    cast(null as text) as subscription_period_id,
    cast(null as text) as account_id,
    cast(null as text) as subscription_id,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to,
    cast(null as numeric(28, 6)) as mrr,
    cast(null as text) as currency,
    cast(null as int) as seats,
    cast(null as numeric(28, 6)) as list_mrr,
    cast(null as boolean) as is_trial
where 1 = 0
