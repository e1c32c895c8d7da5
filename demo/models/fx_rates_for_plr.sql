select
    cast(month || '-01' as date) as month,
    currency,
    usd_per_unit as rate
from {{ source('kestrel', 'fx_rates') }}
