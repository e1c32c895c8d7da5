-- what last moved an account commercially, as seen from each of its month-ends
{%- set offset = var('plr_crm_utc_offset_minutes') -%}
{%- set motion_types = [
    'commercial_action', 'intent', 'movement', 'opportunity', 'prompt', 'touch'
] %}

with

event_roles as (
    {{ plr_input('plr_event_roles') }}
),

roles as (
    select distinct
        event_name,
        role
    from event_roles
    where role in ('prompt', 'intent', 'commercial_action')
),

opportunities as (
    select
        *,
        {{ plr_is_date_only('created_at') }} as is_date_only,
        {{ plr_is_date_only('closed_at') }} as is_closing_date_only
    from {{ ref('stg_plr__opportunities') }}
    where reject_code is null
),

timed_opportunities as (
    select
        account_id,
        is_closed,
        {{ plr_lo_us('created_at', 'is_date_only', offset) | indent(8) }} as lo_us,
        {{ plr_lo_us('closed_at', 'is_closing_date_only', offset) | indent(8) }} as closed_us
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
    union all
    select
        events.account_id,
        roles.role as motion_type,
        events.lo_us,
        events.lo_us as until_us
    from {{ ref('int_plr__signal_events') }} as events
    inner join roles
        on events.event_name = roles.event_name
    where events.reject_code is null and not events.is_automated
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
        {%- for motion_type in motion_types + ['human_touch'] %}
        max(case when motion_type = '{{ motion_type }}' then until_us end)
            as {{ motion_type }}_us{{ ',' if not loop.last }}
        {%- endfor %}
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
timeline as (
    select
        account_id,
        month
    from spine
    union distinct
    select
        account_id,
        month
    from motion_months
),

reached as (
    select
        timeline.account_id,
        timeline.month,
        {%- for motion_type in motion_types + ['human_touch'] %}
        max(motion_months.{{ motion_type }}_us) over (
            partition by timeline.account_id order by timeline.month
        ) as {{ motion_type }}_us{{ ',' if not loop.last }}
        {%- endfor %}
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
        {%- for motion_type in motion_types %}
        case
            when reached.{{ motion_type }}_us > spine.month_end_us then spine.month_end_us
            else coalesce(reached.{{ motion_type }}_us, -1)
        end as {{ motion_type }}_us{{ ',' if not loop.last }}
        {%- endfor %}
    from spine
    inner join reached
        on
            spine.account_id = reached.account_id
            and spine.month = reached.month
),

latest as (
    select
        *,
        nullif(greatest({{ motion_types | join('_us, ') }}_us), -1) as last_motion_us
    from capped
),

final as (
    select
        account_id,
        month,
        last_motion_us,
        case last_motion_us
            {%- for motion_type in motion_types %}
            when {{ motion_type }}_us then '{{ motion_type }}'
            {%- endfor %}
        end as last_motion_type,
        human_touch_us as last_human_touch_us
    from latest
)

select * from final
