{{ config(
    post_hook='{{ product_led_revenue.plr_refuse_rules(this, not var("plr_find_value_events")) }}'
) }}
{%- set designed_for_stage = var('plr_designed_for_stage') or '' %}

-- long, since it lists in one place whatever makes a rule mean nothing, or two things: with a row
-- here the run stops, and no input is read before
with

activity_rules as (
    select * from {{ ref('stg_plr__activity_rules') }}
),

stage_expectations as (
    select * from {{ ref('stg_plr__stage_expectations') }}
),

-- each row, by what tells it from the others, and what is wrong with it by itself
rules as (
    select
        'plr_event_roles' as relation,
        {{ dbt.concat(['event_name', "' '", 'role']) }} as rule_name,
        case
            when {{ plr_lacks_value('plr_event_roles') }} then 'a required value is null'
            when {{ plr_is_no_word('role') }}
                then {{ plr_no_word_text('role') }}
        end as problem
    from {{ ref('stg_plr__event_roles') }}
    union all
    -- of a rule that is switched off only the id matters; blank is all, rolling and switched off
    select
        'plr_activity_rules' as relation,
        rule_id as rule_name,
        case
            when {{ plr_lacks_value(
                'plr_activity_rules', but=['group_operator', 'anchor', 'is_active']
            ) }} then 'a required value is null'
            when is_active and {{ plr_is_no_word('group_operator') }}
                then {{ plr_no_word_text('group_operator') }}
            when
                is_active
                and event_name like 'role:%'
                and {{ plr_is_no_word('role', 'substring(event_name, 6)') }}
                then {{ plr_no_word_text('role', 'substring(event_name, 6)') }}
            when is_active and {{ plr_is_no_word('anchor') }}
                then {{ plr_no_word_text('anchor') }}
            when
                is_active
                and (min_events < 0 or min_distinct_users < 0 or min_distinct_days < 0)
                then 'min_events, min_distinct_users or min_distinct_days is below zero'
            when is_active and within_days <= 0
                then 'within_days is not above zero (null is any time)'
        end as problem
    from activity_rules
    union all
    select
        'plr_contact_rules' as relation,
        {{ dbt.concat(["'priority '", 'cast(priority as ' ~ dbt.type_string() ~ ')']) }}
            as rule_name,
        case
            when {{ plr_lacks_value('plr_contact_rules') }} then 'a required value is null'
            when min_duration_minutes < 0 then 'min_duration_minutes is below zero'
            {% for column in ['actor_team', 'direction', 'is_automated', 'purpose'] -%}
                when {{ plr_is_odd_cell(column) }}
                    then {{ plr_odd_cell_text(column) }}
            {% endfor -%}
        end as problem
    from {{ ref('stg_plr__contact_rules') }}
    union all
    select
        'plr_stage_expectations' as relation,
        stage as rule_name,
        case
            when {{ plr_lacks_value('plr_stage_expectations') }} then 'a required value is null'
        end as problem
    from stage_expectations
    union all
    select
        'plr_pattern_reasons' as relation,
        {{ dbt.concat(['pattern', "' '", 'reason']) }} as rule_name,
        case
            when {{ plr_lacks_value('plr_pattern_reasons') }} then 'a required value is null'
            when {{ plr_is_no_word('pattern') }}
                then {{ plr_no_word_text('pattern') }}
            when {{ plr_is_no_word('status') }}
                then {{ plr_no_word_text('status') }}
        end as problem
    from {{ ref('stg_plr__pattern_reasons') }}
),

repeated as (
    select
        relation,
        rule_name,
        {{ dbt.concat([
            "'it is there '", 'cast(count(*) as ' ~ dbt.type_string() ~ ')', "' times'"
        ]) }} as problem
    from rules
    group by 1, 2
    having count(*) > 1
),

mixed_groups as (
    select
        'plr_activity_rules' as relation,
        {{ dbt.concat(["'group '", 'rule_group_id']) }} as rule_name,
        'its rules have both operators, all and any' as problem
    from activity_rules
    where is_active
    group by 2
    having min(coalesce(group_operator, 'all')) <> max(coalesce(group_operator, 'all'))
),

active_rules as (
    select count(*) as n_rules
    from activity_rules
    where is_active
),

designed_stages as (
    select count(*) as n_stages
    from stage_expectations
    where stage = '{{ designed_for_stage }}'
),

missing as (
    select
        'plr_activity_rules' as relation,
        'no active rule' as rule_name,
        'nobody can guess what meaningful activity is; write rules of your own' as problem
    from active_rules
    where n_rules = 0
    union all
    select
        'plr_stage_expectations' as relation,
        '{{ designed_for_stage }}' as rule_name,
        'var plr_designed_for_stage names it, but there is no such stage' as problem
    from designed_stages
    where n_stages = 0 and '{{ designed_for_stage }}' <> ''
),

final as (
    select
        relation,
        rule_name,
        problem
    from rules
    where problem is not null
    union all
    select * from repeated
    union all
    select * from mixed_groups
    union all
    select * from missing
)

select
    cast(relation as {{ dbt.type_string() }}) as relation,
    cast(coalesce(rule_name, '(null)') as {{ dbt.type_string() }}) as rule_name,
    cast(problem as {{ dbt.type_string() }}) as problem
from final
