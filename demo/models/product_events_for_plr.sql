select
    event_uuid as event_id,
    ts as occurred_at,
    event as event_name,
    workspace_id as account_id,
    member_id as user_id,
    quantity as event_count,
    -- views arrive as one row per member and day
    case when grain = 'day' then 'date' else 'timestamp' end as occurred_precision,
    source = 'scheduler' as is_automated
from {{ source('kestrel', 'product_events') }}
