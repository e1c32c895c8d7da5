-- what last moved an account commercially, as seen from each of its month-ends
with

spine as (
    select
        account_id,
        month,
        month_end_us
    from {{ ref('int_plr__account_months') }}
),

first_months as (
    select
        account_id,
        min(month) as first_month
    from spine
    group by 1
),

dated_motions as (
    select
        account_id,
        {{ plr_month_of(plr_from_micros('lo_us')) }} as month,
        motion_type,
        until_us
    from {{ ref('int_plr__motions') }}
),

-- motions before the spine count in its first month, and its months without a motion, too
motions as (
    select
        dated_motions.account_id,
        greatest(dated_motions.month, first_months.first_month) as month,
        cast(null as bigint) as month_end_us,
        dated_motions.motion_type,
        dated_motions.until_us
    from dated_motions
    inner join first_months
        on dated_motions.account_id = first_months.account_id
    union all
    select
        account_id,
        month,
        month_end_us,
        cast(null as {{ dbt.type_string() }}) as motion_type,
        cast(null as bigint) as until_us
    from spine
),

motion_months as (
    select
        account_id,
        month,
        max(month_end_us) as month_end_us,
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
        month_end_us,
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
        account_id,
        month,
        human_touch_us,
        {{ plr_capped('commercial_action_us', 'month_end_us') }} as commercial_action_us,
        {{ plr_capped('intent_us', 'month_end_us') }} as intent_us,
        {{ plr_capped('movement_us', 'month_end_us') }} as movement_us,
        {{ plr_capped('opportunity_us', 'month_end_us') }} as opportunity_us,
        {{ plr_capped('prompt_us', 'month_end_us') }} as prompt_us,
        {{ plr_capped('touch_us', 'month_end_us') }} as touch_us
    from reached
    where month_end_us is not null
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
