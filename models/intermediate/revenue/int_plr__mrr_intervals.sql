with

revenue as (
    select *
    from {{ ref('stg_plr__revenue') }}
    where reject_code is null
),

-- periods: what a later period of the same subscription leaves of an earlier one
neighbours as (
    select
        record_id,
        account_id,
        currency,
        valid_from,
        valid_to,
        case when is_trial then 0 else mrr end as mrr,
        seats,
        is_trial,
        lead(valid_from) over (
            partition by account_id, subscription_id
            order by valid_from, {{ plr_in_byte_order('subscription_period_id') }}
        ) as next_from,
        max(coalesce(valid_to, cast('9999-12-31' as date))) over (
            partition by account_id, subscription_id
            order by valid_from, {{ plr_in_byte_order('subscription_period_id') }}
            rows between unbounded preceding and 1 preceding
        ) as earlier_to
    from revenue
    where revenue_shape = 'periods'
),

periods as (
    select
        record_id,
        account_id,
        currency,
        valid_from,
        case
            when
                '{{ var("plr_overlap_policy") }}' = 'truncate'
                and next_from < coalesce(valid_to, cast('9999-12-31' as date))
                then next_from
            else valid_to
        end as valid_to,
        mrr,
        seats,
        is_trial,
        coalesce(next_from < coalesce(valid_to, cast('9999-12-31' as date)), false)
        or coalesce(earlier_to > valid_from, false) as is_overlapping
    from neighbours
),

-- snapshots: the state on the last day of their month
snapshots as (
    select
        record_id,
        account_id,
        currency,
        {{ dbt.last_day('month', 'month') }} as valid_from,
        {{ plr_date_add('month', 1, 'month') }} as valid_to,
        mrr,
        cast(null as int) as seats,
        false as is_trial,
        false as is_overlapping
    from revenue
    where revenue_shape = 'snapshots'
),

intervals as (
    select * from periods
    union all
    select * from snapshots
    union all
    select
        record_id,
        account_id,
        currency,
        valid_from,
        valid_to,
        mrr,
        cast(null as int) as seats,
        false as is_trial,
        false as is_overlapping
    from {{ ref('int_plr__invoice_intervals') }}
),

final as (
    select
        record_id,
        account_id,
        currency,
        valid_from,
        valid_to,
        {{ plr_money('mrr') }} as mrr,
        seats,
        is_trial,
        is_overlapping
    from intervals
)

select * from final
