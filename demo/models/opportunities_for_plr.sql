select
    id as opportunity_id,
    account_ref as account_id,
    case deal_type
        when 'New Business' then 'new_business'
        when 'Upsell' then 'expansion'
        when 'Renewal' then 'renewal'
        when 'Win-back' then 'reactivation'
    end as opportunity_type,
    cast(created_at as timestamp) as created_at,
    cast(close_date as timestamp) as closed_at,
    stage in ('Closed Won', 'Closed Lost') as is_closed,
    stage = 'Closed Won' as is_won,
    case created_by_team
        when 'SDR' then 'sdr'
        when 'Account Management' then 'am'
        else 'sales'
    end as created_by_team,
    cast(yearly_amount / 12 as decimal(28, 6)) as amount_mrr,
    upper(currency) as currency
from {{ source('kestrel', 'opportunities') }}
