-- a close date is a forecast until the deal is closed, and a day of the portal's
{{ config(enabled=plr_uses('hubspot', 'plr_input_opportunities')) }}
{%- set closed_on = 'cast(' ~ dbt.dateadd(
    'minute', plr_crm_offsets() | last, 'deals.close_date'
) ~ ' as date)' %}

with

actors as (
    select * from {{ ref('base_hubspot__actors') }}
    where actor_kind = 'user'
),

opportunity_types as (
    select * from {{ ref('stg_plr__opportunity_types') }}
    where tool = 'hubspot'
),

deals as (
    select * from {{ ref('base_hubspot__deals') }}
),

final as (
    select
        deals.deal_id as opportunity_id,
        deals.account_id,
        coalesce(opportunity_types.opportunity_type, deals.type) as opportunity_type,
        deals.currency,
        coalesce(actors.known_team, actors.said) as created_by_team,
        deals.created_at,
        case
            when deals.is_closed then {{ dbt.cast(closed_on, dbt.type_timestamp()) }}
        end as closed_at,
        cast(deals.mrr as {{ dbt.type_numeric() }}) as amount_mrr,
        deals.is_closed,
        deals.is_won
    from deals
    left join actors
        on deals.creator_id = actors.actor_id
    left join opportunity_types
        on lower(deals.type) = opportunity_types.type
)

select * from final
