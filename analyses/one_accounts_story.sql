-- What happened at one account, in order, and what does the package make of it?
{%- set account_id = 'put the account_id here' %}

with

account as (
    select * from {{ ref('plr_account_origin') }}
    where account_id = '{{ account_id }}'
),

milestones as (
    select
        cast(signed_up_at as date) as happened_on,
        'signed up' as what,
        acquisition_channel as detail,
        cast(null as {{ dbt.type_numeric() }}) as mrr
    from account
    union all
    select
        cast(first_meaningful_activity_at as date) as happened_on,
        'found value' as what,
        meaningful_rule_group as detail,
        cast(null as {{ dbt.type_numeric() }}) as mrr
    from account
    union all
    select
        cast(first_sales_contact_at as date) as happened_on,
        'first sales contact' as what,
        first_contact_source as detail,
        cast(null as {{ dbt.type_numeric() }}) as mrr
    from account
    union all
    select
        first_paid_date as happened_on,
        'first payment' as what,
        origin_evidence as detail,
        cast(null as {{ dbt.type_numeric() }}) as mrr
    from account
    union all
    select
        cast(origin_decided_at as date) as happened_on,
        'origin decided' as what,
        origin as detail,
        cast(null as {{ dbt.type_numeric() }}) as mrr
    from account
),

movements as (
    select
        {{ dbt.last_day('movements.month', 'month') }} as happened_on,
        'closing MRR of the month' as what,
        movements.movement_type as detail,
        movements.closing_mrr as mrr
    from {{ ref('plr_mrr_movements') }} as movements
    inner join account
        on movements.account_id = account.account_id
    where movements.movement_type <> 'none'
),

revenue_events as (
    select
        events.event_date as happened_on,
        {{ dbt.concat(['events.stage', "', started by'"]) }} as what,
        coalesce(events.unobserved_reason, events.initiation) as detail,
        events.amount_mrr as mrr
    from {{ ref('plr_revenue_events') }} as events
    inner join account
        on events.account_id = account.account_id
),

flags as (
    select
        {{ dbt.last_day('flags.month', 'month') }} as happened_on,
        {{ dbt.concat(["'flagged: '", 'flags.pattern']) }} as what,
        flags.evidence_summary as detail,
        flags.amount_at_stake as mrr
    from {{ ref('plr_pattern_flags') }} as flags
    inner join account
        on flags.entity_id = account.account_id
    where flags.entity_type = 'account' and flags.status = 'flagged'
),

final as (
    select * from milestones
    union all
    select * from movements
    union all
    select * from revenue_events
    union all
    select * from flags
)

select * from final
where happened_on is not null
order by happened_on, what
