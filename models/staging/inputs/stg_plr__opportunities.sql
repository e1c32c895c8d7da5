{{ config(materialized='table') }}

with

input as (
    {{ plr_input('opportunities', 'plr_input_opportunities') }}
),

checked as (
    {{ plr_check_rows('opportunities', [
        ['future_dated', plr_is_after_as_of('created_at'), ['created_at']],
    ], latest_by='created_at') }}
),

-- closed after the as-of day is still open
final as (
    select
        checked.opportunity_id,
        coalesce(owners.survivor_account_id, checked.account_id) as account_id,
        checked.opportunity_type,
        checked.created_at,
        case
            when not {{ plr_is_after_as_of('checked.closed_at') }} then checked.closed_at
        end as closed_at,
        coalesce(
            checked.is_closed and not {{ plr_is_after_as_of('checked.closed_at') }},
            checked.is_closed,
            false
        ) as is_closed,
        coalesce(
            checked.is_won and not {{ plr_is_after_as_of('checked.closed_at') }},
            checked.is_won,
            false
        ) as is_won,
        checked.created_by_team,
        checked.amount_mrr,
        checked.currency,
        checked.dropped_columns,
        checked.record_id,
        {{ plr_reject_columns(plr_owner_checks()) | indent(8) }}
    from checked
    left join {{ ref('stg_plr__accounts') }} as owners
        on checked.account_id = owners.account_id and owners.is_known
)

select * from final
