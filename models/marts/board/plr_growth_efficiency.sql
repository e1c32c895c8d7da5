-- long, since three groups that don't add up are each counted twice, over all channels and by their
-- own
{%- set entity = 'growth_group, acquisition_channel' %}

with

months as (
    select month from {{ ref('int_plr__months') }}
),

-- at its own month's rate, or the latest before; without any, a cost has no value
costs as (
    select
        acquisition_costs.month,
        coalesce(
            {{ plr_read_word('spent_on', 'acquisition_costs.spent_on') | indent(12) }}, 'shared'
        ) as spent_on,
        acquisition_costs.acquisition_channel,
        {{ plr_converted('acquisition_costs.amount', 'fx_spans.rate') }} as amount
    from {{ ref('stg_plr__acquisition_costs') }} as acquisition_costs
    left join {{ ref('int_plr__fx_spans') }} as fx_spans
        on
            acquisition_costs.currency = fx_spans.currency
            and acquisition_costs.month >= fx_spans.from_month
            and acquisition_costs.month < fx_spans.until_month
    where acquisition_costs.reject_code is null
),

channels as (
    select 'all' as acquisition_channel
    union all
    select distinct acquisition_channel
    from costs
    where acquisition_channel is not null
),

growth_groups as (
    select 'company' as growth_group
    union all
    select 'product_led' as growth_group
    union all
    select 'sales_led' as growth_group
),

-- a month is known by what was spent on anything
known_months as (
    select
        month,
        sum(case when amount is null then 1 else 0 end) = 0 as is_cost_known
    from costs
    group by 1
),

first_costs as (
    select min(month) as first_month
    from costs
),

spent as (
    select
        costs.month,
        growth_groups.growth_group,
        channels.acquisition_channel,
        sum(costs.amount) as spend
    from costs
    inner join growth_groups
        on growth_groups.growth_group in ('company', costs.spent_on)
    inner join channels
        on channels.acquisition_channel in ('all', costs.acquisition_channel)
    group by 1, 2, 3
),

won_accounts as (
    select
        movements.month,
        movements.new_mrr,
        accounts.acquisition_channel,
        coalesce(origins.is_product_driven, false) as is_product_led,
        coalesce(
            origins.contact_lo_us
            < {{ plr_micros('origins.paid_date') }} + {{ plr_days_us(1) }},
            false
        ) as is_sales_led
    from {{ ref('int_plr__mrr_movements') }} as movements
    inner join {{ ref('int_plr__origins') }} as origins
        on
            movements.account_id = origins.subject_id
            and origins.subject_type = 'account'
            and origins.scenario = 'headline'
    inner join {{ ref('int_plr__accounts') }} as accounts
        on movements.account_id = accounts.account_id
    where movements.new_mrr > 0
),

won as (
    select
        won_accounts.month,
        growth_groups.growth_group,
        channels.acquisition_channel,
        count(*) as customers_won,
        sum(won_accounts.new_mrr) as new_mrr
    from won_accounts
    inner join growth_groups
        on
            growth_groups.growth_group = 'company'
            or (growth_groups.growth_group = 'product_led' and won_accounts.is_product_led)
            or (growth_groups.growth_group = 'sales_led' and won_accounts.is_sales_led)
    inner join channels
        on channels.acquisition_channel in ('all', won_accounts.acquisition_channel)
    group by 1, 2, 3
),

joined as (
    select
        months.month,
        growth_groups.growth_group,
        channels.acquisition_channel,
        coalesce(spent.spend, 0) as spend,
        coalesce(won.customers_won, 0) as customers_won,
        coalesce(won.new_mrr, 0) as new_mrr,
        case when known_months.is_cost_known then 0 else 1 end as is_cost_missing
    from months
    cross join growth_groups
    cross join channels
    left join known_months
        on months.month = known_months.month
    left join spent
        on
            months.month = spent.month
            and growth_groups.growth_group = spent.growth_group
            and channels.acquisition_channel = spent.acquisition_channel
    left join won
        on
            months.month = won.month
            and growth_groups.growth_group = won.growth_group
            and channels.acquisition_channel = won.acquisition_channel
),

trailing_years as (
    select
        month,
        growth_group,
        acquisition_channel,
        {{ plr_sum_of_year('spend', entity, 'month') }} as spend,
        {{ plr_sum_of_year('customers_won', entity, 'month') }} as customers_won,
        {{ plr_sum_of_year('new_mrr', entity, 'month') }} as new_mrr,
        {{ plr_sum_of_year('is_cost_missing', entity, 'month') }} as months_without_cost
    from joined
),

judged as (
    select
        trailing_years.*,
        company_months.gross_margin_ttm,
        trailing_years.months_without_cost = 0
        and trailing_years.spend > 0
        and trailing_years.customers_won >= {{ var('plr_efficiency_customers') }} as is_told
    from trailing_years
    inner join first_costs
        on trailing_years.month >= first_costs.first_month
    left join {{ ref('int_plr__scope_months') }} as company_months
        on
            trailing_years.month = company_months.month
            and company_months.scope = 'company'
),

-- where nothing is left of revenue, nothing is ever paid back; no spend known is not free
final as (
    select
        month,
        growth_group,
        acquisition_channel,
        {{ plr_money('spend') }} as spend,
        cast(customers_won as int) as customers_won,
        {{ plr_money('new_mrr') }} as new_mrr,
        cast(months_without_cost as int) as months_without_cost,
        gross_margin_ttm,
        case
            when is_told then {{ plr_money_of_float(plr_divided('spend', 'customers_won')) }}
        end as cac,
        case
            when is_told and gross_margin_ttm > 0
                then {{ plr_ratio('spend', '(new_mrr * gross_margin_ttm)') }}
        end as payback_months,
        case when is_told then {{ plr_ratio('new_mrr * 12', 'spend') }} end as new_arr_per_spend
    from judged
)

select * from final
