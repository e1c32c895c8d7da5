-- a warning only: a role or active rule for an event name that no event has does nothing; plain
-- usage and ignored names are not asked, since their events are kept nowhere
{{ config(severity='warn', group='product_led_revenue') }}

{% set idle_rules -%}
with

event_roles as (
    select * from {{ ref('stg_plr__event_roles') }}
    where role not in ('usage', 'ignore')
),

active_rules as (
    select * from {{ ref('stg_plr__activity_rules') }}
    where is_active and event_name <> 'role:usage'
),

event_names as (
    select distinct event_name
    from {{ ref('int_plr__signal_events') }}
    where is_signal
),

-- what the rules can name: events that occurred, and roles of such
named as (
    select event_name from event_names
    union all
    select distinct {{ dbt.concat(["'role:'", 'event_roles.role']) }} as event_name
    from event_roles
    inner join event_names
        on event_roles.event_name = event_names.event_name
),

final as (
    select
        'plr_event_roles' as relation,
        event_roles.role as rule_name,
        event_roles.event_name
    from event_roles
    left join event_names
        on event_roles.event_name = event_names.event_name
    where event_names.event_name is null
    union all
    select
        'plr_activity_rules' as relation,
        active_rules.rule_id as rule_name,
        active_rules.event_name
    from active_rules
    left join named
        on active_rules.event_name = named.event_name
    where named.event_name is null
)

select
    relation,
    rule_name,
    event_name,
    'no event has this name or role: mend the rule, or the name that events are tracked by'
        as what_to_do
from final
{%- endset %}
{%- do plr_say_idle_rules(idle_rules) %}

{{ idle_rules }}
