{{ config(materialized='view') }}

with

rates as (
    select
        currency,
        month,
        rate
    from {{ ref('stg_plr__fx_rates') }}
    where reject_code is null and currency <> '{{ plr_var("plr_reporting_currency") }}'
),

final as (
    select
        currency,
        month as from_month,
        lead(month, 1, cast('9999-12-31' as date)) over (
            partition by currency
            order by month
        ) as until_month,
        rate
    from rates
    union all
    select
        '{{ plr_var("plr_reporting_currency") }}' as currency,
        cast('0001-01-01' as date) as from_month,
        cast('9999-12-31' as date) as until_month,
        cast(1 as {{ plr_share_type() }}) as rate
)

select * from final
