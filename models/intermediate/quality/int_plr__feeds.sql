with

crm_rows as (
    select
        1 as is_activity,
        {{ plr_lo_us(
            'occurred_at',
            plr_is_date_only('occurred_at', 'occurred_precision'),
            var('plr_crm_utc_offset_minutes')
        ) | indent(8) }} as row_us
    from {{ ref('stg_plr__crm_activities') }}
    where reject_code is null
    union all
    select
        0 as is_activity,
        {{ plr_lo_us(
            'created_at', plr_is_date_only('created_at'), var('plr_crm_utc_offset_minutes')
        ) | indent(8) }} as row_us
    from {{ ref('stg_plr__opportunities') }}
    where reject_code is null
),

ranges as (
    select
        'product_events' as feed,
        min(first_us) as first_us,
        max(last_us) as last_us,
        count(*) as proving_rows
    from {{ ref('int_plr__event_months') }}
    where reject_code is null
    union all
    select
        'crm' as feed,
        min(row_us) as first_us,
        max(row_us) as last_us,
        coalesce(sum(is_activity), 0) as proving_rows
    from crm_rows
),

-- a feed without a row covers nothing, whatever a var says; nor do opportunities without activities
final as (
    select
        feed,
        first_us,
        last_us,
        case
            when proving_rows = 0 then null
            when feed = 'crm' then {{ plr_tracking_start_us('plr_crm_tracking_start', 'first_us') }}
            else {{ plr_tracking_start_us('plr_event_tracking_start', 'first_us') }}
        end as tracking_start_us
    from ranges
)

select * from final
