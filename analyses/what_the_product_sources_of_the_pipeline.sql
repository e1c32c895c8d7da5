-- What does the product source of the pipeline, and do the deals it opened win more often?
with

pipeline as (
    select * from {{ ref('plr_pipeline') }}
    where opportunity_type = 'all' and segment = 'all'
),

-- a month of which most deals have closed: the others would show the quick ones alone
decided_months as (
    select
        opened_month,
        row_number() over (order by opened_month desc) as months_ago
    from pipeline
    where sequence_at_open = 'all' and is_decided
),

last_year as (
    select
        pipeline.sequence_at_open,
        sum(pipeline.won + pipeline.lost + pipeline.still_open) as deals,
        sum(pipeline.pipeline_mrr) as pipeline_mrr,
        sum(pipeline.won) as won,
        sum(pipeline.decided) as decided,
        sum(pipeline.won_mrr) as won_mrr,
        sum(pipeline.not_covered) as not_covered
    from pipeline
    inner join decided_months
        on pipeline.opened_month = decided_months.opened_month
    where decided_months.months_ago <= 12
    group by pipeline.sequence_at_open
),

company as (
    select pipeline_mrr
    from last_year
    where sequence_at_open = 'all'
),

shares as (
    select
        last_year.sequence_at_open,
        last_year.deals,
        last_year.pipeline_mrr,
        last_year.pipeline_mrr / nullif(company.pipeline_mrr, 0) as share_of_pipeline,
        last_year.won,
        last_year.decided,
        cast(last_year.won as {{ dbt.type_numeric() }}) / nullif(last_year.decided, 0) as win_rate,
        last_year.won_mrr,
        last_year.not_covered
    from last_year
    cross join company
),

-- not covered are deals of which nobody can say what came first
final as (
    select
        case sequence_at_open
            when 'product_first' then 'opened after the product had shown value'
            when 'sales_first' then 'opened after a person had reached out'
            when 'ambiguous' then 'opened after both, in no clear order'
            when 'none' then 'opened without either'
            else 'all deals of which it is known'
        end as deals_that_were,
        deals,
        pipeline_mrr,
        share_of_pipeline,
        decided,
        won,
        win_rate,
        won_mrr,
        not_covered
    from shares
)

select * from final
order by deals_that_were
