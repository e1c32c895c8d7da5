-- exact and in one sorted pass: every event enters its rule's window once and leaves it once; long,
-- since no step of the pass means anything without the next
{{ config(materialized='table') }}
{#- What was met before the first month read now stays: only later events are followed. -#}
{%- set months = plr_months_of_this_run(rests_on_rules=true) -%}
{%- set settled = plr_last_run_of_this() if months is not none -%}
{%- set first_month = (months or []) | first -%}
{%- set from_us = plr_always_us() -%}
{%- set longest_days = none -%}
{%- if settled -%}
    {%- set from_us = plr_micros("cast('" ~ first_month ~ "' as date)") if first_month
        else plr_forever_us() -%}
    {%- set longest_days = plr_longest_window_days() if first_month -%}
{%- endif %}

with

active_rules as (
    select
        rule_id,
        coalesce(anchor, 'rolling') as anchor,
        coalesce(min_events, 1) as min_events,
        coalesce(min_distinct_users, 0) as min_distinct_users,
        coalesce(min_distinct_days, 0) as min_distinct_days,
        within_days,
        case
            when anchor = 'signup' then {{ plr_forever_us() }}
            else coalesce({{ plr_days_us('within_days') }}, {{ plr_forever_us() }})
        end as stays_us,
        case
            when within_days > 1 then {{ plr_days_us('within_days - 1') }}
            else {{ plr_forever_us() }}
        end as bucket_us
    from {{ ref('stg_plr__activity_rules') }}
    where is_active
),

-- all thresholds are looked for in one pass
thresholds as (
    {% for threshold in plr_activity_thresholds() -%}
        select
            rule_id,
            '{{ threshold }}' as threshold,
            {{ plr_min_events_at(threshold, 'min_events') }} as min_events,
            min_distinct_users,
            {{ plr_min_days_at(threshold, 'min_distinct_days', 'within_days') | indent(12) }}
                as min_distinct_days
        from active_rules
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

settled as (
    {% if settled -%}
        select
            last_run.account_id,
            last_run.rule_id,
            last_run.threshold,
            last_run.lo_us,
            case when last_run.hi_us < {{ from_us }} then last_run.hi_us end as hi_us,
            last_run.first_event_us
        from {{ settled }} as last_run
        inner join active_rules
            on last_run.rule_id = active_rules.rule_id
        where active_rules.anchor <> 'signup' and last_run.lo_us < {{ from_us }}
    {%- else -%}
        select
            cast(null as {{ dbt.type_string() }}) as account_id,
            cast(null as {{ dbt.type_string() }}) as rule_id,
            cast(null as {{ dbt.type_string() }}) as threshold,
            cast(null as bigint) as lo_us,
            cast(null as bigint) as hi_us,
            cast(null as bigint) as first_event_us
        from active_rules
        where 1 = 0
    {%- endif %}
),

-- a sign-up window never lets an event go
all_matches as (
    select
        events.account_id,
        events.rule_id,
        events.event_id,
        events.user_id,
        events.event_date,
        events.event_count,
        events.lo_us,
        events.hi_us,
        case
            when active_rules.stays_us = {{ plr_forever_us() }} then {{ plr_forever_us() }}
            else events.lo_us + active_rules.stays_us
        end as leaves_us,
        events.lo_us - mod(events.lo_us - {{ plr_always_us() }}, active_rules.bucket_us)
            as bucket_from_us
    from {{ ref('int_plr__rule_events') }} as events
    inner join active_rules
        on events.rule_id = active_rules.rule_id
    {{ 'where events.event_month >= ' ~ plr_month_of(plr_date_add(
        'day', -longest_days - 1, "cast('" ~ first_month ~ "' as date)"
    )) if longest_days }}
),

-- a rule met at its strictest is met at every threshold
settled_rules as (
    select
        account_id,
        rule_id
    from settled
    where threshold = 'stricter' and hi_us is not null
),

open_matches as (
    select all_matches.*
    from all_matches
    left join settled_rules
        on
            all_matches.account_id = settled_rules.account_id
            and all_matches.rule_id = settled_rules.rule_id
    where settled_rules.rule_id is null and all_matches.leaves_us > {{ from_us }}
),

-- events of a stretch a day shorter than the window are in it together, however late in their days
sure_buckets as (
    select
        matches.account_id,
        matches.rule_id,
        matches.bucket_from_us
    from open_matches as matches
    inner join thresholds
        on matches.rule_id = thresholds.rule_id
    where thresholds.threshold = 'stricter'
    group by 1, 2, 3
    having
        sum(matches.event_count) >= min(thresholds.min_events)
        and (
            count(distinct matches.user_id) >= min(thresholds.min_distinct_users)
            or min(thresholds.min_distinct_users) <= 1
        )
        and count(distinct matches.event_date) >= min(thresholds.min_distinct_days)
),

-- where a stretch meets the rule by itself, nothing that comes after it has to be followed
sure_rules as (
    select
        sure_buckets.account_id,
        sure_buckets.rule_id,
        min(sure_buckets.bucket_from_us + active_rules.bucket_us) + {{ plr_days_us(1) }}
            as sure_from_us
    from sure_buckets
    inner join active_rules
        on sure_buckets.rule_id = active_rules.rule_id
    group by 1, 2
),

matches as (
    select open_matches.*
    from open_matches
    left join sure_rules
        on
            open_matches.account_id = sure_rules.account_id
            and open_matches.rule_id = sure_rules.rule_id
    where sure_rules.sure_from_us is null or open_matches.lo_us < sure_rules.sure_from_us
),

vague_accounts as (
    select distinct account_id
    from matches
    where lo_us < hi_us
),

-- all events as early as they can have been, then all as late; one pass where times are exact
passes as (
    select
        case when vague_accounts.account_id is null then 'both' else 'lo' end as pass,
        matches.lo_us as enters_us,
        matches.account_id,
        matches.rule_id,
        matches.event_id,
        matches.user_id,
        matches.event_date,
        matches.event_count,
        matches.leaves_us
    from matches
    left join vague_accounts
        on matches.account_id = vague_accounts.account_id
    union all
    select
        'hi' as pass,
        matches.hi_us as enters_us,
        matches.account_id,
        matches.rule_id,
        matches.event_id,
        matches.user_id,
        matches.event_date,
        matches.event_count,
        matches.leaves_us
    from matches
    inner join vague_accounts
        on matches.account_id = vague_accounts.account_id
),

-- a user is in the window until the user's next event takes over or the last one has left
presence as (
    select
        pass,
        account_id,
        rule_id,
        user_id,
        event_count,
        enters_us,
        leaves_us,
        least(
            max(leaves_us) over (
                partition by pass, account_id, rule_id, user_id
                order by enters_us, event_id, leaves_us
                rows between unbounded preceding and current row
            ),
            coalesce(
                lead(enters_us) over (
                    partition by pass, account_id, rule_id, user_id
                    order by enters_us, event_id, leaves_us
                ),
                {{ plr_forever_us() }}
            )
        ) as user_leaves_us,
        least(
            max(leaves_us) over (
                partition by pass, account_id, rule_id, event_date
                order by enters_us, event_id, leaves_us
                rows between unbounded preceding and current row
            ),
            coalesce(
                lead(enters_us) over (
                    partition by pass, account_id, rule_id, event_date
                    order by enters_us, event_id, leaves_us
                ),
                {{ plr_forever_us() }}
            )
        ) as day_leaves_us
    from passes
),

changes as (
    select
        pass,
        account_id,
        rule_id,
        enters_us as at_us,
        event_count as events,
        case when user_id is not null then 1 else 0 end as users,
        1 as days
    from presence
    union all
    select
        pass,
        account_id,
        rule_id,
        leaves_us as at_us,
        -event_count as events,
        0 as users,
        0 as days
    from presence
    union all
    select
        pass,
        account_id,
        rule_id,
        user_leaves_us as at_us,
        0 as events,
        -1 as users,
        0 as days
    from presence
    where user_id is not null
    union all
    select
        pass,
        account_id,
        rule_id,
        day_leaves_us as at_us,
        0 as events,
        0 as users,
        -1 as days
    from presence
),

-- every change of an instant counts at once
windows as (
    select
        pass,
        account_id,
        rule_id,
        at_us,
        sum(sum(events)) over (
            partition by pass, account_id, rule_id
            order by at_us
            rows between unbounded preceding and current row
        ) as events,
        sum(sum(users)) over (
            partition by pass, account_id, rule_id
            order by at_us
            rows between unbounded preceding and current row
        ) as users,
        sum(sum(days)) over (
            partition by pass, account_id, rule_id
            order by at_us
            rows between unbounded preceding and current row
        ) as days
    from changes
    group by 1, 2, 3, 4
),

met as (
    select
        windows.account_id,
        windows.rule_id,
        thresholds.threshold,
        min(case when windows.pass in ('lo', 'both') then windows.at_us end) as lo_us,
        min(case when windows.pass in ('hi', 'both') then windows.at_us end) as hi_us
    from windows
    inner join thresholds
        on windows.rule_id = thresholds.rule_id
    where
        windows.events >= thresholds.min_events
        and (
            windows.users >= thresholds.min_distinct_users
            or thresholds.min_distinct_users <= 1
        )
        and windows.days >= thresholds.min_distinct_days
    group by 1, 2, 3
),

first_met as (
    select
        met.account_id,
        met.rule_id,
        met.threshold,
        met.lo_us,
        met.hi_us,
        min(matches.lo_us) as first_event_us
    from met
    left join matches
        on
            met.account_id = matches.account_id
            and met.rule_id = matches.rule_id
            and met.lo_us >= matches.lo_us
            and met.lo_us < matches.leaves_us
            and met.threshold = 'as_set'
    group by 1, 2, 3, 4, 5
),

final as (
    select
        coalesce(settled.account_id, first_met.account_id) as account_id,
        coalesce(settled.rule_id, first_met.rule_id) as rule_id,
        coalesce(settled.threshold, first_met.threshold) as threshold,
        coalesce(settled.lo_us, first_met.lo_us) as lo_us,
        coalesce(settled.hi_us, first_met.hi_us) as hi_us,
        coalesce(settled.first_event_us, first_met.first_event_us) as first_event_us
    from settled
    full join first_met
        on
            settled.account_id = first_met.account_id
            and settled.rule_id = first_met.rule_id
            and settled.threshold = first_met.threshold
)

select * from final
