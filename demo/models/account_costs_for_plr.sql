select
    account_ref as account_id,
    cast(month || '-01' as date) as month,
    category as cost_type,
    usd as amount,
    'USD' as currency
from {{ source('kestrel', 'account_costs') }}
