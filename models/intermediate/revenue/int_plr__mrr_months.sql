with

local_amounts as (
    select
        intervals.account_id,
        months.month,
        intervals.currency,
        {{ plr_money('sum(intervals.mrr)') }} as delivered_mrr
    from {{ ref('int_plr__mrr_intervals') }} as intervals
    inner join {{ ref('int_plr__months') }} as months
        on
            intervals.valid_from <= months.month_end
            and (intervals.valid_to is null or intervals.valid_to > months.month_end)
    group by 1, 2, 3
),

converted as (
    select
        local_amounts.account_id,
        local_amounts.month,
        local_amounts.currency,
        local_amounts.delivered_mrr,
        fx_rates.rate,
        sum({{ plr_converted('local_amounts.delivered_mrr', 'fx_rates.rate') }}) over (
            partition by local_amounts.account_id, local_amounts.month
        ) as total_mrr
    from local_amounts
    inner join {{ ref('int_plr__fx_rates') }} as fx_rates
        on
            local_amounts.month = fx_rates.month
            and local_amounts.currency = fx_rates.currency
    where local_amounts.delivered_mrr <> 0
),

-- residues and credits beyond the charges make the whole account-month zero, in every currency
final as (
    select
        account_id,
        month,
        currency,
        delivered_mrr,
        rate,
        {{ plr_money('total_mrr') }} as total_mrr,
        case
            when total_mrr < {{ var('plr_zero_mrr_band') }} then 0
            else delivered_mrr
        end as local_mrr
    from converted
)

select * from final
