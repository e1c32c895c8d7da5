-- Which growth loops pay: by channel, who signs up, who finds value, who pays, who stays?
with

funnel as (
    select
        *,
        row_number() over (
            partition by acquisition_channel
            order by signed_up_month desc
        ) as months_ago
    from {{ ref('plr_pql_funnel') }}
    where horizon_days = 90 and is_horizon_over and segment = 'all'
),

-- the last twelve months of sign-ups whose ninety days are over; a single month is too small
sign_ups as (
    select
        acquisition_channel,
        sum(covered) as sign_ups,
        sum(reached_value) as reached_value,
        sum(value_before_contact) as qualified,
        sum(paid) as paid,
        sum(new_mrr) as new_mrr
    from funnel
    where months_ago <= 12
    group by acquisition_channel
),

retention as (
    select
        case when scope = 'company' then 'all' else scope_value end as acquisition_channel,
        starting_accounts,
        nrr_ttm,
        grr_ttm,
        confidence,
        row_number() over (
            partition by scope, scope_value
            order by month desc
        ) as months_ago
    from {{ ref('plr_retention_monthly') }}
    where scope in ('company', 'acquisition_channel') and starting_mrr > 0
),

costs as (
    select
        acquisition_channel,
        cac,
        payback_months,
        row_number() over (
            partition by acquisition_channel
            order by month desc
        ) as months_ago
    from {{ ref('plr_growth_efficiency') }}
    where growth_group = 'company'
),

-- rates of few accounts are left out, as chance alone makes them
final as (
    select
        sign_ups.acquisition_channel,
        sign_ups.sign_ups,
        sign_ups.paid,
        sign_ups.new_mrr,
        case
            when sign_ups.sign_ups >= 30
                then cast(sign_ups.reached_value as {{ dbt.type_numeric() }}) / sign_ups.sign_ups
        end as activation_rate,
        case
            when sign_ups.sign_ups >= 30
                then cast(sign_ups.qualified as {{ dbt.type_numeric() }}) / sign_ups.sign_ups
        end as pql_rate,
        case
            when sign_ups.sign_ups >= 30
                then cast(sign_ups.paid as {{ dbt.type_numeric() }}) / sign_ups.sign_ups
        end as paid_rate,
        retention.starting_accounts as customers_a_year_ago,
        case when retention.confidence <> 'suppressed' then retention.nrr_ttm end as nrr_ttm,
        case when retention.confidence <> 'suppressed' then retention.grr_ttm end as grr_ttm,
        costs.cac,
        costs.payback_months
    from sign_ups
    left join retention
        on sign_ups.acquisition_channel = retention.acquisition_channel and retention.months_ago = 1
    left join costs
        on sign_ups.acquisition_channel = costs.acquisition_channel and costs.months_ago = 1
)

select * from final
order by new_mrr desc
