-- what last moved an account commercially, as seen from each of its month-ends
{%- set offset = var('plr_crm_utc_offset_minutes') %}

with

opportunities as (
    select
        *,
        {{ plr_is_only_a_date('created_at') }} as is_date_only,
        {{ plr_is_only_a_date('closed_at') }} as is_closing_date_only
    from {{ ref('stg_plr__opportunities') }}
    where reject_code is null
),

timed_opportunities as (
    select
        account_id,
        is_closed,
        {{ plr_lo_us_of('created_at', 'is_date_only', offset) | indent(8) }} as lo_us,
        {{ plr_lo_us_of('closed_at', 'is_closing_date_only', offset) | indent(8) }} as closed_us
    from opportunities
),

-- whoever opened it: the deal is being worked on until it closes or grows too old
open_opportunities as (
    select
        account_id,
        lo_us,
        least(
            {{ plr_open_until_us() | indent(12) }},
            lo_us + {{ plr_days_us(var('plr_open_opportunity_days')) }}
        ) as until_us
    from timed_opportunities
),

motions as (
    select
        account_id,
        'touch' as motion_type,
        lo_us,
        lo_us as until_us
    from {{ ref('int_plr__sales_touches') }}
    where source = 'activity' and is_human_touch and is_commercial
    union all
    select
        account_id,
        'opportunity' as motion_type,
        lo_us,
        greatest(lo_us, until_us) as until_us
    from open_opportunities
    {% for role in ['commercial_action', 'intent', 'prompt'] -%}
        union all
        select
            account_id,
            '{{ role }}' as motion_type,
            {{ role }}_us as lo_us,
            {{ role }}_us as until_us
        from {{ ref('int_plr__signal_months') }}
        where {{ role }}_us is not null
    {% endfor -%}
    union all
    select
        account_id,
        'movement' as motion_type,
        {{ plr_micros('event_date') }} as lo_us,
        {{ plr_micros('event_date') }} as until_us
    from {{ ref('int_plr__event_windows') }}
    where stage in ('conversion', 'expansion') and subject_type = 'event'
    union all
    select
        account_id,
        'human_touch' as motion_type,
        lo_us,
        lo_us as until_us
    from {{ ref('int_plr__sales_touches') }}
    where is_human_touch
),

motion_months as (
    select
        account_id,
        {{ plr_month_of(plr_from_micros('lo_us')) }} as month,
        max(case when motion_type = 'commercial_action' then until_us end) as commercial_action_us,
        max(case when motion_type = 'intent' then until_us end) as intent_us,
        max(case when motion_type = 'movement' then until_us end) as movement_us,
        max(case when motion_type = 'opportunity' then until_us end) as opportunity_us,
        max(case when motion_type = 'prompt' then until_us end) as prompt_us,
        max(case when motion_type = 'touch' then until_us end) as touch_us,
        max(case when motion_type = 'human_touch' then until_us end) as human_touch_us
    from motions
    group by 1, 2
),

spine as (
    select
        account_id,
        month,
        month_end_us
    from {{ ref('int_plr__account_months') }}
),

-- months of motions that the spine lacks come first
all_months as (
    select
        account_id,
        month
    from spine
    union all
    select
        account_id,
        month
    from motion_months
),

timeline as (
    select distinct
        account_id,
        month
    from all_months
),

reached as (
    select
        timeline.account_id,
        timeline.month,
        {{ plr_latest_so_far('motion_months.commercial_action_us') }} as commercial_action_us,
        {{ plr_latest_so_far('motion_months.intent_us') }} as intent_us,
        {{ plr_latest_so_far('motion_months.movement_us') }} as movement_us,
        {{ plr_latest_so_far('motion_months.opportunity_us') }} as opportunity_us,
        {{ plr_latest_so_far('motion_months.prompt_us') }} as prompt_us,
        {{ plr_latest_so_far('motion_months.touch_us') }} as touch_us,
        {{ plr_latest_so_far('motion_months.human_touch_us') }} as human_touch_us
    from timeline
    left join motion_months
        on
            timeline.account_id = motion_months.account_id
            and timeline.month = motion_months.month
),

-- what still runs at the month's end moved the account until then
capped as (
    select
        spine.account_id,
        spine.month,
        reached.human_touch_us,
        {{ plr_capped('reached.commercial_action_us', 'spine.month_end_us') }}
            as commercial_action_us,
        {{ plr_capped('reached.intent_us', 'spine.month_end_us') }} as intent_us,
        {{ plr_capped('reached.movement_us', 'spine.month_end_us') }} as movement_us,
        {{ plr_capped('reached.opportunity_us', 'spine.month_end_us') }} as opportunity_us,
        {{ plr_capped('reached.prompt_us', 'spine.month_end_us') }} as prompt_us,
        {{ plr_capped('reached.touch_us', 'spine.month_end_us') }} as touch_us
    from spine
    inner join reached
        on
            spine.account_id = reached.account_id
            and spine.month = reached.month
),

latest as (
    select
        *,
        greatest(
            coalesce(commercial_action_us, -1),
            coalesce(intent_us, -1),
            coalesce(movement_us, -1),
            coalesce(opportunity_us, -1),
            coalesce(prompt_us, -1),
            coalesce(touch_us, -1)
        ) as last_us
    from capped
),

final as (
    select
        account_id,
        month,
        nullif(last_us, -1) as last_motion_us,
        case last_us
            when commercial_action_us then 'commercial_action'
            when intent_us then 'intent'
            when movement_us then 'movement'
            when opportunity_us then 'opportunity'
            when prompt_us then 'prompt'
            when touch_us then 'touch'
        end as last_motion_type,
        human_touch_us as last_human_touch_us
    from latest
)

select * from final
