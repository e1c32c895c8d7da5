with

first_months as (
    select
        account_id,
        min(month) as month
    from {{ ref('int_plr__account_mrr') }}
    group by 1
),

dated_months as (
    select
        first_months.account_id,
        first_months.month,
        months.month_end,
        months.has_history
    from first_months
    inner join {{ ref('int_plr__months') }} as months
        on first_months.month = months.month
),

-- what each interval adds or takes away within that month
intervals as (
    select
        dated_months.account_id,
        dated_months.month,
        dated_months.month_end,
        intervals.valid_from,
        intervals.valid_to,
        {{ plr_converted('intervals.mrr', 'fx_rates.rate') }} as mrr
    from dated_months
    inner join {{ ref('int_plr__mrr_intervals') }} as intervals
        on
            dated_months.account_id = intervals.account_id
            and dated_months.month_end >= intervals.valid_from
            and (intervals.valid_to is null or dated_months.month < intervals.valid_to)
    inner join {{ ref('int_plr__fx_rates') }} as fx_rates
        on
            dated_months.month = fx_rates.month
            and intervals.currency = fx_rates.currency
),

changes as (
    select
        account_id,
        case when valid_from < month then month else valid_from end as changed_on,
        mrr as change
    from intervals
    union all
    select
        account_id,
        valid_to as changed_on,
        -mrr as change
    from intervals
    where valid_to <= month_end
),

daily_changes as (
    select
        account_id,
        changed_on,
        sum(change) as change
    from changes
    group by 1, 2
),

daily as (
    select
        account_id,
        changed_on,
        sum(change) over (
            partition by account_id
            order by changed_on
            rows between unbounded preceding and current row
        ) as mrr
    from daily_changes
),

first_days as (
    select
        account_id,
        min(changed_on) as first_paid_date
    from daily
    where mrr >= {{ var('plr_zero_mrr_band') }}
    group by 1
),

-- who paid before the history began paid first on a day nobody knows
final as (
    select
        dated_months.account_id,
        dated_months.month as first_paid_month,
        dated_months.has_history as is_dated,
        case when dated_months.has_history then first_days.first_paid_date end as first_paid_date
    from dated_months
    inner join first_days
        on dated_months.account_id = first_days.account_id
)

select * from final
