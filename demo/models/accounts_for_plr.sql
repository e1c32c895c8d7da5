select
    workspace_id as account_id,
    name as account_name,
    parent_workspace_id as parent_account_id,
    merged_into as merged_into_account_id,
    case size_band
        when 'SMB' then 'smb'
        when 'Mid-Market' then 'mid_market'
        when 'Enterprise' then 'enterprise'
    end as segment,
    source as acquisition_channel,
    signed_up as signed_up_at,
    created as created_at,
    kind = 'internal' as is_internal
from {{ source('kestrel', 'accounts') }}
