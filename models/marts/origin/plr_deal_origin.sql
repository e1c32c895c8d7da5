with

deals as (
    select
        opportunity_id,
        account_id,
        opportunity_type as type,
        closed_at,
        {{ plr_month_of('closed_at') }} as closed_month,
        amount_mrr,
        coalesce(currency, '{{ plr_var("plr_reporting_currency") }}') as currency
    from {{ ref('int_plr__opportunities') }}
),

-- the first deal by the account's evidence up to it; later ones by who started them, or lifetime
-- activity would make every later deal look product-driven
origins as (
    select
        subject_id as opportunity_id,
        origin,
        origin_evidence as evidence
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
        initiation as evidence
    from {{ ref('int_plr__initiations') }}
    where subject_type = 'deal'
),

final as (
    select
        deals.opportunity_id,
        deals.account_id,
        accounts.account_name,
        deals.type,
        deals.closed_at,
        {{ plr_money('deals.amount_mrr * fx_spans.rate') }} as amount_mrr,
        origins.origin,
        origins.evidence
    from deals
    inner join origins
        on deals.opportunity_id = origins.opportunity_id
    left join {{ ref('int_plr__fx_spans') }} as fx_spans
        on
            deals.currency = fx_spans.currency
            and deals.closed_month >= fx_spans.from_month
            and deals.closed_month < fx_spans.until_month
    left join {{ ref('int_plr__accounts') }} as accounts
        on deals.account_id = accounts.account_id
)

select * from final
