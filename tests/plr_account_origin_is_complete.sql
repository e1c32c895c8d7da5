-- every account has one verdict that fits its payments, and their MRR of today is the company's
{{ config(group='product_led_revenue') }}

with

origins as (
    select * from {{ ref('plr_account_origin') }}
),

missing as (
    select
        accounts.account_id,
        'the account has no verdict' as problem
    from {{ ref('int_plr__accounts') }} as accounts
    left join origins
        on accounts.account_id = origins.account_id
    where origins.account_id is null
),

contradictory as (
    select
        origins.account_id,
        'the verdict does not fit the payments' as problem
    from origins
    left join {{ ref('int_plr__first_payments') }} as payments
        on origins.account_id = payments.account_id
    where
        (origins.origin is null) <> (payments.account_id is null)
        or (origins.origin_evidence = 'prospect') <> (payments.account_id is null)
        or (origins.is_product_driven is null) <> (payments.account_id is null)
        or (origins.is_product_driven_strict and not origins.is_product_driven)
        or (origins.current_mrr > 0 and payments.account_id is null)
),

todays_mrr as (
    select sum(current_mrr) as mrr from origins
),

last_closing as (
    select coalesce(sum(movements.closing_mrr), 0) as mrr
    from {{ ref('plr_mrr_movements') }} as movements
    inner join {{ ref('int_plr__months') }} as months
        on movements.month = months.month
    where months.is_last and months.has_history
),

untied as (
    select
        'all' as account_id,
        'current_mrr does not add up to the last closing_mrr' as problem
    from todays_mrr
    cross join last_closing
    where last_closing.mrr > 0 and abs(todays_mrr.mrr - last_closing.mrr) > 0.01
)

select * from missing
union all
select * from contradictory
union all
select * from untied
