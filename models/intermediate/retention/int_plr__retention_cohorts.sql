with

months as (
    select * from {{ ref('int_plr__months') }}
),

origins as (
    select *
    from {{ ref('int_plr__origins') }}
    where subject_type = 'account' and scenario = 'headline'
),

endings as (
    select
        mrr_months.account_id,
        mrr_months.month,
        sum({{ plr_converted('mrr_months.local_mrr', 'base_rates.rate_or_next') }})
            as mrr_at_base_rates
    from {{ ref('int_plr__mrr_months') }} as mrr_months
    left join {{ ref('int_plr__fx_rates') }} as base_rates
        on
            mrr_months.currency = base_rates.currency
            and {{ plr_date_add('month', -12, 'mrr_months.month') }} = base_rates.month
    group by 1, 2
),

-- closed: who paid a year ago, at today's amounts and the rates of then
final as (
    select
        starts.account_id,
        months.month,
        accounts.segment,
        accounts.acquisition_channel,
        {{ plr_origin_known_by(
            'base_months.month_end_us', 'origins.origin', 'origins.decided_us',
            'origins.is_coverage_failure', 'origins.evidence_us'
        ) | indent(8) }} as origin,
        starts.mrr as starting_mrr,
        {{ plr_money('coalesce(endings.mrr_at_base_rates, 0)') }} as ending_mrr
    from {{ ref('int_plr__account_mrr') }} as starts
    inner join months as base_months
        on starts.month = base_months.month
    inner join months
        on {{ plr_date_add('month', 12, 'starts.month') }} = months.month
    inner join origins
        on starts.account_id = origins.account_id
    inner join {{ ref('int_plr__accounts') }} as accounts
        on starts.account_id = accounts.account_id
    left join endings
        on
            starts.account_id = endings.account_id
            and months.month = endings.month
)

select * from final
