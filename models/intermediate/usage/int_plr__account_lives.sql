{{ config(materialized='view') }}

-- every month of each account's own life, before the first month of revenue, too
with

traces as (
    select
        account_id,
        event_month as month
    from {{ ref('int_plr__event_months') }}
    where reject_code is null
    union all
    select
        account_id,
        {{ plr_month_of(plr_from_micros('lo_us')) }} as month
    from {{ ref('int_plr__sales_touches') }}
    where source = 'activity' or is_human_touch
    union all
    select
        account_id,
        first_paid_month as month
    from {{ ref('int_plr__first_payments') }}
),

first_months as (
    select
        account_id,
        min(month) as first_month
    from traces
    group by 1
),

numbers as (
    {{ dbt_utils.generate_series(1200) }}
),

calendar as (
    select
        {{ plr_date_add('month', 'cast(1 - numbers.generated_number as int)', 'months.month') }}
            as month
    from numbers
    cross join {{ ref('int_plr__months') }} as months
    where months.is_last
),

final as (
    select
        first_months.account_id,
        calendar.month
    from first_months
    inner join calendar
        on first_months.first_month <= calendar.month
)

select * from final
