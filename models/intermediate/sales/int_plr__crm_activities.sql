{{ config(materialized='view') }}
{%- set clock = plr_crm_offsets() %}

with

activities as (
    select
        *,
        {{ plr_is_only_a_date('occurred_at', clock, 'occurred_precision') }} as is_date_only,
        {{ plr_is_only_a_date('created_at', clock) }} as is_logged_date_only
    from {{ ref('stg_plr__crm_activities') }}
    where reject_code is null
),

final as (
    select
        activity_id,
        account_id,
        activity_type,
        {{ plr_read_word('direction') | indent(8) }} as direction,
        {{ plr_team_of('actor_team') | indent(8) }} as team,
        {{ plr_read_word('purpose') | indent(8) }} as purpose,
        coalesce({{ plr_read_word('status') | indent(8) }}, 'completed') as status,
        duration_minutes,
        is_automated,
        is_date_only,
        is_logged_date_only,
        {{ plr_is_logged_late('occurred_at', 'created_at') }} as is_backdated,
        {{ plr_lo_us_of('occurred_at', 'is_date_only', clock) | indent(8) }} as lo_us,
        {{ plr_hi_us_of('occurred_at', 'is_date_only', clock) | indent(8) }} as hi_us,
        {{ plr_lo_us_of('created_at', 'is_logged_date_only', clock) | indent(8) }} as logged_lo_us,
        {{ plr_hi_us_of('created_at', 'is_logged_date_only', clock) | indent(8) }} as logged_hi_us
    from activities
)

select * from final
