-- a pattern's episodes are the beginnings of the streaks in plr_pattern_flags; no part is more than
-- its whole, a longer horizon sees as much and more, and rates follow from the numbers beside them
with

backtest as (
    select * from {{ ref('plr_pattern_backtest') }}
),

impossible as (
    select
        pattern,
        'a part is more than its whole, or a rate is not what its numbers say' as problem
    from backtest
    where
        outcomes > episodes
        or accounts > episodes
        or acted_on_episodes > episodes
        or acted_on_outcomes > outcomes
        or acted_on_outcomes > acted_on_episodes
        or base_episodes > episodes
        or base_outcomes > base_episodes + 0.000001
        or flagged_outcomes > judged_outcomes
        or outcome_mrr > mrr_concerned
        or abs(rate - {{ plr_divided('outcomes', 'episodes') }}) > 0.0001
        or rate < rate_ci_low - 0.000001
        or rate > rate_ci_high + 0.000001
        or abs(base_rate - {{ plr_divided('base_outcomes', 'base_episodes') }}) > 0.0001
        or abs(lift * base_rate - rate) > 0.0001 * (1 + lift)
        or (episodes > 0 and rate is null)
        or (is_horizon_over <> (rate is not null))
),

-- each row beside that of another outcome or of a longer horizon
pairs as (
    select
        shorter.pattern,
        shorter.horizon_months = longer.horizon_months as is_same_horizon,
        shorter.outcome = longer.outcome as is_same_outcome,
        shorter.outcome = 'churn' and longer.outcome = 'contraction_or_churn' as is_part,
        shorter.episodes as shorter_episodes,
        longer.episodes as longer_episodes,
        shorter.episodes + shorter.open_episodes as shorter_all,
        longer.episodes + longer.open_episodes as longer_all,
        shorter.outcomes as shorter_outcomes,
        longer.outcomes as longer_outcomes
    from backtest as shorter
    inner join backtest as longer
        on
            shorter.pattern = longer.pattern
            and shorter.status = longer.status
            and shorter.reason = longer.reason
            and shorter.horizon_months <= longer.horizon_months
),

unequal as (
    select
        pattern,
        'the same episodes are counted differently' as problem
    from pairs
    where
        shorter_all <> longer_all
        or longer_episodes > shorter_episodes
        or (is_same_horizon and longer_episodes <> shorter_episodes)
        or (is_same_horizon and is_part and shorter_outcomes > longer_outcomes)
        or (
            is_same_outcome
            and longer_episodes = shorter_episodes
            and shorter_outcomes > longer_outcomes
        )
),

verdicts as (
    select
        pattern,
        entity_id,
        month,
        status,
        reason,
        {{ plr_date_add('month', 1, 'month') }} as next_month
    from {{ ref('plr_pattern_flags') }}
    where entity_type = 'account' and status <> 'not_eligible'
),

-- a streak begins where the month before said something else, and may where it said nothing
beginnings as (
    select
        verdicts.pattern,
        verdicts.status,
        verdicts.reason,
        sum(
            case
                when
                    previous.status is null
                    or (
                        previous.status <> 'insufficient_data'
                        and (
                            previous.status <> verdicts.status
                            or previous.reason <> verdicts.reason
                        )
                    )
                    then 1
                else 0
            end
        ) as surely,
        sum(case when previous.status = 'insufficient_data' then 1 else 0 end) as perhaps
    from verdicts
    left join verdicts as previous
        on
            verdicts.pattern = previous.pattern
            and verdicts.entity_id = previous.entity_id
            and verdicts.month = previous.next_month
    where verdicts.status <> 'insufficient_data'
    group by 1, 2, 3
),

untied as (
    select
        beginnings.pattern,
        'the episodes are not the streaks of plr_pattern_flags' as problem
    from beginnings
    left join backtest
        on
            beginnings.pattern = backtest.pattern
            and beginnings.status = backtest.status
            and beginnings.reason = backtest.reason
    where
        backtest.pattern is null
        or backtest.episodes + backtest.open_episodes < beginnings.surely
        or backtest.episodes + backtest.open_episodes > beginnings.surely + beginnings.perhaps
)

select * from impossible
union all
select * from unequal
union all
select * from untied
