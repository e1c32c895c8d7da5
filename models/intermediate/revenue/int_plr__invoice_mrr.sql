{{ config(materialized='view') }}

with

credits as (
    select * from {{ ref('int_plr__invoice_credits') }}
),

-- a charge goes by the measure of the credit beside it
measures as (
    select
        account_id,
        subscription_id,
        currency,
        line_position,
        max(measure) as measure
    from credits
    group by 1, 2, 3, 4
),

lines as (
    select
        *,
        -- the account's first paid line ends its free time
        min(case when is_recurring and amount > 0 then start_us end) over (
            partition by account_id
        ) as first_paid_us
    from {{ ref('int_plr__invoice_measures') }}
),

final as (
    select
        lines.record_id,
        lines.account_id,
        lines.subscription_id,
        lines.currency,
        lines.start_us,
        lines.end_us,
        case
            when credits.measure is not null then -credits.returned_mrr
            when credits.record_id is not null or measures.measure is null
                then case when lines.is_by_time then lines.mrr_by_time else lines.mrr_by_months end
            when measures.measure = 'time' then lines.mrr_by_time
            else lines.mrr_by_months
        end as mrr,
        -- what a credit returns it returns with its seats; a discount has none
        case
            when lines.amount >= 0 then lines.seats
            when not lines.is_recurring then -lines.seats
        end as seats,
        case
            when lines.is_recurring and lines.amount = 0 and lines.start_us < lines.first_paid_us
                then lines.first_paid_us - {{ plr_days_us(var('plr_trial_max_days')) }}
        end as trial_from_us
    from lines
    left join credits
        on lines.record_id = credits.record_id
    left join measures
        on
            lines.account_id = measures.account_id
            and lines.subscription_id = measures.subscription_id
            and lines.currency = measures.currency
            and lines.line_position = measures.line_position
    where not coalesce(credits.is_goodwill, false)
)

select * from final
