{{ config(materialized='view') }}
{%- set is_family = plr_var('plr_activity_scope') == 'family' %}

-- every verdict on an account, and how long after it the next outcome of each kind came; long,
-- since all of it comes out of one pass over the account's months
with

verdicts as (
    select
        'expansion_orphans' as pattern,
        'payer' as asked_of,
        account_id,
        month,
        status,
        reason,
        closing_mrr as mrr
    from {{ ref('int_plr__expansion_orphans_verdicts') }}
    where status <> 'not_eligible'
    union all
    select
        'hollow_usage' as pattern,
        'payer' as asked_of,
        account_id,
        month,
        status,
        reason,
        closing_mrr as mrr
    from {{ ref('int_plr__hollow_usage_verdicts') }}
    where status <> 'not_eligible'
    union all
    select
        'conversion_black_holes' as pattern,
        'prospect' as asked_of,
        verdicts.account_id,
        verdicts.month,
        verdicts.status,
        verdicts.reason,
        typical.first_mrr as mrr
    from {{ ref('int_plr__conversion_black_holes_verdicts') }} as verdicts
    inner join {{ ref('int_plr__typical_amounts') }} as typical
        on
            verdicts.month = typical.month
            and verdicts.segment = typical.segment
    where verdicts.status <> 'not_eligible'
),

-- a movement of revenue moves an account, too, but is an outcome here and no act
moved as (
    select
        motions.account_id,
        motions.month,
        movements.movement_type,
        coalesce(motions.last_act_us >= {{ plr_micros('motions.month') }}, false) as has_act
    from {{ ref('int_plr__last_motions') }} as motions
    left join {{ ref('int_plr__mrr_movements') }} as movements
        on
            motions.account_id = movements.account_id
            and motions.month = movements.month
),

-- from each month on, when what came next
later as (
    select
        account_id,
        month,
        {{ plr_next_month("movement_type = 'churn'", 'account_id', 'month') | indent(8) }}
            as churn_month,
        {{ plr_next_month(
            "movement_type in ('contraction', 'churn')", 'account_id', 'month'
        ) | indent(8) }} as loss_month,
        {{ plr_next_month("movement_type = 'expansion'", 'account_id', 'month') | indent(8) }}
            as expansion_month,
        {{ plr_next_month('has_act', 'account_id', 'month') | indent(8) }} as act_month
    from moved
),

-- whoever shares the value of an account that pays has converted with it
payments as (
    select
        accounts.account_id,
        min(payments.first_paid_month) over (
            partition by accounts.{{ 'ultimate_parent_id' if is_family else 'account_id' }}
        ) as paid_month
    from {{ ref('int_plr__accounts') }} as accounts
    left join {{ ref('int_plr__first_payments') }} as payments
        on accounts.account_id = payments.account_id
),

-- before outcomes multiply rows
followed as (
    select
        verdicts.*,
        later.churn_month,
        later.loss_month,
        later.expansion_month,
        later.act_month,
        payments.paid_month
    from verdicts
    inner join later
        on
            verdicts.account_id = later.account_id
            and verdicts.month = later.month
    inner join payments
        on verdicts.account_id = payments.account_id
),

-- months of missing data hold a run together, so the runs are numbered before these are left out
numbered as (
    select
        *,
        {{ plr_run('true', 'pattern, account_id', 'month') | indent(8) }} as run,
        coalesce(
            lag(month) over (partition by pattern, account_id order by month)
            = {{ plr_date_add('month', -1, 'month') }}
            and lag(status) over (partition by pattern, account_id order by month)
            <> 'insufficient_data',
            false
        ) as was_judged_before
    from followed
),

judged as (
    select
        *,
        coalesce(
            lag(run) over (partition by pattern, account_id order by month) = run
            and lag(status) over (partition by pattern, account_id order by month) = status
            and lag(reason) over (partition by pattern, account_id order by month) = reason,
            false
        ) as is_continued,
        {{ plr_latest_so_far(
            'case when not was_judged_before then month end', 'pattern, account_id', 'month'
        ) | indent(8) }} as judged_since,
        {{ plr_latest_so_far(
            "case when status = 'flagged' then month end", 'pattern, account_id', 'month'
        ) | indent(8) }} as flagged_month
    from numbered
    where status <> 'insufficient_data'
),

firsts_of_kind as (
    select
        pattern,
        account_id,
        status,
        reason,
        min(month) as month
    from judged
    group by 1, 2, 3, 4
),

outcomes as (
    select
        'payer' as asked_of,
        'churn' as outcome
    union all
    select
        'payer' as asked_of,
        'contraction_or_churn' as outcome
    union all
    select
        'payer' as asked_of,
        'expansion' as outcome
    union all
    select
        'prospect' as asked_of,
        'conversion' as outcome
),

dated as (
    select
        judged.*,
        firsts_of_kind.month as first_month,
        outcomes.outcome,
        case outcomes.outcome
            when 'churn' then judged.churn_month
            when 'contraction_or_churn' then judged.loss_month
            when 'expansion' then judged.expansion_month
            else judged.paid_month
        end as outcome_month
    from judged
    inner join firsts_of_kind
        on
            judged.pattern = firsts_of_kind.pattern
            and judged.account_id = firsts_of_kind.account_id
            and judged.status = firsts_of_kind.status
            and judged.reason = firsts_of_kind.reason
    inner join outcomes
        on judged.asked_of = outcomes.asked_of
),

final as (
    select
        pattern,
        account_id,
        month,
        status,
        reason,
        outcome,
        mrr,
        not is_continued as is_episode,
        month = first_month as is_first_episode,
        {{ plr_months_between('judged_since', 'month') }} + 1 as months_judged,
        {{ plr_months_between('flagged_month', 'month') }} as months_since_flag,
        {{ plr_months_between('month', 'act_month') }} as months_to_act,
        {{ plr_months_between('month', 'outcome_month') }} as months_to_outcome
    from dated
)

select * from final
