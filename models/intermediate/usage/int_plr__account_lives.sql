{{ config(materialized='view') }}

-- where each account's own life begins, before the first month of revenue, too
with

traces as (
    select
        account_id,
        event_month as month,
        case when first_by_person_us is not null then event_month end as person_month
    from {{ ref('int_plr__event_months') }}
    where reject_code is null
    union all
    select
        account_id,
        {{ plr_month_of(plr_from_micros('lo_us')) }} as month,
        cast(null as date) as person_month
    from {{ ref('int_plr__sales_touches') }}
    where source = 'activity' or is_human_touch
    union all
    select
        account_id,
        first_paid_month as month,
        cast(null as date) as person_month
    from {{ ref('int_plr__first_payments') }}
),

final as (
    select
        traces.account_id,
        min(traces.month) as first_month,
        min(traces.person_month) as first_event_month
    from traces
    inner join {{ ref('int_plr__months') }} as months
        on traces.month <= months.month
    where months.is_last
    group by 1
)

select * from final
