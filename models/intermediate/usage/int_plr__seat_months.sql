{{ config(materialized='view') }}

-- what the account is entitled to at the month's end, else what its subscriptions say
with

months as (
    select
        month,
        month_end
    from {{ ref('int_plr__months') }}
),

entitlements as (
    select
        entitlements.account_id,
        months.month,
        entitlements.limit_quantity as seats,
        row_number() over (
            partition by entitlements.account_id, months.month
            order by entitlements.valid_from desc, entitlements.limit_quantity desc
        ) as entitlement_number
    from {{ ref('stg_plr__entitlements') }} as entitlements
    inner join months
        on
            entitlements.valid_from <= months.month_end
            and (entitlements.valid_to is null or entitlements.valid_to > months.month_end)
    where entitlements.reject_code is null and entitlements.metric = 'seats'
),

subscriptions as (
    select
        intervals.account_id,
        months.month,
        sum(intervals.seats) as seats
    from {{ ref('int_plr__mrr_intervals') }} as intervals
    inner join months
        on
            intervals.valid_from <= months.month_end
            and (intervals.valid_to is null or intervals.valid_to > months.month_end)
    where intervals.seats is not null
    group by 1, 2
),

both_sources as (
    select
        account_id,
        month,
        cast(seats as {{ dbt.type_numeric() }}) as entitled_seats,
        cast(null as {{ dbt.type_numeric() }}) as subscribed_seats
    from entitlements
    where entitlement_number = 1
    union all
    select
        account_id,
        month,
        cast(null as {{ dbt.type_numeric() }}) as entitled_seats,
        cast(seats as {{ dbt.type_numeric() }}) as subscribed_seats
    from subscriptions
),

final as (
    select
        account_id,
        month,
        coalesce(max(entitled_seats), max(subscribed_seats)) as seats
    from both_sources
    group by 1, 2
)

select * from final
