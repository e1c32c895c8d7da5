{%- set cogs_types = "'" ~ plr_var('plr_cogs_cost_types') | join("', '") ~ "'" -%}

with

-- at its own month's rate, or the latest before; without any, a cost has no value
costs as (
    select
        account_costs.account_id,
        account_costs.month,
        account_costs.cost_type in ({{ cogs_types }}) as is_cogs,
        account_costs.cost_type in ('support', 'customer_success') as is_serving,
        {{ plr_converted('account_costs.amount', 'fx_spans.rate') }} as amount
    from {{ ref('stg_plr__account_costs') }} as account_costs
    left join {{ ref('int_plr__fx_spans') }} as fx_spans
        on
            account_costs.currency = fx_spans.currency
            and account_costs.month >= fx_spans.from_month
            and account_costs.month < fx_spans.until_month
    where account_costs.reject_code is null
),

final as (
    select
        month,
        account_id,
        {{ plr_money('coalesce(sum(case when is_cogs then amount end), 0)') }} as cogs,
        {{ plr_money('coalesce(sum(case when is_serving then amount end), 0)') }} as cost_to_serve,
        sum(case when is_cogs then 1 else 0 end) as cogs_rows,
        sum(case when is_cogs and amount is null then 1 else 0 end) as unvalued_cogs_rows,
        sum(case when is_serving and amount is null then 1 else 0 end) as unvalued_serving_rows
    from costs
    group by 1, 2
)

select * from final
