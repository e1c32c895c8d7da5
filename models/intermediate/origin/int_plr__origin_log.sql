-- a full refresh keeps it, too: what a verdict was before can't be computed again; long, since what
-- was found and what of it is new are told in one statement
{{ config(materialized='incremental', full_refresh=false) }}
{%- set evidence = [
    'origins.origin', 'origins.origin_evidence', 'origins.activity_lo_us', 'origins.contact_lo_us',
    'origins.paid_date', 'survivors.merged_accounts'
] %}
{%- set contact_cells = [
    'priority', 'activity_type', 'actor_team', 'direction', 'purpose', 'min_duration_minutes'
] %}
{%- set rule_cells = plr_contract('plr_activity_rules')['columns']
    | reject('equalto', 'is_active') | list %}

with

known_accounts as (
    select *
    from {{ ref('stg_plr__accounts') }}
    where is_known
),

survivors as (
    select
        survivor_account_id,
        cast(count(*) - 1 as int) as merged_accounts
    from known_accounts
    group by 1
),

current_months as (
    select
        account_mrr.account_id,
        account_mrr.mrr
    from {{ ref('int_plr__account_mrr') }} as account_mrr
    inner join {{ ref('int_plr__months') }} as months
        on account_mrr.month = months.month
    where months.is_last
),

verdicts as (
    select
        origins.account_id,
        accounts.account_name,
        origins.origin,
        origins.origin_evidence,
        origins.activity_lo_us,
        origins.contact_lo_us,
        origins.paid_date,
        survivors.merged_accounts,
        {{ plr_money('coalesce(current_months.mrr, 0)') }} as closing_mrr,
        {{ plr_shown(evidence, '|') | indent(8) }} as state
    from {{ ref('int_plr__origins') }} as origins
    inner join {{ ref('int_plr__accounts') }} as accounts
        on origins.account_id = accounts.account_id
    inner join survivors
        on origins.account_id = survivors.survivor_account_id
    left join current_months
        on origins.account_id = current_months.account_id
    where origins.subject_type = 'account' and origins.scenario = 'headline'
),

-- what decides over every account, in words: of a rule that was edited one is gone, another new
settings as (
    select {{ dbt.concat(["'plr_event_roles: '", plr_shown(['event_name', 'role'], '|')]) }} as id
    from {{ ref('stg_plr__event_roles') }}
    union all
    select {{ dbt.concat(["'plr_activity_rules: '", plr_shown(rule_cells, '|')]) }} as id
    from {{ ref('stg_plr__activity_rules') }}
    where is_active
    union all
    select {{ dbt.concat([
        "'plr_contact_rules: '",
        plr_shown(contact_cells, '|'),
        "'|'",
        "coalesce(is_automated, 'null')",
        "case when is_sales_contact then '|sales' else '' end",
        "case when is_human_touch then '|human' else '' end",
        "case when is_commercial then '|commercial' else '' end"
    ]) }} as id
    from {{ ref('stg_plr__contact_rules') }}
    {% for name in plr_origin_settings() -%}
        union all
        select '{{ name }}: {{ var(name) | string | replace("'", "") }}' as id
    {% endfor -%}
),

found as (
    select
        'account' as kind,
        account_id as id,
        state
    from verdicts
    union all
    select distinct
        'setting' as kind,
        id,
        'on' as state
    from settings
    union all
    select
        'as_of' as kind,
        'plr_as_of_date' as id,
        '{{ plr_as_of_date() }}' as state
),

{% if is_incremental() and not flags.EMPTY -%}

    last_entries as (
        select *
        from (
            select
                *,
                row_number() over (partition by kind, id order by logged_at desc) as recency
            from {{ this }}
        ) as entries
        where recency = 1
    ),

    entered as (
        select
            found.*,
            last_entries.account_name
        from found
        left join last_entries
            on found.kind = last_entries.kind and found.id = last_entries.id
        where last_entries.id is null or found.state <> last_entries.state
        union all
        select
            last_entries.kind,
            last_entries.id,
            'gone' as state,
            last_entries.account_name
        from last_entries
        left join found
            on last_entries.kind = found.kind and last_entries.id = found.id
        where found.id is null and last_entries.state <> 'gone'
    ),

{% else -%}

    entered as (
        select
            *,
            cast(null as {{ dbt.type_string() }}) as account_name
        from found
    ),

{% endif -%}
-- an account that is gone takes its last name with it
final as (
    select
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as {{ dbt.type_timestamp() }})
            as logged_at,
        {{ plr_as_of() }} as as_of_date,
        entered.kind,
        entered.id,
        entered.state,
        coalesce(verdicts.account_name, entered.account_name) as account_name,
        verdicts.origin,
        verdicts.origin_evidence,
        verdicts.activity_lo_us,
        verdicts.contact_lo_us,
        verdicts.paid_date,
        verdicts.merged_accounts,
        merged.survivor_account_id as merged_into_account_id,
        verdicts.closing_mrr
    from entered
    left join verdicts
        on entered.id = verdicts.account_id and entered.kind = 'account'
    left join known_accounts as merged
        on
            entered.id = merged.account_id
            and entered.kind = 'account'
            and merged.account_id <> merged.survivor_account_id
)

select * from final
