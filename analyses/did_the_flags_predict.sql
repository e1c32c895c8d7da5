-- Did the flags predict? What followed each flag and watch within six months, against accounts that
-- were clear in the same months.
with

backtest as (
    select * from {{ ref('plr_pattern_backtest') }}
    where status in ('flagged', 'watch') and horizon_months = 6
),

-- told from the base only where it lies outside of the interval; association, not cause
final as (
    select
        pattern,
        status,
        reason,
        outcome,
        case
            when not is_horizon_over then 'no horizon is over yet'
            when episodes < 10 then 'too few to tell'
            when base_rate is null then 'nobody was clear to compare with'
            when rate_ci_low > base_rate then 'yes, more often than of clear accounts'
            when rate_ci_high < base_rate then 'yes, less often than of clear accounts'
            else 'can not be told from clear accounts'
        end as answer,
        episodes,
        accounts,
        open_episodes,
        outcomes,
        rate,
        rate_ci_low,
        rate_ci_high,
        base_rate,
        lift,
        acted_on_episodes,
        acted_on_rate,
        left_alone_rate,
        recall,
        mrr_concerned,
        outcome_mrr
    from backtest
)

select * from final
order by pattern, status, reason, outcome
