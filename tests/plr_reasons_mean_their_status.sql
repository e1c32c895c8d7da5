-- the words of the table of reasons are known, and every verdict has the status its reason means
{{ config(group='product_led_revenue') }}

with

reasons as (
    select * from {{ ref('stg_plr__pattern_reasons') }}
),

-- a status misspelt would be nobody's, a pattern misspelt would leave its reasons unlisted
misspelt as (
    select
        pattern,
        reason,
        status,
        'pattern or status of the table of var plr_pattern_reasons is none' as problem
    from reasons
    where
        status not in ('flagged', 'watch', 'clear', 'insufficient_data', 'not_eligible')
        or pattern not in (
            'expansion_orphans',
            'conversion_black_holes',
            'hollow_usage',
            'borrowed_nrr',
            'architecture_drift',
            'product_passive_growth'
        )
),

given as (
    select distinct
        pattern,
        reason,
        status
    from {{ ref('plr_pattern_flags') }}
),

unmeant as (
    select
        given.pattern,
        given.reason,
        given.status,
        'the verdict is not what its reason means' as problem
    from given
    left join reasons
        on
            given.pattern = reasons.pattern
            and given.reason = reasons.reason
            and given.status = reasons.status
    where reasons.pattern is null
)

select * from misspelt
union all
select * from unmeant
