-- long, since companies are found in three ways; an engagement is of many: one row each, none twice
-- for its several labels
{{ config(enabled=plr_uses('hubspot', 'plr_input_crm_activities')) }}

with

engagements as (
    select * from {{ ref('base_hubspot__engagements') }}
),

actors as (
    select * from {{ ref('base_hubspot__actors') }}
),

deals as (
    select * from {{ ref('base_hubspot__deals') }}
),

activity_types as (
    select * from {{ ref('stg_plr__activity_types') }}
    where tool = 'hubspot'
),

company_links as (
    {{ plr_vendor('hubspot', 'engagement_company', {
        'engagement_id': 'id!',
        'account_id': ['id!', 'company_id'],
    }) }}
),

contact_links as (
    {{ plr_vendor('hubspot', 'engagement_contact', {
        'engagement_id': 'id!',
        'contact_id': 'id!',
    }, is_optional=true) }}
),

deal_links as (
    {{ plr_vendor('hubspot', 'engagement_deal', {
        'engagement_id': 'id!',
        'deal_id': 'id!',
    }, is_optional=true) }}
),

contacts as (
    {{ plr_vendor('hubspot', 'contact', {
        'contact_id': ['id!', 'id'],
        'account_id': ['id', 'property_associatedcompanyid'],
    }, is_optional=true) }}
),

merged_deals as (
    {{ plr_vendor('hubspot', 'merged_deal', {
        'deal_id': 'id!',
        'merged_deal_id': 'id!',
    }, is_optional=true) }}
),

-- the oldest of those that are open
linked_deals as (
    select
        deal_links.engagement_id,
        deals.deal_id,
        deals.account_id,
        row_number() over (
            partition by deal_links.engagement_id
            order by
                case when deals.is_closed then 1 else 0 end asc,
                deals.created_at asc,
                deals.deal_id asc
        ) as place
    from deal_links
    left join merged_deals
        on deal_links.deal_id = merged_deals.merged_deal_id
    inner join deals
        on coalesce(merged_deals.deal_id, deal_links.deal_id) = deals.deal_id
),

found as (
    select
        engagement_id,
        account_id,
        1 as source_number
    from company_links
    where account_id is not null
    union all
    select
        contact_links.engagement_id,
        contacts.account_id,
        2 as source_number
    from contact_links
    inner join contacts
        on contact_links.contact_id = contacts.contact_id
    where contacts.account_id is not null
    union all
    select
        engagement_id,
        account_id,
        3 as source_number
    from linked_deals
    where account_id is not null
),

ranked as (
    select
        engagement_id,
        account_id,
        rank() over (partition by engagement_id order by source_number) as place
    from found
),

-- its own companies, else its contacts', else its deals'
owners as (
    select distinct
        engagement_id,
        account_id
    from ranked
    where place = 1
),

-- a sequence is sent from a seller's mailbox
final as (
    select
        case
            when owners.account_id is null then engagements.engagement_id
            else {{ dbt.concat([
                'engagements.engagement_id',
                "':'",
                dbt.split_part('owners.account_id', "':'", 2),
            ]) }}
        end as activity_id,
        owners.account_id,
        linked_deals.deal_id as opportunity_id,
        coalesce(activity_types.activity_type, engagements.type) as activity_type,
        engagements.direction,
        coalesce(
            teams.known_team,
            people.known_team,
            case when engagements.is_in_sequence then 'sales' end,
            teams.said,
            people.said
        ) as actor_team,
        engagements.status,
        engagements.occurred_at,
        engagements.created_at,
        engagements.duration_minutes,
        case
            when engagements.is_in_sequence then true else activity_types.is_automated
        end as is_automated
    from engagements
    left join owners
        on engagements.engagement_id = owners.engagement_id
    left join linked_deals
        on engagements.engagement_id = linked_deals.engagement_id and linked_deals.place = 1
    left join actors as teams
        on engagements.team_id = teams.actor_id and teams.actor_kind = 'team'
    left join actors as people
        on engagements.owner_id = people.actor_id and people.actor_kind = 'owner'
    left join activity_types
        on engagements.type = activity_types.type
    where coalesce(activity_types.is_delivered, true)
)

select * from final
