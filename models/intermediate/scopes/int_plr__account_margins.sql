with

months as (
    select month from {{ ref('int_plr__months') }}
),

account_mrr as (
    select * from {{ ref('int_plr__account_mrr') }}
),

cost_months as (
    select * from {{ ref('int_plr__cost_months') }}
),

shared_costs as (
    select
        month,
        sum(case when account_id is null then cogs else 0 end) as shared_cost,
        sum(cogs_rows) > 0 and sum(unvalued_cogs_rows) = 0 as is_cost_known
    from cost_months
    group by 1
),

company_mrr as (
    select
        month,
        sum(mrr) as mrr
    from account_mrr
    group by 1
),

-- a month is known by the costs of the whole company, and a year by all of its months
company_months as (
    select
        months.month,
        company_mrr.mrr,
        shared_costs.shared_cost,
        sum(case when shared_costs.is_cost_known then 0 else 1 end) over (
            order by months.month
            rows between 11 preceding and current row
        ) = 0 as is_year_known
    from months
    left join company_mrr
        on months.month = company_mrr.month
    left join shared_costs
        on months.month = shared_costs.month
),

evidence as (
    select
        account_id,
        month
    from account_mrr
    union all
    select
        account_id,
        month
    from cost_months
    where account_id is not null
),

lives as (
    select
        account_id,
        min(month) as first_month
    from evidence
    group by 1
),

-- shared costs go to the paying accounts, by their MRR
account_months as (
    select
        lives.account_id,
        company_months.month,
        company_months.is_year_known,
        coalesce(account_mrr.mrr, 0) as mrr,
        coalesce(cost_months.cogs, 0) as direct_cost,
        coalesce(
            company_months.shared_cost
            * ({{ plr_divided('account_mrr.mrr', 'company_months.mrr') }}),
            0
        ) as allocated_cost
    from lives
    inner join company_months
        on lives.first_month <= company_months.month
    left join account_mrr
        on
            lives.account_id = account_mrr.account_id
            and company_months.month = account_mrr.month
    left join cost_months
        on
            lives.account_id = cost_months.account_id
            and company_months.month = cost_months.month
),

trailing_years as (
    select
        *,
        {{ plr_sum_of_year('mrr', 'account_id', 'month') }} as mrr_ttm,
        {{ plr_sum_of_year('direct_cost + allocated_cost', 'account_id', 'month') }} as cost_ttm
    from account_months
),

measured as (
    select
        *,
        case
            when is_year_known
                then {{ plr_ratio('(mrr_ttm - cost_ttm)', 'mrr_ttm') }}
        end as gross_margin_ttm
    from trailing_years
),

final as (
    select
        account_id,
        month,
        {{ plr_money('mrr') }} as mrr,
        {{ plr_money('direct_cost') }} as direct_cost,
        {{ plr_money_of_float('allocated_cost') }} as allocated_cost,
        gross_margin_ttm,
        {{ plr_months_ago('gross_margin_ttm', 6, 'account_id', 'month') }}
            as gross_margin_ttm_6m_ago
    from measured
)

select * from final
