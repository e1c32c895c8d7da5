-- deals that are there, without those merged into another; of whose companies the primary one
{{ config(
    enabled=plr_uses('hubspot', 'plr_input_crm_activities')
    or plr_uses('hubspot', 'plr_input_opportunities')
) }}
{%- set is_optional = not plr_uses('hubspot', 'plr_input_opportunities') %}

with

deals as (
    {{ plr_vendor('hubspot', 'deal', {
        'deal_id': 'id!',
        'stage_id': ['id', 'deal_pipeline_stage_id'],
        'pipeline_id': ['id', 'deal_pipeline_id'],
        'creator_id': ['id', 'property_hs_created_by_user_id'],
        'type': ['text', 'property_dealtype'],
        'currency': ['text', 'property_deal_currency_code'],
        'created_at': ['timestamp!', 'property_createdate'],
        'close_date': ['timestamp', 'property_closedate'],
        'amount': ['number', 'property_amount'],
        'mrr': ['number', var('plr_connector_mrr_fields').get('hubspot'), 'property_hs_mrr'],
        'is_closed': ['boolean', 'property_hs_is_closed'],
        'is_won': ['boolean', 'property_hs_is_closed_won'],
        'is_deleted': 'boolean',
        'is_gone': ['boolean', '_fivetran_deleted'],
    }, is_optional=is_optional) }}
),

merged_deals as (
    {{ plr_vendor('hubspot', 'merged_deal', {
        'deal_id': 'id!',
        'merged_deal_id': 'id!',
    }, is_optional=true) }}
),

deal_companies as (
    {{ plr_vendor('hubspot', 'deal_company', {
        'deal_id': 'id!',
        'account_id': ['id!', 'company_id'],
        'type_id': 'text',
    }, is_optional=is_optional) }}
),

deal_contacts as (
    {{ plr_vendor('hubspot', 'deal_contact', {
        'deal_id': 'id!',
        'contact_id': 'id!',
    }, is_optional=true) }}
),

contacts as (
    {{ plr_vendor('hubspot', 'contact', {
        'contact_id': ['id!', 'id'],
        'account_id': ['id', 'property_associatedcompanyid'],
    }, is_optional=true) }}
),

stages as (
    {{ plr_vendor('hubspot', 'deal_pipeline_stage', {
        'stage_id': 'id!',
        'pipeline_id': 'id',
        'probability': 'number',
        'is_closed': 'boolean',
        'closed_won': 'boolean',
        'is_gone': ['boolean', '_fivetran_deleted'],
    }, is_optional=true) }}
),

merged_away as (
    select distinct merged_deal_id
    from merged_deals
    where deal_id <> merged_deal_id
),

-- 5 is HubSpot's number of the link to the primary company
owned as (
    select
        deal_id,
        account_id,
        case when type_id = '5' then 1 else 2 end as source_number
    from deal_companies
    where account_id is not null
    union all
    select
        deal_contacts.deal_id,
        contacts.account_id,
        3 as source_number
    from deal_contacts
    inner join contacts
        on deal_contacts.contact_id = contacts.contact_id
    where contacts.account_id is not null
),

owners as (
    select
        deal_id,
        account_id,
        row_number() over (partition by deal_id order by source_number asc, account_id asc)
            as place
    from owned
),

-- Fivetran's closed_won says closed; what is won has a probability of 1
judged as (
    select
        stage_id,
        pipeline_id,
        coalesce(is_closed, closed_won) as is_closed,
        probability = 1 as is_won,
        row_number() over (
            partition by stage_id, pipeline_id
            order by case when is_gone then 1 else 0 end asc, probability asc
        ) as place
    from stages
),

final as (
    select
        deals.deal_id,
        owners.account_id,
        deals.creator_id,
        deals.type,
        deals.currency,
        deals.created_at,
        deals.close_date,
        coalesce(deals.mrr, deals.amount / 12) as mrr,
        coalesce(deals.is_closed, judged.is_closed) as is_closed,
        coalesce(deals.is_won, judged.is_won) as is_won
    from deals
    left join merged_away
        on deals.deal_id = merged_away.merged_deal_id
    left join owners
        on deals.deal_id = owners.deal_id and owners.place = 1
    left join judged
        on
            deals.stage_id = judged.stage_id
            and deals.pipeline_id = judged.pipeline_id
            and judged.place = 1
    where
        merged_away.merged_deal_id is null
        and not coalesce(deals.is_deleted, false)
        and not coalesce(deals.is_gone, false)
)

select * from final
