{{ config(enabled=plr_uses('salesforce', 'plr_input_crm_activities')) }}

with

activities as (
    select * from {{ ref('base_salesforce__activities') }}
),

actors as (
    select * from {{ ref('base_salesforce__actors') }}
),

activity_types as (
    select * from {{ ref('stg_plr__activity_types') }}
    where tool = 'salesforce'
),

contacts as (
    {{ plr_vendor('salesforce', 'contact', {
        'contact_id': ['id!', 'id'],
        'account_id': 'id',
    }) }}
),

-- the activity's own account is the trace of that day; a lead is an account until it is converted
final as (
    select
        activities.activity_id,
        coalesce(
            activities.account_id,
            case when activities.what_key like '001%' then activities.what_id end,
            contacts.account_id,
            case when activities.who_key like '00Q%' then activities.who_id end
        ) as account_id,
        case when activities.what_key like '006%' then activities.what_id end as opportunity_id,
        coalesce(activity_types.activity_type, activities.type) as activity_type,
        activities.direction,
        actors.actor_team,
        activities.status,
        activities.occurred_at,
        activities.occurred_precision,
        activities.created_at,
        activities.duration_minutes,
        activity_types.is_automated
    from activities
    left join contacts
        on activities.who_id = contacts.contact_id
    left join actors
        on activities.owner_id = actors.user_id
    left join activity_types
        on activities.type = activity_types.type
    where coalesce(activity_types.is_delivered, true)
)

select * from final
