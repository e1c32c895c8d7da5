-- everything but looking in is value
select distinct
    event_type as event_name,
    'value' as role
from {{ source('export', 'usage_events') }}
where event_type not in ('login', 'dashboard_view')
