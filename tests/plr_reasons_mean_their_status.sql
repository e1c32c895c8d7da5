-- every verdict has the status that its reason means
{{ config(group='product_led_revenue') }}

with

reasons as (
    select * from {{ ref('stg_plr__pattern_reasons') }}
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

select * from unmeant
