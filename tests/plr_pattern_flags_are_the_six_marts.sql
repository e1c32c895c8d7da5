-- the flags are the rows of the six pattern marts, and a verdict's parts agree with one another
{%- set marts = [
    ('expansion_orphans', ref('plr_expansion_orphans'), 'mrr_at_stake'),
    ('conversion_black_holes', ref('plr_conversion_black_holes'), 'mrr_at_stake'),
    ('hollow_usage', ref('plr_hollow_usage'), 'mrr_at_stake'),
    ('borrowed_nrr', ref('plr_borrowed_nrr'), 'mrr_at_stake'),
    ('architecture_drift', ref('plr_architecture_drift'), 'excess_fte'),
    ('product_passive_growth', ref('plr_product_passive_growth'), 'mrr_at_stake'),
] %}

with

flags as (
    select * from {{ ref('plr_pattern_flags') }}
),

counts as (
    {% for pattern, mart, amount in marts %}
        select
            '{{ pattern }}' as pattern,
            count(*) as n_rows,
            sum(case when status = 'flagged' then 1 else 0 end) as n_flagged,
            sum(coalesce({{ amount }}, 0)) as amount
        from {{ mart }}
        {{ 'union all' if not loop.last }}
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
        (status = 'flagged' and coalesce(severity, 'low') = 'low')
        or (status = 'watch' and coalesce(severity, 'none') <> 'low')
        or (status not in ('flagged', 'watch') and severity is not null)
        or (status not in ('flagged', 'watch') and amount_at_stake is not null)
        or amount_at_stake < 0
        or (status = 'flagged' and months_flagged_streak < 1)
        or (status <> 'flagged' and months_flagged_streak <> 0)
        or status is null
        or reason is null
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
