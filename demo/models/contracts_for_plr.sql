select
    contract_no as contract_id,
    account_ref as account_id,
    item_id as subscription_id,
    replaces as previous_contract_id,
    first_day as term_start,
    last_day + 1 as term_end,
    cast(yearly_amount / 12 as decimal(28, 6)) as contract_mrr,
    upper(currency) as currency,
    cast(discount_percent / 100 as decimal(28, 6)) as discount_share,
    cast(signed_on as timestamp) as signed_at,
    auto_renews = 'Y' as auto_renew
from {{ source('kestrel', 'contracts') }}
