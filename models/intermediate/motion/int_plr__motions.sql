{{ config(materialized='view') }}

-- everything that moves an account commercially, from when until when; any person's touch beside it
with

signal_months as (
    select * from {{ ref('int_plr__signal_months') }}
),

-- whoever opened it: the deal is being worked on until it closes or grows too old
opportunities as (
    select
        account_id,
        lo_us,
        least(open_until_us, lo_us + {{ plr_days_us(var('plr_open_opportunity_days')) }})
            as until_us
    from {{ ref('int_plr__opportunities') }}
),

final as (
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
    from opportunities
    union all
    select
        account_id,
        'commercial_action' as motion_type,
        commercial_action_us as lo_us,
        commercial_action_us as until_us
    from signal_months
    where commercial_action_us is not null
    union all
    select
        account_id,
        'intent' as motion_type,
        intent_us as lo_us,
        intent_us as until_us
    from signal_months
    where intent_us is not null
    union all
    select
        account_id,
        'prompt' as motion_type,
        prompt_us as lo_us,
        prompt_us as until_us
    from signal_months
    where prompt_us is not null
    union all
    select
        account_id,
        'movement' as motion_type,
        {{ plr_micros('movement_date') }} as lo_us,
        {{ plr_micros('movement_date') }} as until_us
    from {{ ref('int_plr__movement_days') }}
    where movement_type in ('new', 'expansion') and not is_too_small
    union all
    select
        account_id,
        'human_touch' as motion_type,
        lo_us,
        lo_us as until_us
    from {{ ref('int_plr__sales_touches') }}
    where is_human_touch
)

select * from final
