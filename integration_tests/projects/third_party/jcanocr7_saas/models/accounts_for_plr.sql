select
    customer_id as account_id,
    company_name as account_name,
    industry as segment,
    acquisition_channel,
    cast(signup_date as date) as signed_up_at
from {{ source('export', 'customers') }}
