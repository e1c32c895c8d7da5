with

months as (
    select * from {{ ref('int_plr__months') }}
),

origins as (
    select
        origins.account_id,
        accounts.segment,
        origins.origin,
        origins.is_coverage_failure,
        origins.decided_us
    from {{ ref('int_plr__origins') }} as origins
    inner join {{ ref('int_plr__accounts') }} as accounts
        on origins.account_id = accounts.account_id
    where origins.subject_type = 'account' and origins.scenario = 'headline'
),

mrr_months as (
    select
        mrr_months.account_id,
        mrr_months.month,
        {{ plr_date_add('month', -12, 'mrr_months.month') }} as base_month,
        {{ plr_money('sum(' ~ plr_converted('mrr_months.local_mrr', 'mrr_months.rate') ~ ')') }}
            as mrr,
        {{ plr_money(
            'sum(' ~ plr_converted('mrr_months.local_mrr', 'base_rates.rate_or_next') ~ ')'
        ) }} as mrr_at_base_rates
    from {{ ref('int_plr__mrr_months') }} as mrr_months
    left join {{ ref('int_plr__fx_rates') }} as base_rates
        on
            mrr_months.currency = base_rates.currency
            and {{ plr_date_add('month', -12, 'mrr_months.month') }} = base_rates.month
    where mrr_months.local_mrr <> 0
    group by 1, 2, 3
),

-- closed: who paid a year ago, at today's amounts and the rates of then
final as (
    select
        starts.account_id,
        months.month,
        origins.segment,
        {{ plr_origin_known_by(
            'base_months.month_end_us', 'origins.origin', 'origins.decided_us', 'origins.is_coverage_failure'
        ) | indent(8) }} as origin,
        starts.mrr as starting_mrr,
        {{ plr_money('coalesce(ends.mrr_at_base_rates, 0)') }} as ending_mrr
    from mrr_months as starts
    inner join months as base_months
        on starts.month = base_months.month
    inner join months
        on {{ plr_date_add('month', 12, 'starts.month') }} = months.month
    inner join origins
        on starts.account_id = origins.account_id
    left join mrr_months as ends
        on
            starts.account_id = ends.account_id
            and starts.month = ends.base_month
)

select * from final
