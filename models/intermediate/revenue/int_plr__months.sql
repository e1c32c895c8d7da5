with

revenue as (
    select
        {{ plr_month_of(
            'coalesce(month, cast(valid_from as date), cast(service_start as date))'
        ) }} as month,
        revenue_shape
    from {{ ref('stg_plr__revenue') }}
    where reject_code is null
),

-- snapshots know nothing past the last loaded month
bounds as (
    select
        min(month) as first_month,
        case
            when max(revenue_shape) = 'snapshots' then max(month)
            else {{ plr_last_complete_month(plr_revenue_as_of_date()) }}
        end as last_month
    from revenue
),

numbers as (
    {{ dbt_utils.generate_series(1200) }}
),

months as (
    select
        {{ plr_date_add(
            'month', 'cast(1 - numbers.generated_number as int)', 'bounds.last_month'
        ) }} as month,
        bounds.first_month,
        bounds.last_month
    from numbers
    cross join bounds
),

loaded_months as (
    select distinct month
    from revenue
    where revenue_shape = 'snapshots'
),

final as (
    select
        months.month,
        {{ dbt.last_day('months.month', 'month') }} as month_end,
        {{ plr_micros(plr_date_add('month', 1, 'months.month')) }} - 1 as month_end_us,
        months.month = months.first_month as is_first,
        months.month = months.last_month as is_last,
        '{{ plr_var("plr_revenue_shape") }}' <> 'snapshots' or loaded_months.month is not null
            as is_loaded,
        case
            when months.month = months.first_month then {{ plr_history_is_complete() }}
            else true
        end as has_history
    from months
    left join loaded_months
        on months.month = loaded_months.month
    where months.month >= months.first_month
)

select * from final
