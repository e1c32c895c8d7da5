select
    version_id as subscription_period_id,
    customer_id as account_id,
    item_id as subscription_id,
    first_day as valid_from,
    -- billing's last day is inclusive, the contract's valid_to is not
    last_day + 1 as valid_to,
    cast(amount / interval_months as decimal(28, 6)) as mrr,
    upper(currency) as currency,
    quantity as seats,
    cast(list_amount / interval_months as decimal(28, 6)) as list_mrr,
    status = 'trialing' as is_trial
from {{ source('kestrel', 'revenue') }}
