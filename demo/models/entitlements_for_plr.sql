select
    workspace_id as account_id,
    feature as metric,
    quota as limit_quantity,
    first_day as valid_from,
    last_day + 1 as valid_to
from {{ source('kestrel', 'entitlements') }}
