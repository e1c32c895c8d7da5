-- the company's spend is all that was given; no group or channel has more than the whole, and its
-- ratios follow from the numbers beside them
{{ config(group='product_led_revenue') }}

with

efficiency as (
    select * from {{ ref('plr_growth_efficiency') }}
),

wholes as (
    select * from efficiency
    where growth_group = 'company' and acquisition_channel = 'all'
),

delivered as (
    select
        spent.month,
        sum({{ plr_converted('spent.amount', 'fx_spans.rate') }}) as spend
    from {{ ref('stg_plr__acquisition_costs') }} as spent
    inner join {{ ref('int_plr__fx_spans') }} as fx_spans
        on
            spent.currency = fx_spans.currency
            and spent.month >= fx_spans.from_month
            and spent.month < fx_spans.until_month
    inner join {{ ref('int_plr__months') }} as months
        on spent.month = months.month
    where spent.reject_code is null
    group by 1
),

years as (
    select
        wholes.month,
        sum(delivered.spend) as spend
    from wholes
    inner join delivered
        on
            wholes.month >= delivered.month
            and {{ plr_date_add('month', -12, 'wholes.month') }} < delivered.month
    group by 1
),

unequal as (
    select
        wholes.month,
        'the company did not spend all that was given' as problem
    from wholes
    left join years
        on wholes.month = years.month
    where abs(wholes.spend - coalesce(years.spend, 0)) > 0.01
),

-- every new customer's MRR is new MRR, once
movements as (
    select
        month,
        sum(new_mrr) as new_mrr
    from {{ ref('plr_mrr_movements') }}
    group by 1
),

new_years as (
    select
        wholes.month,
        sum(movements.new_mrr) as new_mrr
    from wholes
    inner join movements
        on
            wholes.month >= movements.month
            and {{ plr_date_add('month', -12, 'wholes.month') }} < movements.month
    group by 1
),

untied as (
    select
        wholes.month,
        'new MRR is not that of the movements' as problem
    from wholes
    left join new_years
        on wholes.month = new_years.month
    where abs(wholes.new_mrr - coalesce(new_years.new_mrr, 0)) > 0.01
),

impossible as (
    select
        efficiency.month,
        'a part is more than the whole, or a ratio is not what its numbers say' as problem
    from efficiency
    inner join wholes
        on efficiency.month = wholes.month
    where
        efficiency.spend > wholes.spend + 0.01
        or efficiency.customers_won > wholes.customers_won
        or efficiency.new_mrr > wholes.new_mrr + 0.01
        or abs(efficiency.cac * efficiency.customers_won - efficiency.spend) > 0.01
        or abs(
            efficiency.payback_months * efficiency.new_mrr * efficiency.gross_margin_ttm
            - efficiency.spend
        ) > 0.01
        or (efficiency.cac is not null and efficiency.months_without_cost > 0)
),

-- what was spent on the two motions is no more than all
motions as (
    select
        month,
        sum(spend) as spend
    from efficiency
    where growth_group <> 'company' and acquisition_channel = 'all'
    group by 1
),

overspent as (
    select
        wholes.month,
        'the two motions spent more than the company' as problem
    from wholes
    inner join motions
        on wholes.month = motions.month
    where motions.spend > wholes.spend + 0.01
)

select * from unequal
union all
select * from untied
union all
select * from impossible
union all
select * from overspent
