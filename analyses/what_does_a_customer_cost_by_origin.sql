-- What does a customer cost, whom the product won, whom sales won, and on the whole?
with

efficiency as (
    select * from {{ ref('plr_growth_efficiency') }}
),

last_month as (
    select max(month) as month from efficiency
),

-- the groups don't add up: shared spend is the company's alone, and a customer whom sales called
-- after the product had won it is in both; a group that looks cheap may live off the other's spend
final as (
    select
        efficiency.growth_group,
        efficiency.acquisition_channel,
        efficiency.customers_won,
        efficiency.spend,
        efficiency.cac,
        efficiency.payback_months,
        efficiency.new_arr_per_spend,
        efficiency.gross_margin_ttm,
        case
            when efficiency.months_without_cost > 0
                then 'a month lacks its cost'
            when efficiency.customers_won < {{ var('plr_efficiency_customers') }}
                then 'too few customers'
            when efficiency.payback_months is null
                then 'paid back never, or the margin is not known'
            else 'told'
        end as standing
    from efficiency
    inner join last_month
        on efficiency.month = last_month.month
)

select * from final
order by
    case when acquisition_channel = 'all' then 0 else 1 end,
    growth_group,
    acquisition_channel
