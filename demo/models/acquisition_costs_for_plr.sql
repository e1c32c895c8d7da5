select
    cast(month || '-01' as date) as month,
    case
        when category in ('Sales payroll', 'Commissions', 'SDR payroll and tools') then 'sales'
        when category in ('Partner fees', 'Referral fees') then 'other'
        when
            category in (
                'Growth team payroll', 'Template authors', 'Integration partners', 'Invite credits'
            )
            then 'product_growth'
        else 'marketing'
    end as cost_type,
    case
        when program in ('PLG', 'Product-led') then 'product_led'
        when program in ('Sales', 'Sales-led') then 'sales_led'
        else 'shared'
    end as spent_on,
    lower(replace(channel, ' ', '_')) as acquisition_channel,
    amount,
    currency
from {{ source('kestrel', 'acquisition_costs') }}
