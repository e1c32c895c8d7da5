-- exact and in one sorted pass: every event enters its rule's window once and leaves it once
with

event_roles as (
    {{ plr_input('plr_event_roles') }}
),

activity_rules as (
    {{ plr_input('plr_activity_rules') }}
),

active_rules as (
    select
        rule_group_id,
        rule_id,
        event_name,
        coalesce(anchor, 'rolling') as anchor,
        min(coalesce(group_operator, 'all')) over (partition by rule_group_id) as group_operator,
        coalesce(min_events, 1) as min_events,
        coalesce(min_distinct_users, 0) as min_distinct_users,
        coalesce(min_distinct_days, 0) as min_distinct_days,
        coalesce({{ plr_days_us('within_days') }}, {{ plr_forever_us() }}) as window_us,
        count(*) over (partition by rule_group_id) as rules_in_group
    from activity_rules
    where is_active
),

events as (
    select *
    from {{ ref('int_plr__signal_events') }}
    where reject_code is null and not is_automated
),

-- an account that never signed up starts with the first thing a person of it did
first_events_by_person as (
    select
        account_id,
        min(first_by_person_us) as first_us
    from {{ ref('int_plr__event_months') }}
    where reject_code is null
    group by 1
),

signups as (
    select
        accounts.account_id,
        coalesce({{ plr_micros('accounts.signed_up_at') }}, first_events_by_person.first_us)
            as signed_up_us
    from {{ ref('int_plr__accounts') }} as accounts
    left join first_events_by_person
        on accounts.account_id = first_events_by_person.account_id
),

names as (
    select distinct event_name
    from events
),

named_roles as (
    select
        names.event_name,
        coalesce(event_roles.role, 'usage') as role
    from names
    left join event_roles
        on names.event_name = event_roles.event_name
),

rule_names as (
    select distinct
        active_rules.rule_id,
        named_roles.event_name
    from active_rules
    inner join named_roles
        on active_rules.event_name in (
            named_roles.event_name, {{ dbt.concat(["'role:'", "named_roles.role"]) }}
        )
),

-- a sign-up window takes an event whose day overlaps it and never lets it go
matches as (
    select
        events.account_id,
        active_rules.rule_id,
        events.event_id,
        events.user_id,
        cast(events.occurred_at as date) as event_date,
        events.event_count,
        events.lo_us,
        events.hi_us,
        case
            when active_rules.anchor = 'signup' or active_rules.window_us = {{ plr_forever_us() }}
                then {{ plr_forever_us() }}
            else events.lo_us + active_rules.window_us
        end as leaves_us
    from events
    inner join rule_names
        on events.event_name = rule_names.event_name
    inner join active_rules
        on rule_names.rule_id = active_rules.rule_id
    inner join signups
        on events.account_id = signups.account_id
    where
        active_rules.anchor <> 'signup'
        or (
            events.hi_us >= signups.signed_up_us
            and (
                active_rules.window_us = {{ plr_forever_us() }}
                or events.lo_us < signups.signed_up_us + active_rules.window_us
            )
        )
),

vague_accounts as (
    select distinct account_id
    from events
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
instants as (
    select
        pass,
        account_id,
        rule_id,
        at_us,
        sum(events) as events,
        sum(users) as users,
        sum(days) as days
    from changes
    group by 1, 2, 3, 4
),

windows as (
    select
        pass,
        account_id,
        rule_id,
        at_us,
        sum(events) over (
            partition by pass, account_id, rule_id
            order by at_us
            rows between unbounded preceding and current row
        ) as events,
        sum(users) over (
            partition by pass, account_id, rule_id
            order by at_us
            rows between unbounded preceding and current row
        ) as users,
        sum(days) over (
            partition by pass, account_id, rule_id
            order by at_us
            rows between unbounded preceding and current row
        ) as days
    from instants
),

rules_met as (
    select
        windows.account_id,
        windows.rule_id,
        min(case when windows.pass in ('lo', 'both') then windows.at_us end) as lo_us,
        min(case when windows.pass in ('hi', 'both') then windows.at_us end) as hi_us
    from windows
    inner join active_rules
        on windows.rule_id = active_rules.rule_id
    where
        windows.events >= active_rules.min_events
        and (
            windows.users >= active_rules.min_distinct_users
            or active_rules.min_distinct_users <= 1
        )
        and windows.days >= active_rules.min_distinct_days
    group by 1, 2
),

groups_met as (
    select
        rules_met.account_id,
        active_rules.rule_group_id,
        active_rules.group_operator,
        {{ plr_group_met_us('lo_us') }} as lo_us,
        {{ plr_group_met_us('hi_us') }} as hi_us
    from rules_met
    inner join active_rules
        on rules_met.rule_id = active_rules.rule_id
    group by 1, 2, 3
),

-- the earliest event in the windows that met the group; in an `any` group, of the rules met first
first_events as (
    select
        groups_met.account_id,
        groups_met.rule_group_id,
        min(matches.lo_us) as first_event_us
    from groups_met
    inner join active_rules
        on groups_met.rule_group_id = active_rules.rule_group_id
    inner join rules_met
        on
            groups_met.account_id = rules_met.account_id
            and active_rules.rule_id = rules_met.rule_id
            and (groups_met.group_operator = 'all' or groups_met.lo_us = rules_met.lo_us)
    inner join matches
        on
            rules_met.account_id = matches.account_id
            and rules_met.rule_id = matches.rule_id
            and rules_met.lo_us >= matches.lo_us
            and rules_met.lo_us < matches.leaves_us
    group by 1, 2
),

rule_count as (
    select count(*) as n_rules
    from active_rules
),

-- without a rule nothing would ever be meaningful: stops here
final as (
    select
        groups_met.account_id,
        groups_met.rule_group_id,
        groups_met.lo_us,
        groups_met.hi_us,
        first_events.first_event_us
    from groups_met
    inner join first_events
        on
            groups_met.account_id = first_events.account_id
            and groups_met.rule_group_id = first_events.rule_group_id
    where groups_met.lo_us is not null
    union all
    select
        cast(null as {{ dbt.type_string() }}) as account_id,
        cast(null as {{ dbt.type_string() }}) as rule_group_id,
        cast(null as bigint) as lo_us,
        cast(null as bigint) as hi_us,
        cast(null as bigint) as first_event_us
    from rule_count
    where
        case
            when rule_count.n_rules > 0 then false
            else {{ plr_stop(dbt.concat([
                "'product_led_revenue: plr_activity_rules has '",
                'cast(rule_count.n_rules as ' ~ dbt.type_string() ~ ')',
                "' active rules. Write your own rules of meaningful activity in a relation and "
                ~ "name it in var plr_activity_rules (README, Tune the rules).'"
            ])) }}
        end
)

select * from final
