-- a close date is a forecast until the deal is closed; an amount is a year's, unless MRR is kept
{{ config(enabled=plr_uses('salesforce', 'plr_input_opportunities')) }}

with

actors as (
    select * from {{ ref('base_salesforce__actors') }}
),

opportunity_types as (
    select * from {{ ref('stg_plr__opportunity_types') }}
    where tool = 'salesforce'
),

opportunities as (
    {{ plr_vendor('salesforce', 'opportunity', {
        'opportunity_id': ['id!', 'id'],
        'account_id': 'id',
        'created_by_id': 'id',
        'type': 'text',
        'currency': ['text', 'currency_iso_code'],
        'close_date': 'date',
        'created_at': ['timestamp!', 'created_date'],
        'amount': 'number',
        'mrr': ['number', var('plr_connector_mrr_fields').get('salesforce')],
        'is_closed': 'boolean',
        'is_won': 'boolean',
        'is_deleted': 'boolean',
    }) }}
),

final as (
    select
        opportunities.opportunity_id,
        opportunities.account_id,
        coalesce(opportunity_types.opportunity_type, opportunities.type) as opportunity_type,
        opportunities.currency,
        actors.actor_team as created_by_team,
        opportunities.created_at,
        case
            when opportunities.is_closed
                then {{ dbt.cast('opportunities.close_date', dbt.type_timestamp()) }}
        end as closed_at,
        cast(
            coalesce(opportunities.mrr, opportunities.amount / 12) as {{ dbt.type_numeric() }}
        ) as amount_mrr,
        opportunities.is_closed,
        opportunities.is_won
    from opportunities
    left join actors
        on opportunities.created_by_id = actors.user_id
    left join opportunity_types
        on lower(opportunities.type) = opportunity_types.type
    where not coalesce(opportunities.is_deleted, false)
)

select * from final
