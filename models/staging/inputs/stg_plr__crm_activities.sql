{{ config(materialized='table') }}

with

input as (
    {{ plr_input('crm_activities', 'plr_input_crm_activities') }}
),

checked as (
    {{ plr_check_rows('crm_activities', [
        ['future_dated', plr_is_after_as_of('occurred_at'), ['occurred_at']],
    ], latest_by='created_at') }}
),

-- an activity without a known account belongs to its opportunity's
final as (
    select
        checked.activity_id,
        coalesce(owners.survivor_account_id, checked.account_id) as account_id,
        checked.opportunity_id,
        checked.activity_type,
        checked.direction,
        checked.occurred_at,
        checked.occurred_precision,
        checked.created_at,
        checked.actor_team,
        checked.purpose,
        coalesce(checked.is_automated, false) as is_automated,
        checked.duration_minutes,
        checked.status,
        checked.dropped_columns,
        checked.record_id,
        {{ plr_reject_columns([
            [
                'unmapped_activity',
                'owners.account_id is null',
                "'neither its account nor its opportunity leads to a known account'"
            ],
            ['internal', 'owners.is_internal', "'the account is internal'"],
        ]) | indent(8) }}
    from checked
    left join {{ ref('stg_plr__accounts') }} as named
        on checked.account_id = named.account_id and named.is_known
    left join {{ ref('stg_plr__opportunities') }} as opportunities
        on
            checked.opportunity_id = opportunities.opportunity_id
            and coalesce(opportunities.reject_code, 'internal') = 'internal'
    left join {{ ref('stg_plr__accounts') }} as owners
        on
            coalesce(named.account_id, opportunities.account_id) = owners.account_id
            and owners.is_known
)

select * from final
