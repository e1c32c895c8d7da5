-- a role, operator or anchor nobody knows would be passed over in silence; it is listed here
{{ config(group='product_led_revenue') }}
{%- set roles = [
    'usage', 'value', 'breadth', 'limit', 'prompt', 'intent', 'commercial_action', 'ignore',
] %}

with

event_roles as (
    {{ plr_input('plr_event_roles') }}
),

activity_rules as (
    {{ plr_input('plr_activity_rules') }}
),

unknown_roles as (
    select
        'plr_event_roles' as relation,
        event_name as of_what,
        role as word
    from event_roles
    where role not in ('{{ roles | join("', '") }}')
),

unknown_rule_roles as (
    select
        'plr_activity_rules' as relation,
        rule_id as of_what,
        event_name as word
    from activity_rules
    where
        is_active
        and event_name like 'role:%'
        and event_name not in ('role:{{ roles | join("', 'role:") }}')
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
