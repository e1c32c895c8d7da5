{{ config(materialized='view') }}

-- what people did in the window of each revenue event and each later deal
with

windows as (
    select *
    from {{ ref('int_plr__event_windows') }}
    where subject_type <> 'deal' or event_number > 1
),

human_touches as (
    select *
    from {{ ref('int_plr__sales_touches') }}
    where is_human_touch
),

-- opened in a window, or open and young enough where the window starts; a deal's own at any time
opportunities_seen as (
    select
        windows.subject_type,
        windows.chain,
        windows.subject_id,
        windows.month,
        windows.event_date,
        windows.event_number,
        windows.is_bystander,
        touches.source,
        touches.source_id,
        touches.team,
        touches.lo_us,
        touches.hi_us,
        touches.is_commercial,
        touches.lo_us > windows.window_start_us and touches.lo_us <= windows.window_end_us
            as is_opened_inside,
        windows.chain = 'deal' and windows.subject_id = touches.source_id as is_own
    from windows
    inner join human_touches as touches
        on windows.account_id = touches.account_id
    where
        touches.source = 'opportunity'
        and (
            (
                touches.lo_us > windows.window_start_us
                and touches.lo_us <= windows.window_end_us
            )
            or (
                touches.lo_us <= windows.window_start_us
                and touches.open_until_us > windows.window_start_us
                and {{ dbt.datediff(
                    'cast(' ~ plr_from_micros('touches.lo_us') ~ ' as date)',
                    'windows.event_date',
                    'day'
                ) }} <= {{ var('plr_open_opportunity_days') }}
            )
            or (windows.chain = 'deal' and windows.subject_id = touches.source_id)
        )
),

-- deals of one day are those of its hours in turn; bystanders use nothing up
used_before as (
    select
        *,
        coalesce(
            sum(case when is_bystander then 0 else 1 end) over (
                partition by chain, source_id
                order by
                    month,
                    event_date,
                    case when chain = 'deal' then event_number else 0 end,
                    {{ plr_in_byte_order('subject_id') }}
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as n_earlier_uses
    from opportunities_seen
),

-- one that was open by then counts for the first event alone, under its own date
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
        lo_us,
        hi_us,
        is_commercial
    from used_before
    where not is_opened_inside and (is_own or n_earlier_uses = 0)
)

select * from final
