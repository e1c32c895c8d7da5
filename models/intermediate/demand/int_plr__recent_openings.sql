{{ config(materialized='view') }}
{%- set is_family = plr_var('plr_activity_scope') == 'family' %}
{%- set scope = 'ultimate_parent_id' if is_family else 'account_id' %}

-- what the product and people did in the days before a deal was opened with an account that had
-- paid before; long, since the product starts in more than one way
with

accounts as (
    select * from {{ ref('int_plr__accounts') }}
),

-- of a family the first payment of any member; before the history began is before every deal
payers as (
    select
        accounts.{{ scope }} as scope_id,
        min(
            case
                when payments.is_dated then payments.first_paid_date
                else cast('0001-01-01' as date)
            end
        ) as first_paid_date
    from {{ ref('int_plr__first_payments') }} as payments
    inner join accounts
        on payments.account_id = accounts.account_id
    group by 1
),

subjects as (
    select
        opportunities.opportunity_id,
        opportunities.account_id,
        {{ plr_deal_stage_of('opportunities.opportunity_type') | indent(8) }} as stage,
        {{ plr_month_of('opportunities.created_at') }} as month,
        {{ plr_date_add(
            'day',
            -var('plr_deal_recent_days'),
            'cast(opportunities.created_at as date)'
        ) }} as window_start,
        opportunities.hi_us as window_end_us
    from {{ ref('int_plr__opportunities') }} as opportunities
    inner join accounts
        on opportunities.account_id = accounts.account_id
    inner join payers
        on
            accounts.{{ scope }} = payers.scope_id
            and payers.first_paid_date < cast(opportunities.created_at as date)
),

last_churns as (
    select
        subjects.opportunity_id,
        max(churns.movement_date) as churn_date
    from subjects
    inner join {{ ref('int_plr__movement_days') }} as churns
        on
            subjects.account_id = churns.account_id
            and subjects.month > churns.month
    where churns.movement_type = 'churn'
    group by 1
),

windows as (
    select
        subjects.*,
        {{ plr_micros('subjects.window_start') }} as window_start_us,
        {{ plr_micros('last_churns.churn_date') }} as churn_us
    from subjects
    left join last_churns
        on subjects.opportunity_id = last_churns.opportunity_id
),

-- value is the start of a return alone, once gone
product_starts as (
    select
        windows.opportunity_id,
        events.lo_us,
        events.hi_us
    from windows
    inner join {{ ref('int_plr__signal_events') }} as events
        on
            windows.account_id = events.account_id
            and windows.window_start_us < events.lo_us
            and windows.window_end_us >= events.lo_us
    inner join {{ ref('stg_plr__event_roles') }} as event_roles
        on events.event_name = event_roles.event_name
    where
        events.reject_code is null
        and not events.is_automated
        and (
            event_roles.role in ('prompt', 'intent', 'commercial_action')
            or (event_roles.role = 'limit' and windows.stage <> 'retention')
            or (
                event_roles.role = 'value'
                and windows.stage = 'reactivation'
                and events.lo_us > windows.churn_us
            )
        )
),

-- earned at a month-end in the window, or already waiting at the last one before it
earned_expansions as (
    select
        windows.opportunity_id,
        {{ plr_micros('earned.earned_since') }} as lo_us,
        case
            when earned.month_end > windows.window_start then earned.month_end_us
            else windows.window_start_us
        end as hi_us
    from windows
    inner join {{ ref('int_plr__earned_expansion') }} as earned
        on
            windows.account_id = earned.account_id
            and {{ plr_is_earned_in(
                'earned.month',
                'earned.month_end',
                'earned.earned_streak',
                'windows.window_start',
                'windows.window_end_us'
            ) | indent(12) }}
    where windows.stage = 'expansion' and earned.is_earned
),

-- a deal's own creation did not lead to it
touches as (
    select
        windows.opportunity_id,
        touches.lo_us,
        touches.hi_us
    from windows
    inner join {{ ref('int_plr__sales_touches') }} as touches
        on
            windows.account_id = touches.account_id
            and windows.window_start_us < touches.lo_us
            and windows.window_end_us >= touches.lo_us
    where
        touches.is_human_touch
        and touches.is_commercial
        and (touches.source <> 'opportunity' or windows.opportunity_id <> touches.source_id)
),

evidence as (
    select
        opportunity_id,
        'product' as found_in,
        lo_us,
        hi_us
    from product_starts
    union all
    select
        opportunity_id,
        'product' as found_in,
        lo_us,
        hi_us
    from earned_expansions
    union all
    select
        opportunity_id,
        'touch' as found_in,
        lo_us,
        hi_us
    from touches
),

final as (
    select
        windows.opportunity_id,
        windows.window_start_us,
        min(case when evidence.found_in = 'product' then evidence.lo_us end) as product_lo_us,
        min(case when evidence.found_in = 'product' then evidence.hi_us end) as product_hi_us,
        min(case when evidence.found_in = 'touch' then evidence.lo_us end) as touch_lo_us,
        min(case when evidence.found_in = 'touch' then evidence.hi_us end) as touch_hi_us
    from windows
    left join evidence
        on windows.opportunity_id = evidence.opportunity_id
    group by 1, 2
)

select * from final
