with

input as (
    {{ plr_input('entitlements', 'plr_input_entitlements') }}
),

checked as (
    {{ plr_check_rows('entitlements', [
        ['bad_interval', 'valid_to < valid_from', ['valid_from', 'valid_to']],
        ['nonpositive_rate', 'limit_quantity <= 0', ['limit_quantity']],
        ['empty_interval', 'valid_to = valid_from', ['valid_from', 'valid_to']],
        ['future_dated', plr_is_after_as_of('valid_from'), ['valid_from']],
    ]) }}
),

final as (
    select
        coalesce(owners.survivor_account_id, checked.account_id) as account_id,
        checked.metric,
        checked.valid_from,
        checked.valid_to,
        checked.limit_quantity,
        checked.dropped_columns,
        checked.record_id,
        {{ plr_reject_columns(plr_owner_checks()) | indent(8) }}
    from checked
    left join {{ ref('stg_plr__accounts') }} as owners
        on checked.account_id = owners.account_id and owners.is_known
)

select * from final
