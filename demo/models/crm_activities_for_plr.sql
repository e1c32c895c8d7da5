select
    id as activity_id,
    account_ref as account_id,
    deal_ref as opportunity_id,
    lower(kind) as activity_type,
    lower(direction) as direction,
    cast(activity_at as timestamp) as occurred_at,
    -- bare dates say so; the package itself takes midnight stamps for bare dates
    case when length(activity_at) = 10 then 'date' end as occurred_precision,
    cast(logged_at as timestamp) as created_at,
    case owner_team
        when 'Sales' then 'sales'
        when 'SDR' then 'sdr'
        when 'Account Management' then 'am'
        when 'Partner' then 'partner'
        when 'Customer Success' then 'csm'
        when 'Support' then 'support'
        when 'Marketing' then 'marketing'
    end as actor_team,
    -- a word that the package does not know (plr_input_words): it tells nothing of a newsletter
    nullif(purpose, 'newsletter') as purpose,
    is_sequence as is_automated,
    minutes as duration_minutes,
    case state
        when 'done' then 'completed'
        when 'planned' then 'scheduled'
        else state
    end as status
from {{ source('kestrel', 'crm_activities') }}
