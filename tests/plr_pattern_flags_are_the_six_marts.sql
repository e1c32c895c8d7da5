-- the flags are the rows of the six pattern marts, and a verdict's parts agree with one another
{{ config(group='product_led_revenue') }}
{%- set stakes = {'architecture_drift': 'excess_fte'} %}
{%- set other_patterns = [
    'expansion_orphans', 'hollow_usage', 'borrowed_nrr', 'architecture_drift',
    'product_passive_growth',
] %}

with

flags as (
    select * from {{ ref('plr_pattern_flags') }}
),

counts as (
    select
        'conversion_black_holes' as pattern,
        count(*) as n_rows,
        sum(case when status = 'flagged' then 1 else 0 end) as n_flagged,
        sum(coalesce(mrr_at_stake, 0)) as amount
    from {{ ref('plr_conversion_black_holes') }}
    {% for pattern in other_patterns %}
        union all
        select
            '{{ pattern }}' as pattern,
            count(*) as n_rows,
            sum(case when status = 'flagged' then 1 else 0 end) as n_flagged,
            sum(coalesce({{ stakes.get(pattern, 'mrr_at_stake') }}, 0)) as amount
        from {{ ref('plr_' ~ pattern) }}
    {% endfor %}
),

flag_counts as (
    select
        pattern,
        count(*) as n_rows,
        sum(case when status = 'flagged' then 1 else 0 end) as n_flagged,
        sum(coalesce(amount_at_stake, 0)) as amount
    from flags
    group by 1
),

miscounted as (
    select
        counts.pattern,
        'all' as entity_id,
        cast(null as date) as month,
        'the flags are not the rows of the pattern' as problem
    from counts
    left join flag_counts
        on counts.pattern = flag_counts.pattern
    where
        counts.n_rows <> coalesce(flag_counts.n_rows, 0)
        or coalesce(counts.n_flagged, 0) <> coalesce(flag_counts.n_flagged, 0)
        or abs(coalesce(counts.amount, 0) - coalesce(flag_counts.amount, 0)) > 0.01
),

contradictory as (
    select
        pattern,
        entity_id,
        month,
        'status, severity, amount or streak contradict one another' as problem
    from flags
    where
        (status = 'flagged' and (severity is null or severity = 'low'))
        or (status = 'watch' and coalesce(severity, 'none') <> 'low')
        or (status not in ('flagged', 'watch') and severity is not null)
        or (status not in ('flagged', 'watch') and amount_at_stake is not null)
        or (status = 'flagged' and months_flagged_streak < 1)
        or (status <> 'flagged' and months_flagged_streak <> 0)
        or reason is null
        or evidence_summary is null
),

-- a streak goes on from the month before, or begins
streaks as (
    select
        flags.pattern,
        flags.entity_id,
        flags.month,
        'the streak does not go on from the month before' as problem
    from flags
    left join flags as previous
        on
            flags.pattern = previous.pattern
            and flags.entity_type = previous.entity_type
            and flags.entity_id = previous.entity_id
            and {{ plr_date_add('month', -1, 'flags.month') }} = previous.month
    where
        flags.status = 'flagged'
        and flags.months_flagged_streak <> coalesce(previous.months_flagged_streak, 0) + 1
)

select * from miscounted
union all
select * from contradictory
union all
select * from streaks
