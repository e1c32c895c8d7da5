{{ config(materialized='view') }}

-- what people did in the window of each revenue event and each deal
with

windows as (
    select * from {{ ref('int_plr__event_windows') }}
),

human_touches as (
    select *
    from {{ ref('int_plr__sales_touches') }}
    where is_human_touch
),

-- an opportunity opened in a window, or open and young enough where the window starts; deals of one
-- day are those of its hours in turn
opportunity_uses as (
    select
        windows.subject_type,
        windows.subject_id,
        windows.window_start_us,
        touches.source,
        touches.source_id,
        touches.team,
        touches.is_commercial,
        touches.lo_us <= windows.window_start_us as is_open_at_start,
        row_number() over (
            partition by windows.subject_type, touches.source_id
            order by
                windows.month,
                windows.event_date,
                case when windows.chain = 'deal' then windows.event_number else 0 end,
                {{ plr_in_byte_order('windows.subject_id') }}
        ) as use_number
    from windows
    inner join human_touches as touches
        on
            windows.account_id = touches.account_id
            and windows.window_end_us >= touches.lo_us
    where
        touches.source = 'opportunity'
        and (
            touches.lo_us > windows.window_start_us
            or (
                touches.open_until_us > windows.window_start_us
                and {{ dbt.datediff(
                    'cast(' ~ plr_from_micros('touches.lo_us') ~ ' as date)',
                    'windows.event_date',
                    'day'
                ) }} <= {{ var('plr_open_opportunity_days') }}
            )
        )
),

-- one that was open by then counts from the window's start, for the first event alone
final as (
    select
        windows.subject_type,
        windows.subject_id,
        touches.source,
        touches.source_id,
        touches.team,
        touches.lo_us,
        touches.hi_us,
        touches.is_commercial
    from windows
    inner join human_touches as touches
        on
            windows.account_id = touches.account_id
            and windows.window_start_us < touches.lo_us
            and windows.window_end_us >= touches.lo_us
    union all
    select
        subject_type,
        subject_id,
        source,
        source_id,
        team,
        window_start_us as lo_us,
        window_start_us as hi_us,
        is_commercial
    from opportunity_uses
    where is_open_at_start and use_number = 1
)

select * from final
