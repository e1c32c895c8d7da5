with

codes as (
    {% for code, kind, what_to_do in plr_quality_codes() %}
        select
            '{{ code }}' as code,
            '{{ kind }}' as kind,
            '{{ what_to_do }}' as what_to_do
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

small_row_counts as (
    {% for relation in plr_small_relations() %}
        select
            '{{ relation }}' as relation,
            reject_code,
            count(*) as n_rows
        from {{ ref('stg_plr__' ~ relation) }}
        group by 2
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

row_counts as (
    select * from small_row_counts
    union all
    select
        'product_events' as relation,
        reject_code,
        sum(event_rows) as n_rows
    from {{ ref('int_plr__event_months') }}
    group by 2
),

overlapping as (
    select count(*) as n_rows
    from {{ ref('int_plr__mrr_intervals') }}
    where is_overlapping
),

intra_months as (
    select count(*) as n_rows
    from {{ ref('int_plr__mrr_intervals') }}
    where
        mrr > 0
        and not is_trial
        and valid_to > valid_from
        and valid_to <= {{ dbt.last_day('valid_from', 'month') }}
        and {{ plr_month_of('valid_from') }} <= {{ plr_last_complete_month() }}
),

negative_account_months as (
    select
        account_id,
        month,
        max(total_mrr) as total_mrr
    from {{ ref('int_plr__mrr_months') }}
    where total_mrr <= -{{ var('plr_zero_mrr_band') }}
    group by 1, 2
),

tracking_breaks as (
    select * from {{ ref('int_plr__tracking_breaks') }}
),

flags as (
    select
        'revenue' as relation,
        'overlapping_period' as code,
        n_rows,
        cast(null as {{ dbt.type_string() }}) as detail
    from overlapping
    union all
    select
        'revenue' as relation,
        'intra_month' as code,
        n_rows,
        cast(null as {{ dbt.type_string() }}) as detail
    from intra_months
    union all
    select
        'revenue' as relation,
        'negative_account_mrr' as code,
        count(*) as n_rows,
        {{ dbt.concat([
            "'credits beyond charges: '", 'cast(sum(total_mrr) as ' ~ dbt.type_string() ~ ')'
        ]) }} as detail
    from negative_account_months
    union all
    select
        'revenue' as relation,
        code,
        sum(affected_rows) as n_rows,
        {{ plr_listed(
            dbt.concat(['currency', "' '", 'cast(month as ' ~ dbt.type_string() ~ ')']),
            [plr_in_byte_order('currency'), 'month']
        ) }} as detail
    from {{ ref('int_plr__revenue_gaps') }}
    group by 2
    union all
    select
        'crm_activities' as relation,
        'backdated_activity' as code,
        count(*) as n_rows,
        cast(null as {{ dbt.type_string() }}) as detail
    from {{ ref('int_plr__crm_activities') }}
    where is_backdated
    union all
    select
        'crm_activities' as relation,
        'contact_unmatched' as code,
        count(*) as n_rows,
        cast(null as {{ dbt.type_string() }}) as detail
    from {{ ref('int_plr__sales_touches') }}
    where is_unmatched
    union all
    select
        case when feed = 'crm' then 'crm_activities' else feed end as relation,
        'stale_feed' as code,
        1 as n_rows,
        {{ dbt.concat([
            "'newest row: '",
            'cast(' ~ plr_from_micros('last_us') ~ ' as ' ~ dbt.type_string() ~ ')'
        ]) }} as detail
    from {{ ref('int_plr__feeds') }}
    where stale_from_us is not null
    union all
    select
        'product_events' as relation,
        'tracking_break' as code,
        count(*) as n_rows,
        {{ plr_listed('cast(month as ' ~ dbt.type_string() ~ ')', ['month']) }} as detail
    from tracking_breaks
),

relations as (
    select
        relation,
        sum(n_rows) as rows_in,
        sum(case when reject_code is null then n_rows else 0 end) as valid_rows
    from row_counts
    group by 1
),

all_relations as (
    {% for relation in plr_small_relations() + ['product_events'] %}
        select '{{ relation }}' as relation
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

findings as (
    select
        all_relations.relation,
        'valid' as code,
        coalesce(relations.valid_rows, 0) as n_rows,
        cast(null as {{ dbt.type_string() }}) as detail
    from all_relations
    left join relations
        on all_relations.relation = relations.relation
    union all
    select
        relation,
        reject_code as code,
        n_rows,
        cast(null as {{ dbt.type_string() }}) as detail
    from row_counts
    where reject_code is not null
    union all
    select
        relation,
        code,
        n_rows,
        detail
    from flags
    where n_rows > 0
),

final as (
    select
        findings.relation,
        findings.code,
        codes.kind,
        codes.what_to_do,
        findings.detail,
        coalesce(relations.rows_in, 0) as rows_in,
        coalesce(relations.valid_rows, 0) as valid_rows,
        findings.n_rows,
        {{ plr_ratio('findings.n_rows', 'relations.rows_in') }} as share,
        {{ plr_ratio(
            "sum(case when codes.kind = 'structural' then findings.n_rows else 0 end)"
            ~ " over (partition by findings.relation)",
            'relations.rows_in'
        ) }} as structural_share
    from findings
    inner join codes
        on findings.code = codes.code
    left join relations
        on findings.relation = relations.relation
)

select * from final
