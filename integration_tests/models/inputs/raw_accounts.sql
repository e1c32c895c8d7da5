select
    cast(null as text) as account_id,
    cast(null as text) as account_name,
    cast(null as text) as parent_account_id,
    cast(null as text) as merged_into_account_id,
    cast(null as text) as segment,
    cast(null as text) as acquisition_channel,
    cast(null as timestamp) as signed_up_at,
    cast(null as timestamp) as created_at,
    cast(null as boolean) as is_internal
where 1 = 0
