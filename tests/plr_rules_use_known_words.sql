-- a role, operator or anchor nobody knows would be passed over in silence; it is listed here
{{ config(group='product_led_revenue') }}

with

event_roles as (
    select * from {{ ref('stg_plr__event_roles') }}
),

activity_rules as (
    select * from {{ ref('stg_plr__activity_rules') }}
),

known_roles as (
    {% for role in [
        'usage', 'value', 'breadth', 'limit', 'prompt', 'intent', 'commercial_action', 'ignore',
    ] %}
        select
            '{{ role }}' as role,
            'role:{{ role }}' as rule_event
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

unknown_roles as (
    select
        'plr_event_roles' as relation,
        event_roles.event_name as of_what,
        event_roles.role as word
    from event_roles
    left join known_roles
        on event_roles.role = known_roles.role
    where known_roles.role is null
),

unknown_rule_roles as (
    select
        'plr_activity_rules' as relation,
        activity_rules.rule_id as of_what,
        activity_rules.event_name as word
    from activity_rules
    left join known_roles
        on activity_rules.event_name = known_roles.rule_event
    where
        activity_rules.is_active
        and activity_rules.event_name like 'role:%'
        and known_roles.role is null
),

unknown_operators as (
    select
        'plr_activity_rules' as relation,
        rule_id as of_what,
        group_operator as word
    from activity_rules
    where is_active and group_operator not in ('all', 'any')
),

unknown_anchors as (
    select
        'plr_activity_rules' as relation,
        rule_id as of_what,
        anchor as word
    from activity_rules
    where is_active and anchor not in ('rolling', 'signup')
)

select * from unknown_roles
union all
select * from unknown_rule_roles
union all
select * from unknown_operators
union all
select * from unknown_anchors
