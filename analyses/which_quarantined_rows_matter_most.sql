-- Which rows were left out or are doubtful, which of them matter most, and what mends them?
with

examples as (
    select
        relation,
        code,
        min(record_id) as example_record_id
    from {{ ref('plr_quarantine') }}
    group by relation, code
),

final as (
    select
        quality.relation,
        quality.code,
        quality.severity,
        quality.{{ adapter.quote('rows') }} as n_rows,
        quality.share,
        quality.what_to_do,
        examples.example_record_id,
        case
            when quality.severity = 'fail' then 1
            when quality.severity = 'warn' then 2
            when quality.code in ('unmapped_activity', 'contact_unmatched') then 3
            when quality.kind <> 'info' then 4
            else 5
        end as urgency
    from {{ ref('plr_data_quality') }} as quality
    left join examples
        on
            quality.relation = examples.relation
            and quality.code = examples.code
    where quality.code <> 'valid' and quality.{{ adapter.quote('rows') }} > 0
)

select * from final
order by urgency asc, share desc, n_rows desc
