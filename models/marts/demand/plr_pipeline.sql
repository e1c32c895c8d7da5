-- long, since a month's deals are counted in each of its rows and over all of them
with

deals as (
    select
        openings.opportunity_id,
        openings.opened_month,
        openings.sequence_at_open,
        openings.opportunity_type,
        accounts.segment,
        openings.outcome,
        openings.is_sequence_covered as is_covered,
        {{ plr_money('openings.amount_mrr * fx_spans.rate') }} as amount_mrr,
        case
            when openings.outcome = 'won' and openings.is_sequence_covered
                then {{ dbt.datediff(
                    'cast(openings.created_at as date)', 'cast(openings.closed_at as date)', 'day'
                ) }}
        end as days_to_close,
        sum(case when openings.is_sequence_covered then 1 else 0 end)
            over (partition by openings.opened_month) as month_covered,
        sum(
            case when openings.is_sequence_covered and openings.outcome = 'open' then 1 else 0 end
        )
            over (partition by openings.opened_month) as month_open
    from {{ ref('int_plr__deal_openings') }} as openings
    inner join {{ ref('int_plr__accounts') }} as accounts
        on openings.account_id = accounts.account_id
    left join {{ ref('int_plr__fx_spans') }} as fx_spans
        on
            openings.currency = fx_spans.currency
            and openings.opened_month >= fx_spans.from_month
            and openings.opened_month < fx_spans.until_month
    where openings.opened_month <= {{ plr_last_complete_month() }}
),

flags as (
    select true as is_all
    union all
    select false as is_all
),

-- each deal in its own row and in those of all; what came first of one that is not covered, nobody
-- can say
cubed as (
    select
        deals.opened_month,
        case when any_sequence.is_all then 'all' else deals.sequence_at_open end
            as sequence_at_open,
        case when any_type.is_all then 'all' else deals.opportunity_type end as opportunity_type,
        case when any_segment.is_all then 'all' else deals.segment end as segment,
        any_sequence.is_all as is_any_sequence,
        deals.outcome,
        deals.is_covered,
        deals.amount_mrr,
        deals.days_to_close,
        case when deals.sequence_at_open = 'product_first' then deals.amount_mrr else 0 end
            as product_first_mrr,
        deals.month_open <= {{ var('plr_pipeline_open_share') }} * deals.month_covered
            as is_decided
    from deals
    cross join flags as any_sequence
    cross join flags as any_type
    cross join flags as any_segment
    where deals.is_covered or any_sequence.is_all
),

numbered as (
    select
        *,
        row_number() over (
            partition by
                opened_month,
                sequence_at_open,
                opportunity_type,
                segment,
                case when days_to_close is null then 0 else 1 end
            order by days_to_close
        ) as days_number,
        count(days_to_close) over (
            partition by opened_month, sequence_at_open, opportunity_type, segment
        ) as n_days
    from cubed
),

counted as (
    select
        opened_month,
        sequence_at_open,
        opportunity_type,
        segment,
        is_any_sequence,
        is_decided,
        count(*) as opened,
        sum(case when is_covered then 0 else 1 end) as not_covered,
        sum(case when is_covered and outcome = 'won' then 1 else 0 end) as won,
        sum(case when is_covered and outcome = 'lost' then 1 else 0 end) as lost,
        sum(case when is_covered and outcome = 'open' then 1 else 0 end) as still_open,
        sum(case when is_covered and outcome <> 'open' then 1 else 0 end) as decided,
        coalesce(sum(case when is_covered then amount_mrr end), 0) as pipeline_mrr,
        coalesce(sum(case when is_covered and outcome = 'won' then amount_mrr end), 0) as won_mrr,
        count(case when is_covered and outcome = 'won' then amount_mrr end) as won_with_amount,
        coalesce(sum(case when is_covered then product_first_mrr end), 0) as product_first_mrr,
        {{ plr_nearest_rank('days_to_close', 'days_number', 'n_days', 1, 2) | indent(8) }}
            as days_to_close_median
    from numbered
    group by 1, 2, 3, 4, 5, 6
),

final as (
    select
        opened_month,
        sequence_at_open,
        opportunity_type,
        segment,
        cast(opened as int) as opened,
        cast(not_covered as int) as not_covered,
        cast(won as int) as won,
        cast(lost as int) as lost,
        cast(still_open as int) as still_open,
        cast(decided as int) as decided,
        {{ plr_money('pipeline_mrr') }} as pipeline_mrr,
        {{ plr_money('won_mrr') }} as won_mrr,
        cast(won_with_amount as int) as won_with_amount,
        case when is_any_sequence then {{ plr_money('product_first_mrr') }} end
            as product_first_mrr,
        is_decided,
        case when is_decided then {{ plr_ratio('won', 'decided') }} end as win_rate,
        case when is_decided then {{ plr_wilson_low('won', 'decided') | indent(8) }} end
            as win_rate_ci_low,
        case when is_decided then {{ plr_wilson_high('won', 'decided') | indent(8) }} end
            as win_rate_ci_high,
        cast(days_to_close_median as int) as days_to_close_median,
        {{ plr_money_of_float(plr_divided('won_mrr', 'won_with_amount')) }} as mean_won_mrr,
        case when is_any_sequence then {{ plr_ratio('product_first_mrr', 'pipeline_mrr') }} end
            as product_sourced_share,
        {{ plr_confidence_of('decided') | indent(8) }} as confidence
    from counted
)

select * from final
