with

observed as (
    select
        month,
        segment,
        initiation <> 'unobserved' as is_observed,
        initiation in ('human_initiated', 'product_sourced_human_assisted') as is_human,
        amount_mrr
    from {{ ref('int_plr__revenue_events') }}
    where stage = 'conversion'
),

-- conversions of the last twelve months, and those of them that needed a person
conversions as (
    select
        months.month,
        observed.segment,
        sum(case when observed.is_observed then 1 else 0 end) as n_observed,
        sum(case when observed.is_human then 1 else 0 end) as n_human,
        sum(case when observed.is_human then observed.amount_mrr else 0 end) as human_mrr
    from {{ ref('int_plr__months') }} as months
    inner join observed
        on
            months.month >= observed.month
            and {{ plr_date_add('month', -12, 'months.month') }} < observed.month
    group by 1, 2
),

reasoned as (
    select
        *,
        {{ plr_conversion_black_holes_segment_reason('n_observed', 'n_human') | indent(8) }}
            as reason
    from conversions
),

final as (
    select
        reasoned.*,
        {{ plr_status_of('conversion_black_holes', 'reasoned.reason', 'reasons.status')
            | indent(8) }} as status
    from reasoned
    left join {{ ref('stg_plr__pattern_reasons') }} as reasons
        on
            reasons.pattern = 'conversion_black_holes'
            and reasoned.reason = reasons.reason
)

select * from final
