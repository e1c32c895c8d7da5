-- long, since what decides over events stands side by side, as looked up at the start of a run:
-- only what was looked up is known to be read
{{ config(materialized='table') }}
{%- set cells = plr_contract('plr_activity_rules')['columns']
    | reject('equalto', 'is_active') | list -%}
{%- set event_columns = plr_input_columns('product_events', 'plr_input_product_events') %}

with

event_roles as (
    select * from {{ ref('stg_plr__event_roles') }}
),

activity_rules as (
    select * from {{ ref('stg_plr__activity_rules') }}
),

accounts as (
    select
        account_id,
        {{ dbt.concat([
            'survivor_account_id', "case when is_internal then '|internal' else '' end"
        ]) }} as meaning
    from {{ ref('stg_plr__accounts') }}
    where is_known
),

-- whose events a user's are, from each instant at which that changes
user_starts as (
    select
        users.user_id,
        {{ plr_micros('users.valid_from') }} as from_us,
        coalesce(accounts.meaning, users.account_id, '(ambiguous)') as meaning
    from {{ ref('int_plr__user_accounts') }} as users
    left join accounts
        on users.account_id = accounts.account_id
    where not users.is_internal
),

user_ends as (
    select
        user_id,
        {{ plr_micros('valid_to') }} as from_us
    from {{ ref('int_plr__user_accounts') }}
    where not is_internal
),

event_names as (
    select
        event_name,
        {{ dbt.concat([
            "case when is_signal then 'signal' else '' end",
            "case when is_usage then '|usage' else '' end"
        ]) }} as meaning
    from {{ ref('int_plr__event_names') }}
),

final as (
    select
        'account' as kind,
        account_id as id,
        cast({{ plr_always_us() }} as bigint) as from_us,
        meaning
    from accounts
    union all
    select
        'user' as kind,
        user_id as id,
        from_us,
        meaning
    from user_starts
    union all
    select
        'user' as kind,
        user_ends.user_id as id,
        user_ends.from_us,
        '(nobody)' as meaning
    from user_ends
    left join user_starts
        on
            user_ends.user_id = user_starts.user_id
            and user_ends.from_us = user_starts.from_us
    where user_starts.user_id is null
    union all
    select
        'user' as kind,
        user_id as id,
        cast({{ plr_always_us() }} as bigint) as from_us,
        'internal' as meaning
    from {{ ref('int_plr__user_accounts') }}
    where is_internal
    union all
    -- whose days of usage are kept, from its first term on
    select
        {{ dbt.concat(["'contract of '", 'id_type']) }} as kind,
        id,
        {{ plr_micros('first_term_start') }} as from_us,
        cast(first_term_start as {{ dbt.type_string() }}) as meaning
    from {{ ref('int_plr__contract_ids') }}
    union all
    select
        'event_name' as kind,
        event_name as id,
        cast({{ plr_always_us() }} as bigint) as from_us,
        meaning
    from event_names
    where event_name <> '(unlisted)'
    union all
    -- what decides over every event
    select
        'setting' as kind,
        event_name as id,
        cast({{ plr_always_us() }} as bigint) as from_us,
        meaning
    from event_names
    where event_name = '(unlisted)'
    union all
    select
        'setting' as kind,
        'plr_events_are_unique' as id,
        cast({{ plr_always_us() }} as bigint) as from_us,
        '{{ var("plr_events_are_unique") }}' as meaning
    union all
    select
        'setting' as kind,
        'columns of product_events' as id,
        cast({{ plr_always_us() }} as bigint) as from_us,
        '{{ event_columns | join("|") }}' as meaning
    union all
    -- what decides over what is found in the signals kept
    select
        'rule' as kind,
        'signal windows' as id,
        cast({{ plr_always_us() }} as bigint) as from_us,
        '{{ plr_signal_windows() | join("|") }}' as meaning
    union all
    select
        'rule' as kind,
        'activity thresholds' as id,
        cast({{ plr_always_us() }} as bigint) as from_us,
        '{{ plr_activity_thresholds() | join("|") }}' as meaning
    union all
    select
        'rule' as kind,
        event_name as id,
        cast({{ plr_always_us() }} as bigint) as from_us,
        role as meaning
    from event_roles
    union all
    select
        'rule' as kind,
        rule_id as id,
        cast({{ plr_always_us() }} as bigint) as from_us,
        {{ plr_shown(cells, '|') | indent(8) }} as meaning
    from activity_rules
    where is_active
)

select * from final
