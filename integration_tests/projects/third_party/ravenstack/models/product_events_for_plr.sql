-- usage names a subscription; the subscription names the account
select
    used.usage_id as event_id,
    strptime(used.usage_date, '%d-%m-%Y') as occurred_at,
    'date' as occurred_precision,
    used.feature_name as event_name,
    subscriptions.account_id,
    cast(used.usage_count as int) as event_count
from {{ source('export', 'feature_usage') }} as used
left join {{ source('export', 'subscriptions') }} as subscriptions
    on used.subscription_id = subscriptions.subscription_id
