{{ config(materialized='incremental', **plr_by_month('word')) }}

-- two columns of the raw events; where no words are delivered, no event is read
with

words as (
    select
        coalesce({{ plr_month_of('occurred_at') }}, cast('1900-01-01' as date)) as event_month,
        occurred_precision as word,
        count(*) as n_rows
    from {{ ref('stg_plr__product_events') }}
    where occurred_precision is not null and {{ plr_is_to_read('occurred_at') }}
    group by 1, 2
),

-- a month that lost its last word leaves a row, too, or what stood there would stay
final as (
    select
        event_month,
        word,
        cast(n_rows as bigint) as n_rows
    from words
    union all
    select distinct
        event_month,
        cast(null as {{ dbt.type_string() }}) as word,
        cast(0 as bigint) as n_rows
    from {{ ref('int_plr__months_to_read') }}
)

select * from final
