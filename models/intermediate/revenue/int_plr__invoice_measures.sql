with

lines as (
    select
        *,
        end_us - start_us as length_us,
        is_recurring and amount >= 0 as is_base,
        not is_stated and (amount < 0 or line_type in ('proration', 'credit')) as is_part,
        not is_stated and amount < 0 as is_open_credit,
        -- in the order in which they are known: of those that begin together the longest first
        dense_rank() over (
            partition by account_id, subscription_id
            order by start_us asc, end_us desc
        ) as line_position
    from {{ ref('int_plr__invoice_lines') }}
),

with_neighbours as (
    select
        *,
        max(case when is_open_credit then 1 else 0 end) over (
            partition by account_id, subscription_id, line_position
        ) as has_credit_beside
    from lines
),

-- what neither a statement nor the calendar settles
unsettled as (
    select *
    from with_neighbours
    where
        not is_stated
        and (is_part or is_recurring and (whole_months is null or has_credit_beside = 1))
),

-- the recurring line that it begins in, of several the one of the nearest price
based as (
    select
        unsettled.record_id,
        {{ plr_divided('unsettled.length_us', 'bases.length_us') }} * bases.own_months
            as months_by_time,
        row_number() over (
            partition by unsettled.record_id
            order by
                case when bases.currency = unsettled.currency then 0 else 1 end,
                {{ plr_money_of_float(
                    'abs(' ~ plr_divided('abs(unsettled.amount)', 'unsettled.length_us') ~ ' - '
                    ~ plr_divided('bases.amount', 'bases.length_us') ~ ') * 86400000000'
                ) | indent(16) }},
                bases.start_us desc,
                {{ plr_in_byte_order('bases.record_id') }}
        ) as base_number
    from unsettled
    inner join lines as bases
        on
            unsettled.account_id = bases.account_id
            and unsettled.subscription_id = bases.subscription_id
            and unsettled.start_us >= bases.start_us
            and unsettled.start_us < bases.end_us
            and unsettled.record_id <> bases.record_id
            and bases.is_base
),

measured as (
    select
        lines.*,
        coalesce(based.months_by_time, lines.own_months) as months_by_time
    from lines
    left join based
        on
            lines.record_id = based.record_id
            and based.base_number = 1
),

final as (
    select
        record_id,
        account_id,
        subscription_id,
        currency,
        is_recurring,
        amount,
        seats,
        start_us,
        end_us,
        line_position,
        whole_months,
        own_months,
        {{ plr_money_of_float(plr_divided('amount', 'own_months')) }} as mrr_by_months,
        {{ plr_money_of_float(plr_divided('amount', 'months_by_time')) }} as mrr_by_time,
        is_open_credit,
        is_part or not is_stated and whole_months is null as is_by_time
    from measured
)

select * from final
