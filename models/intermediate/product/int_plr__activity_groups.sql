with

active_rules as (
    select
        rule_group_id,
        rule_id,
        min(coalesce(group_operator, 'all')) over (partition by rule_group_id) as group_operator,
        count(*) over (partition by rule_group_id) as rules_in_group
    from {{ ref('stg_plr__activity_rules') }}
    where is_active
),

rules_met as (
    select * from {{ ref('int_plr__rules_met') }}
),

groups_met as (
    select
        rules_met.account_id,
        active_rules.rule_group_id,
        rules_met.threshold,
        active_rules.group_operator,
        {{ plr_group_met_us(
            'rules_met.lo_us', 'active_rules.group_operator', 'active_rules.rules_in_group'
        ) | indent(8) }} as lo_us,
        {{ plr_group_met_us(
            'rules_met.hi_us', 'active_rules.group_operator', 'active_rules.rules_in_group'
        ) | indent(8) }} as hi_us
    from rules_met
    inner join active_rules
        on rules_met.rule_id = active_rules.rule_id
    group by 1, 2, 3, 4
),

-- the earliest event in the windows that met the group; in an `any` group, of the rules met first
first_events as (
    select
        groups_met.account_id,
        groups_met.rule_group_id,
        groups_met.threshold,
        min(rules_met.first_event_us) as first_event_us
    from groups_met
    inner join active_rules
        on groups_met.rule_group_id = active_rules.rule_group_id
    inner join rules_met
        on
            groups_met.account_id = rules_met.account_id
            and active_rules.rule_id = rules_met.rule_id
            and groups_met.threshold = rules_met.threshold
            and (groups_met.group_operator = 'all' or groups_met.lo_us = rules_met.lo_us)
    group by 1, 2, 3
),

final as (
    select
        groups_met.account_id,
        groups_met.rule_group_id,
        groups_met.threshold,
        groups_met.lo_us,
        groups_met.hi_us,
        first_events.first_event_us
    from groups_met
    inner join first_events
        on
            groups_met.account_id = first_events.account_id
            and groups_met.rule_group_id = first_events.rule_group_id
            and groups_met.threshold = first_events.threshold
    where groups_met.lo_us is not null
)

select * from final
