-- what last moved an account commercially, as seen from each of its month-ends
with

spine as (
    select
        account_id,
        month,
        month_end_us
    from {{ ref('int_plr__account_months') }}
),

-- the spine's months without a motion, too, and months of motions before it
motions as (
    select
        account_id,
        {{ plr_month_of(plr_from_micros('lo_us')) }} as month,
        motion_type,
        until_us
    from {{ ref('int_plr__motions') }}
    union all
    select
        account_id,
        month,
        cast(null as {{ dbt.type_string() }}) as motion_type,
        cast(null as bigint) as until_us
    from spine
),

motion_months as (
    select
        account_id,
        month,
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

reached as (
    select
        account_id,
        month,
        {{ plr_latest_so_far('commercial_action_us', 'account_id', 'month') | indent(8) }}
            as commercial_action_us,
        {{ plr_latest_so_far('intent_us', 'account_id', 'month') | indent(8) }} as intent_us,
        {{ plr_latest_so_far('movement_us', 'account_id', 'month') | indent(8) }} as movement_us,
        {{ plr_latest_so_far('opportunity_us', 'account_id', 'month') | indent(8) }}
            as opportunity_us,
        {{ plr_latest_so_far('prompt_us', 'account_id', 'month') | indent(8) }} as prompt_us,
        {{ plr_latest_so_far('touch_us', 'account_id', 'month') | indent(8) }} as touch_us,
        {{ plr_latest_so_far('human_touch_us', 'account_id', 'month') | indent(8) }}
            as human_touch_us
    from motion_months
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

acted as (
    select
        *,
        greatest(
            coalesce(commercial_action_us, -1),
            coalesce(intent_us, -1),
            coalesce(opportunity_us, -1),
            coalesce(prompt_us, -1),
            coalesce(touch_us, -1)
        ) as act_us
    from capped
),

latest as (
    select
        *,
        greatest(act_us, coalesce(movement_us, -1)) as latest_us
    from acted
),

final as (
    select
        account_id,
        month,
        nullif(latest_us, -1) as last_motion_us,
        case latest_us
            when commercial_action_us then 'commercial_action'
            when intent_us then 'intent'
            when movement_us then 'movement'
            when opportunity_us then 'opportunity'
            when prompt_us then 'prompt'
            when touch_us then 'touch'
        end as last_motion_type,
        nullif(act_us, -1) as last_act_us,
        human_touch_us as last_human_touch_us
    from latest
)

select * from final
