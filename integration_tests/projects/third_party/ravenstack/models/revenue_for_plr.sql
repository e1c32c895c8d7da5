select
    subscription_id as subscription_period_id,
    account_id,
    subscription_id,
    strptime(start_date, '%d-%m-%Y') as valid_from,
    -- the export's last day is inclusive, the contract's end is not
    cast(strptime(end_date, '%d-%m-%Y') as date) + 1 as valid_to,
    cast(mrr_amount as decimal(28, 6)) as mrr,
    'USD' as currency,
    cast(seats as int) as seats,
    cast(is_trial as boolean) as is_trial
from {{ source('export', 'subscriptions') }}
