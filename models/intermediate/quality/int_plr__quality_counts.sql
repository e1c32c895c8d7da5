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

relations as (
    select
        relation,
        sum(n_rows) as rows_in,
        sum(case when reject_code is null then n_rows else 0 end) as valid_rows
    from row_counts
    group by 1
),

all_relations as (
    {% for relation in plr_small_relations() | list + ['product_events'] %}
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
    from {{ ref('int_plr__quality_flags') }}
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
