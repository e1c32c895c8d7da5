with

deals as (
    select
        opportunity_id,
        account_id,
        opportunity_type as type,
        closed_at,
        {{ plr_month_of('closed_at') }} as closed_month,
        amount_mrr,
        coalesce(currency, '{{ var("plr_reporting_currency") }}') as currency
    from {{ ref('stg_plr__opportunities') }}
    where reject_code is null
),

origins as (
    select *
    from {{ ref('int_plr__origins') }}
    where subject_type = 'deal' and scenario = 'headline'
),

fx_rates as (
    select *
    from {{ ref('stg_plr__fx_rates') }}
    where reject_code is null
),

-- a closing month without a rate takes the latest earlier one
rate_months as (
    select
        deals.opportunity_id,
        max(fx_rates.month) as month
    from deals
    inner join fx_rates
        on
            deals.currency = fx_rates.currency
            and deals.closed_month >= fx_rates.month
    group by 1
),

final as (
    select
        deals.opportunity_id,
        deals.account_id,
        deals.type,
        deals.closed_at,
        {{ plr_money(
            "deals.amount_mrr * case when deals.currency = '" ~ var('plr_reporting_currency')
            ~ "' then 1 else fx_rates.rate end"
        ) }} as amount_mrr,
        origins.origin,
        origins.origin_evidence as evidence
    from deals
    inner join origins
        on deals.opportunity_id = origins.subject_id
    left join rate_months
        on deals.opportunity_id = rate_months.opportunity_id
    left join fx_rates
        on
            deals.currency = fx_rates.currency
            and rate_months.month = fx_rates.month
)

select * from final
