with

-- a deal that is open counts at the rate of the month in which it was opened
deals as (
    select
        *,
        {{ plr_month_of('coalesce(closed_at, created_at)') }} as amount_month
    from {{ ref('int_plr__deal_openings') }}
),

account_origins as (
    select
        account_id,
        origin
    from {{ ref('int_plr__origins') }}
    where subject_type = 'account' and scenario = 'headline'
),

-- won deals: the first by the account's evidence up to it; later ones by who started them, or
-- lifetime activity would make every later deal look product-driven
won_origins as (
    select
        subject_id as opportunity_id,
        origin,
        origin_evidence as evidence,
        cast(null as {{ dbt.type_string() }}) as initiation
    from {{ ref('int_plr__origins') }}
    where subject_type = 'deal' and scenario = 'headline'
    union all
    select
        subject_id as opportunity_id,
        case initiation
            when 'product_initiated' then 'self_serve'
            when 'product_sourced_human_assisted' then 'product_driven_sales_assisted'
            when 'human_initiated' then 'sales_originated'
            else 'untracked'
        end as origin,
        initiation as evidence,
        initiation
    from {{ ref('int_plr__initiations') }}
    where subject_type = 'deal'
),

final as (
    select
        deals.opportunity_id,
        deals.account_id,
        accounts.account_name,
        deals.opportunity_type,
        deals.created_at,
        deals.closed_at,
        deals.outcome <> 'open' as is_closed,
        deals.outcome = 'won' as is_won,
        {{ plr_money('deals.amount_mrr * fx_spans.rate') }} as amount_mrr,
        deals.sequence_at_open,
        deals.sequence_basis,
        deals.is_sequence_covered,
        account_origins.origin as account_origin,
        won_origins.origin,
        won_origins.evidence,
        won_origins.initiation
    from deals
    left join won_origins
        on deals.opportunity_id = won_origins.opportunity_id
    left join account_origins
        on deals.account_id = account_origins.account_id
    left join {{ ref('int_plr__fx_spans') }} as fx_spans
        on
            deals.currency = fx_spans.currency
            and deals.amount_month >= fx_spans.from_month
            and deals.amount_month < fx_spans.until_month
    left join {{ ref('int_plr__accounts') }} as accounts
        on deals.account_id = accounts.account_id
)

select * from final
