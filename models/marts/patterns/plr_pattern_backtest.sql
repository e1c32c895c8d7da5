-- long, since what is counted of the flags is counted of clear accounts, of those acted on, and of
-- the outcomes themselves
with

horizons as (
    {% for months in plr_var('plr_backtest_horizons') -%}
        select {{ months }} as horizon_months
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- counted first: horizons multiply rows
alike as (
    select
        pattern,
        month,
        status,
        reason,
        outcome,
        is_episode,
        is_first_episode,
        months_judged,
        months_since_flag,
        months_to_act,
        months_to_outcome,
        count(*) as verdicts,
        sum(coalesce(mrr, 0)) as mrr
    from {{ ref('int_plr__verdict_outcomes') }}
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
),

-- an episode is where a streak begins; an account clear in a month is compared with the episodes of
-- the month; an outcome of the month after tells whether it was flagged before
asked as (
    select
        alike.pattern,
        alike.month,
        alike.status,
        alike.reason,
        alike.outcome,
        horizons.horizon_months,
        alike.is_episode,
        alike.is_first_episode,
        coalesce(alike.months_to_outcome <= horizons.horizon_months, false) as has_outcome,
        coalesce(
            alike.months_to_act <= horizons.horizon_months
            and (
                alike.months_to_outcome is null
                or alike.months_to_act <= alike.months_to_outcome
            ),
            false
        ) as is_acted_on,
        coalesce(
            alike.months_to_outcome = 1 and alike.months_judged >= horizons.horizon_months,
            false
        ) as precedes_outcome,
        coalesce(alike.months_since_flag < horizons.horizon_months, false) as is_flagged_before,
        alike.verdicts,
        alike.mrr
    from alike
    cross join horizons
),

by_month as (
    select
        pattern,
        month,
        status,
        reason,
        outcome,
        horizon_months,
        cast(sum(case when is_episode then verdicts else 0 end) as int) as episodes,
        cast(sum(case when is_first_episode then verdicts else 0 end) as int) as accounts,
        cast(sum(case when is_episode and has_outcome then verdicts else 0 end) as int) as outcomes,
        cast(sum(case when is_episode and is_acted_on then verdicts else 0 end) as int) as acted_on,
        cast(
            sum(
                case when is_episode and is_acted_on and has_outcome then verdicts else 0 end
            ) as int
        ) as acted_on_outcomes,
        sum(case when is_episode then mrr else 0 end) as mrr,
        sum(case when is_episode and has_outcome then mrr else 0 end) as outcome_mrr,
        cast(sum(case when status = 'clear' then verdicts else 0 end) as int) as clear_accounts,
        cast(sum(case when status = 'clear' and has_outcome then verdicts else 0 end) as int)
            as clear_outcomes,
        cast(sum(case when precedes_outcome then verdicts else 0 end) as int) as judged_outcomes,
        cast(sum(case when precedes_outcome and is_flagged_before then verdicts else 0 end) as int)
            as flagged_outcomes
    from asked
    group by 1, 2, 3, 4, 5, 6
),

-- whatever their status and reason: the clear accounts of the month, and all outcomes
compared as (
    select
        by_month.*,
        {{ plr_months_between('by_month.month', 'months.month') }} >= by_month.horizon_months
            as is_over,
        {{ plr_ratio(
            'sum(by_month.clear_outcomes) over (partition by by_month.pattern,'
            ~ ' by_month.outcome, by_month.horizon_months, by_month.month)',
            'sum(by_month.clear_accounts) over (partition by by_month.pattern,'
            ~ ' by_month.outcome, by_month.horizon_months, by_month.month)'
        ) }} as clear_rate,
        sum(by_month.judged_outcomes) over (
            partition by by_month.pattern, by_month.outcome, by_month.horizon_months
        ) as all_judged_outcomes,
        sum(by_month.flagged_outcomes) over (
            partition by by_month.pattern, by_month.outcome, by_month.horizon_months
        ) as all_flagged_outcomes
    from by_month
    cross join {{ ref('int_plr__months') }} as months
    where months.is_last
),

counted as (
    select
        pattern,
        status,
        reason,
        outcome,
        horizon_months,
        cast(sum(case when is_over then episodes else 0 end) as int) as episodes,
        cast(sum(case when is_over then 0 else episodes end) as int) as open_episodes,
        cast(sum(case when is_over then accounts else 0 end) as int) as accounts,
        cast(sum(case when is_over then outcomes else 0 end) as int) as outcomes,
        cast(
            sum(case when is_over and clear_rate is not null then episodes else 0 end) as int
        ) as base_episodes,
        cast(
            coalesce(sum(case when is_over then episodes * clear_rate end), 0)
            as {{ plr_share_type() }}
        ) as base_outcomes,
        cast(sum(case when is_over then acted_on else 0 end) as int) as acted_on_episodes,
        cast(sum(case when is_over then acted_on_outcomes else 0 end) as int)
            as acted_on_outcomes,
        cast(max(case when status = 'flagged' then all_judged_outcomes end) as int)
            as judged_outcomes,
        cast(max(case when status = 'flagged' then all_flagged_outcomes end) as int)
            as flagged_outcomes,
        {{ plr_money('sum(case when is_over then mrr else 0 end)') }} as mrr_concerned,
        {{ plr_money('sum(case when is_over then outcome_mrr else 0 end)') }} as outcome_mrr
    from compared
    group by 1, 2, 3, 4, 5
),

final as (
    select
        pattern,
        status,
        reason,
        outcome,
        cast(horizon_months as int) as horizon_months,
        episodes > 0 as is_horizon_over,
        episodes,
        open_episodes,
        accounts,
        outcomes,
        {{ plr_ratio('outcomes', 'episodes') }} as rate,
        {{ plr_wilson_low('outcomes', 'episodes') | indent(8) }} as rate_ci_low,
        {{ plr_wilson_high('outcomes', 'episodes') | indent(8) }} as rate_ci_high,
        {{ plr_confidence_of('episodes') | indent(8) }} as confidence,
        base_episodes,
        base_outcomes,
        {{ plr_ratio('base_outcomes', 'base_episodes') }} as base_rate,
        {{ plr_ratio(
            plr_divided('outcomes', 'episodes'), plr_divided('base_outcomes', 'base_episodes')
        ) }} as lift,
        acted_on_episodes,
        acted_on_outcomes,
        {{ plr_ratio('acted_on_outcomes', 'acted_on_episodes') }} as acted_on_rate,
        {{ plr_ratio('(outcomes - acted_on_outcomes)', '(episodes - acted_on_episodes)') }}
            as left_alone_rate,
        judged_outcomes,
        flagged_outcomes,
        {{ plr_ratio('flagged_outcomes', 'judged_outcomes') }} as recall,
        mrr_concerned,
        outcome_mrr
    from counted
)

select * from final
