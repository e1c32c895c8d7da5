-- every feature used is value
select distinct
    feature_name as event_name,
    'value' as role
from {{ source('export', 'feature_usage') }}
