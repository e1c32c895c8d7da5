select
    member_id as user_id,
    workspace_id as account_id,
    joined_at as valid_from,
    left_at as valid_to,
    email_domain = 'kestrel.example' as is_internal
from {{ source('kestrel', 'users') }}
