select
    event_id,
    cast(event_date as date) as occurred_at,
    'date' as occurred_precision,
    event_type as event_name,
    customer_id as account_id,
    cast(event_count as int) as event_count
from {{ source('export', 'usage_events') }}
