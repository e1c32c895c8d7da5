{{ config(materialized='view') }}
{%- set grace_us = plr_days_us(var('plr_gap_grace_days')) %}
{%- set end_of_time_us = plr_micros(
    plr_date_add('day', 1, "cast('" ~ plr_revenue_as_of_date() ~ "' as date)")
) %}

with

lines as (
    select * from {{ ref('int_plr__invoice_mrr') }}
),

-- a short gap is dunning, and a billing migration no churn: first within a subscription
reached as (
    select
        account_id,
        subscription_id,
        start_us,
        max(end_us) over (
            partition by account_id, subscription_id
            order by start_us, end_us
            rows between unbounded preceding and 1 preceding
        ) as reached_us
    from lines
),

subscriptions as (
    select
        account_id,
        subscription_id,
        min(start_us) as first_us,
        max(end_us) as last_us
    from lines
    group by 1, 2
),

-- a plan that another has replaced is over, or its next bill is due
last_ends as (
    select
        subscriptions.account_id,
        subscriptions.subscription_id,
        subscriptions.last_us
    from subscriptions
    left join subscriptions as newer
        on
            subscriptions.account_id = newer.account_id
            and subscriptions.subscription_id <> newer.subscription_id
            and newer.first_us >= subscriptions.last_us - {{ grace_us }}
    where newer.account_id is null
),

subscription_gaps as (
    select
        account_id,
        subscription_id,
        reached_us as gap_from_us,
        start_us as gap_until_us
    from reached
    where start_us > reached_us
    union all
    select
        account_id,
        subscription_id,
        last_us as gap_from_us,
        {{ end_of_time_us }} as gap_until_us
    from last_ends
    where last_us < {{ end_of_time_us }}
),

-- what the state just before the gap carried goes on
continued as (
    select
        lines.*,
        coalesce(gaps.gap_until_us, lines.end_us) as until_us
    from lines
    left join subscription_gaps as gaps
        on
            lines.account_id = gaps.account_id
            and lines.subscription_id = gaps.subscription_id
            and lines.end_us = gaps.gap_from_us
            and gaps.gap_until_us - gaps.gap_from_us <= {{ grace_us }}
),

-- then where nothing of the account covers the gap
account_reached as (
    select
        account_id,
        start_us,
        max(until_us) over (
            partition by account_id
            order by start_us, until_us
            rows between unbounded preceding and 1 preceding
        ) as reached_us
    from continued
),

account_gaps as (
    select
        account_id,
        reached_us as gap_from_us,
        start_us as gap_until_us
    from account_reached
    where start_us > reached_us and start_us - reached_us <= {{ grace_us }}
),

bridged as (
    select
        continued.record_id,
        continued.account_id,
        continued.subscription_id,
        continued.currency,
        continued.start_us,
        continued.end_us,
        coalesce(gaps.gap_until_us, continued.until_us) as until_us,
        continued.mrr,
        continued.seats,
        continued.trial_from_us,
        coalesce(continued.end_us > continued.trial_from_us, false) as is_trial
    from continued
    left join account_gaps as gaps
        on
            continued.account_id = gaps.account_id
            and continued.until_us = gaps.gap_from_us
),

-- a trial is the last of the free time, and not what bridges a gap
final as (
    select
        record_id,
        account_id,
        subscription_id,
        currency,
        cast({{ plr_from_micros(
            'case when is_trial and trial_from_us > start_us then trial_from_us else start_us end'
        ) }} as date) as valid_from,
        cast({{ plr_from_micros('case when is_trial then end_us else until_us end') }} as date)
            as valid_to,
        mrr,
        seats,
        is_trial
    from bridged
)

select * from final
