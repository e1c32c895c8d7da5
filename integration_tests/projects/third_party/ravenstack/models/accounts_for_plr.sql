select
    account_id,
    account_name,
    industry as segment,
    referral_source as acquisition_channel,
    strptime(signup_date, '%d-%m-%Y') as signed_up_at
from {{ source('export', 'accounts') }}
