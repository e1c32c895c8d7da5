{#- the first to need a rule: without any it stops, where that did not stop the run before -#}
{{ config(materialized='view', post_hook='{{ product_led_revenue.plr_refuse_rules(
    ref("product_led_revenue", "stg_plr__rule_problems")
) if var("plr_find_value_events") }}') }}
-- depends_on: {{ ref('stg_plr__rule_problems') }}

with

event_names as (
    select * from {{ ref('int_plr__event_names') }}
),

active_rules as (
    select
        rule_id,
        event_name,
        case
            when anchor = 'signup'
                then coalesce({{ plr_days_us('within_days') }}, {{ plr_forever_us() }})
        end as signup_window_us
    from {{ ref('stg_plr__activity_rules') }}
    where is_active
),

-- a name without a role is plain usage, and so are all unlisted ones
named_roles as (
    select
        event_names.event_name,
        coalesce(event_roles.role, 'usage') as role
    from event_names
    left join {{ ref('stg_plr__event_roles') }} as event_roles
        on event_names.event_name = event_roles.event_name
),

rule_names as (
    select distinct
        active_rules.rule_id,
        active_rules.signup_window_us,
        named_roles.event_name
    from active_rules
    inner join named_roles
        on active_rules.event_name in (
            named_roles.event_name, {{ dbt.concat(["'role:'", "named_roles.role"]) }}
        )
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

-- a sign-up window takes an event whose day overlaps it
final as (
    select
        events.account_id,
        rule_names.rule_id,
        events.event_month,
        events.event_id,
        events.user_id,
        cast(events.occurred_at as date) as event_date,
        events.event_count,
        events.lo_us,
        events.hi_us
    from {{ ref('int_plr__signal_events') }} as events
    left join event_names
        on events.event_name = event_names.event_name
    inner join rule_names
        on coalesce(event_names.event_name, '(unlisted)') = rule_names.event_name
    inner join signups
        on events.account_id = signups.account_id
    where
        events.reject_code is null
        and not events.is_automated
        and (
            rule_names.signup_window_us is null
            or (
                events.hi_us >= signups.signed_up_us
                and (
                    rule_names.signup_window_us = {{ plr_forever_us() }}
                    or events.lo_us < signups.signed_up_us + rule_names.signup_window_us
                )
            )
        )
)

select * from final
