select
    touch_id as activity_id,
    customer_id as account_id,
    touch_type as activity_type,
    cast(touch_date as date) as occurred_at,
    'date' as occurred_precision,
    -- the export names a person, not a team: what was done tells which team did it
    case
        when touch_type in ('email', 'call', 'meeting', 'demo') then 'sales'
        when touch_type = 'qbr' then 'csm'
        when touch_type = 'support_ticket' then 'support'
        when touch_type = 'webinar' then 'marketing'
    end as actor_team
from {{ source('export', 'sales_touches') }}
