-- initiations sum to events, shares recompute from stored amounts, the index from the stages
{{ config(group='product_led_revenue') }}

with

index_rows as (
    select * from {{ ref('plr_index_monthly') }}
),

weights as (
    {% for stage, weight in plr_var('plr_index_weights').items() %}
        select
            '{{ stage }}' as stage,
            {{ weight }} as weight
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

unbalanced as (
    select
        month,
        scope,
        scope_value,
        stage,
        'initiations do not add up to the observed amount' as problem
    from index_rows
    where
        abs(
            product_initiated_amount + product_sourced_amount + human_initiated_amount
            - observed_amount
        ) > 0.01
        or observed_amount > total_amount + 0.01
        or n_observed > n_events
),

misstated as (
    select
        month,
        scope,
        scope_value,
        stage,
        'a share is not what its amounts say' as problem
    from index_rows
    where
        stage <> 'all'
        and observed_amount > 0
        and (
            abs(
                product_started_share * observed_amount
                - product_initiated_amount - product_sourced_amount
            ) > 0.01
            or abs(human_started_share * observed_amount - human_initiated_amount) > 0.01
            or abs(product_started_share + human_started_share - 1) > 0.000001
        )
),

-- who of all stages weighs, and the mean that gives
recomputed as (
    select
        index_rows.month,
        index_rows.scope,
        index_rows.scope_value,
        sum(weights.weight * index_rows.product_carried_share) / sum(weights.weight) as carried
    from index_rows
    inner join weights
        on index_rows.stage = weights.stage
    where
        index_rows.n_observed >= {{ var('plr_index_min_stage_events') }}
        and index_rows.product_carried_share is not null
    group by 1, 2, 3
),

off_mean as (
    select
        totals.month,
        totals.scope,
        totals.scope_value,
        totals.stage,
        'the index is not the weighted mean of its stages' as problem
    from index_rows as totals
    left join recomputed
        on
            totals.month = recomputed.month
            and totals.scope = recomputed.scope
            and totals.scope_value = recomputed.scope_value
    where
        totals.stage = 'all'
        and (
            abs(totals.product_carried_share - recomputed.carried) > 0.000001
            or abs(totals.plr_index - 100 * recomputed.carried) > 0.0001
            or (totals.product_carried_share is null and recomputed.carried is not null)
            or (totals.product_carried_share is not null and recomputed.carried is null)
        )
),

-- segments are parts of the company
by_scope as (
    select
        month,
        stage,
        sum(case when scope = 'company' then n_events else 0 end) as company_events,
        sum(case when scope = 'segment' then n_events else 0 end) as segment_events,
        sum(case when scope = 'company' then total_amount else 0 end) as company_amount,
        sum(case when scope = 'segment' then total_amount else 0 end) as segment_amount
    from index_rows
    group by 1, 2
),

split as (
    select
        month,
        'segment' as scope,
        'all' as scope_value,
        stage,
        'segments do not add up to the company' as problem
    from by_scope
    where company_events <> segment_events or abs(company_amount - segment_amount) > 0.01
)

select * from unbalanced
union all
select * from misstated
union all
select * from off_mean
union all
select * from split
