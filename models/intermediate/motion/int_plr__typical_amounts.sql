-- medians of the last twelve months: what an expansion adds, what a first payment is
with

movements as (
    select
        'expansion_rate' as measure,
        month,
        segment,
        {{ plr_divided('expansion_mrr', 'opening_mrr') }} as amount
    from {{ ref('int_plr__mrr_movements') }}
    where movement_type = 'expansion'
    union all
    select
        'first_mrr' as measure,
        month,
        segment,
        cast(new_mrr as {{ plr_double() }}) as amount
    from {{ ref('int_plr__mrr_movements') }}
    where movement_type = 'new'
),

scopes as (
    select true as by_segment
    union all
    select false as by_segment
),

-- the company under a null segment
scoped as (
    select
        months.month,
        movements.measure,
        case when scopes.by_segment then movements.segment end as segment,
        movements.amount
    from {{ ref('int_plr__months') }} as months
    inner join movements
        on
            months.month >= movements.month
            and {{ plr_date_add('month', -12, 'months.month') }} < movements.month
    cross join scopes
),

ranked as (
    select
        month,
        measure,
        segment,
        amount,
        row_number() over (partition by month, measure, segment order by amount) as amount_number,
        count(*) over (partition by month, measure, segment) as n_amounts
    from scoped
),

-- the middle one, or the mean of the middle two; too few tell nothing
medians as (
    select
        month,
        measure,
        segment,
        avg(amount) as median
    from ranked
    where
        2 * amount_number >= n_amounts
        and 2 * amount_number <= n_amounts + 2
        and n_amounts >= case
            when measure = 'expansion_rate' then {{ var('plr_orphan_rate_movements') }}
            else {{ var('plr_black_hole_price_conversions') }}
        end
    group by 1, 2, 3
),

segments as (
    select distinct segment
    from {{ ref('int_plr__accounts') }}
),

company as (
    select
        month,
        max(case when measure = 'expansion_rate' then median end) as expansion_rate,
        max(case when measure = 'first_mrr' then median end) as first_mrr
    from medians
    where segment is null
    group by 1
),

by_segment as (
    select
        month,
        segment,
        max(case when measure = 'expansion_rate' then median end) as expansion_rate,
        max(case when measure = 'first_mrr' then median end) as first_mrr
    from medians
    where segment is not null
    group by 1, 2
),

final as (
    select
        months.month,
        segments.segment,
        cast(
            coalesce(
                by_segment.expansion_rate,
                company.expansion_rate,
                {{ var('plr_orphan_default_rate') }}
            ) as {{ plr_share_type() }}
        ) as expansion_rate,
        {{ plr_money_of_float('coalesce(by_segment.first_mrr, company.first_mrr)') }} as first_mrr
    from {{ ref('int_plr__months') }} as months
    cross join segments
    left join by_segment
        on
            months.month = by_segment.month
            and segments.segment = by_segment.segment
    left join company
        on months.month = company.month
)

select * from final
