{%- set open_end = "cast('9999-12-31' as " ~ dbt.type_timestamp() ~ ')' %}
{%- set in_order = 'partition by account_id, subscription_id, is_discount '
    ~ 'order by valid_from, ' ~ plr_in_byte_order('subscription_period_id') %}

with

revenue as (
    select *
    from {{ ref('stg_plr__revenue') }}
    where reject_code is null
),

-- periods: what a later period of the same subscription leaves of an earlier one
delivered as (
    select
        *,
        mrr < 0 as is_discount,
        coalesce(valid_to, {{ open_end }}) as ends_at
    from revenue
    where revenue_shape = 'periods'
),

neighbours as (
    select
        *,
        lead(valid_from) over ({{ in_order }}) as next_from,
        max(ends_at) over (
            {{ in_order }} rows between unbounded preceding and 1 preceding
        ) as earlier_to
    from delivered
),

-- a discount goes beside what it discounts
periods as (
    select
        record_id,
        account_id,
        subscription_id,
        currency,
        valid_from,
        case
            when
                '{{ plr_var("plr_overlap_policy") }}' = 'truncate'
                and next_from < ends_at
                and not is_discount
                then next_from
            else valid_to
        end as valid_to,
        case when is_trial then 0 else mrr end as mrr,
        case when not is_discount then seats end as seats,
        is_trial,
        not is_discount and (
            coalesce(next_from < ends_at, false) or coalesce(earlier_to > valid_from, false)
        ) as is_overlapping
    from neighbours
),

-- a day has the MRR of its last instant; of snapshots only their month's last day has any
intervals as (
    select
        record_id,
        account_id,
        subscription_id,
        currency,
        cast(valid_from as date) as valid_from,
        cast(valid_to as date) as valid_to,
        mrr,
        seats,
        is_trial,
        is_overlapping
    from periods
    union all
    select
        record_id,
        account_id,
        subscription_id,
        currency,
        {{ dbt.last_day('month', 'month') }} as valid_from,
        {{ plr_date_add('month', 1, 'month') }} as valid_to,
        mrr,
        cast(null as int) as seats,
        false as is_trial,
        false as is_overlapping
    from revenue
    where revenue_shape = 'snapshots'
    union all
    select
        record_id,
        account_id,
        subscription_id,
        currency,
        valid_from,
        valid_to,
        mrr,
        seats,
        is_trial,
        false as is_overlapping
    from {{ ref('int_plr__invoice_intervals') }}
),

final as (
    select
        record_id,
        account_id,
        subscription_id,
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
