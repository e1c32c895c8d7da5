with

months as (
    select month from {{ ref('int_plr__months') }}
),

currencies as (
    select distinct currency from {{ ref('int_plr__mrr_intervals') }}
),

rates as (
    select
        month,
        currency,
        rate
    from {{ ref('stg_plr__fx_rates') }}
    where reject_code is null
),

-- the rate of the month itself, and the earliest from that month on
dated as (
    select
        months.month,
        currencies.currency,
        min(rates.month) as rate_month
    from months
    cross join currencies
    left join rates
        on
            currencies.currency = rates.currency
            and months.month <= rates.month
    group by 1, 2
),

final as (
    select
        dated.month,
        dated.currency,
        case
            when dated.currency = '{{ plr_var("plr_reporting_currency") }}' then 1
            when dated.rate_month = dated.month then rates.rate
        end as rate,
        case
            when dated.currency = '{{ plr_var("plr_reporting_currency") }}' then 1
            else rates.rate
        end as rate_or_next
    from dated
    left join rates
        on
            dated.currency = rates.currency
            and dated.rate_month = rates.month
)

select * from final
