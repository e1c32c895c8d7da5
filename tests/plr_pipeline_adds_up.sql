-- deals of a row are won, lost, open or not covered; rows of all are the sums of their parts; and
-- what was won is what plr_deal_origin says was won of the deals opened in the month
with

pipeline as (
    select * from {{ ref('plr_pipeline') }}
),

impossible as (
    select
        opened_month,
        'the deals of a row do not add up, or a rate is out of its bounds' as problem
    from pipeline
    where
        opened <> won + lost + still_open + not_covered
        or decided <> won + lost
        or won_mrr > pipeline_mrr
        or product_first_mrr > pipeline_mrr
        or win_rate < win_rate_ci_low - 0.000001
        or win_rate > win_rate_ci_high + 0.000001
        or (not_covered > 0 and sequence_at_open <> 'all')
),

-- each row beside the row of all in one dimension, the other two held
parts as (
    select
        'sequence_at_open' as dimension,
        opened_month,
        'all' as sequence_at_open,
        opportunity_type,
        segment,
        opened as covered,
        won,
        lost,
        pipeline_mrr,
        won_mrr
    from pipeline
    where sequence_at_open <> 'all'
    union all
    select
        'opportunity_type' as dimension,
        opened_month,
        sequence_at_open,
        'all' as opportunity_type,
        segment,
        opened - not_covered as covered,
        won,
        lost,
        pipeline_mrr,
        won_mrr
    from pipeline
    where opportunity_type <> 'all'
    union all
    select
        'segment' as dimension,
        opened_month,
        sequence_at_open,
        opportunity_type,
        'all' as segment,
        opened - not_covered as covered,
        won,
        lost,
        pipeline_mrr,
        won_mrr
    from pipeline
    where segment <> 'all'
),

sums as (
    select
        dimension,
        opened_month,
        sequence_at_open,
        opportunity_type,
        segment,
        sum(covered) as covered,
        sum(won) as won,
        sum(lost) as lost,
        sum(pipeline_mrr) as pipeline_mrr,
        sum(won_mrr) as won_mrr
    from parts
    group by 1, 2, 3, 4, 5
),

unequal as (
    select
        sums.opened_month,
        {{ dbt.concat(["'the parts do not add up to all of '", 'sums.dimension']) }} as problem
    from sums
    left join pipeline
        on
            sums.opened_month = pipeline.opened_month
            and sums.sequence_at_open = pipeline.sequence_at_open
            and sums.opportunity_type = pipeline.opportunity_type
            and sums.segment = pipeline.segment
    where
        pipeline.opened_month is null
        or sums.covered <> pipeline.opened - pipeline.not_covered
        or sums.won <> pipeline.won
        or sums.lost <> pipeline.lost
        or abs(sums.pipeline_mrr - pipeline.pipeline_mrr) > 0.01
        or abs(sums.won_mrr - pipeline.won_mrr) > 0.01
),

deals as (
    select
        {{ plr_month_of('created_at') }} as opened_month,
        sequence_at_open,
        count(*) as opened,
        sum(case when is_won then 1 else 0 end) as won
    from {{ ref('plr_deal_origin') }}
    where is_sequence_covered
    group by 1, 2
),

untied as (
    select
        deals.opened_month,
        'what was opened or won is not what plr_deal_origin says' as problem
    from deals
    left join pipeline
        on
            deals.opened_month = pipeline.opened_month
            and deals.sequence_at_open = pipeline.sequence_at_open
            and pipeline.opportunity_type = 'all'
            and pipeline.segment = 'all'
    where
        deals.opened_month <= {{ plr_last_complete_month() }}
        and (
            pipeline.opened_month is null
            or deals.opened <> pipeline.opened
            or deals.won <> pipeline.won
        )
)

select * from impossible
union all
select * from unequal
union all
select * from untied
