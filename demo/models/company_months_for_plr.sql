select
    cast(month || '-01' as date) as month,
    staff as headcount_fte,
    recognised_usd as recognized_revenue
from {{ source('kestrel', 'company_months') }}
