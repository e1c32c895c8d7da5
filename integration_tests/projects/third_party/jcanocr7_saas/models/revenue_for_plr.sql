select
    subscription_id as subscription_period_id,
    customer_id as account_id,
    -- a customer has one plan at a time, so all its plans are one subscription
    customer_id as subscription_id,
    cast(start_date as date) as valid_from,
    -- the export's last day is inclusive, the contract's end is not; its status is not asked
    cast(end_date as date) + 1 as valid_to,
    cast(mrr as decimal(28, 6)) as mrr,
    'USD' as currency
from {{ source('export', 'subscriptions') }}
