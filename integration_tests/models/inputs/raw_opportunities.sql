select
    cast(null as text) as opportunity_id,
    cast(null as text) as account_id,
    cast(null as text) as opportunity_type,
    cast(null as timestamp) as created_at,
    cast(null as timestamp) as closed_at,
    cast(null as boolean) as is_closed,
    cast(null as boolean) as is_won,
    cast(null as text) as created_by_team,
    cast(null as numeric(28, 6)) as amount_mrr,
    cast(null as text) as currency
where 1 = 0
