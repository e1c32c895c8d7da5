with

input as (
    {{ plr_input('contracts', 'plr_input_contracts') }}
),

checked as (
    {{ plr_check_rows('contracts', [
        ['negative_mrr_row', 'contract_mrr < 0', ['contract_mrr']],
        ['bad_interval', 'term_end < term_start', ['term_start', 'term_end']],
        ['bad_share', 'discount_share < 0 or discount_share > 1', ['discount_share']],
        ['empty_interval', 'term_end = term_start', ['term_start', 'term_end']],
        [
            'future_dated',
            plr_is_after_as_of('coalesce(signed_at, term_start)'),
            ['signed_at', 'term_start']
        ],
    ]) }}
),

final as (
    select
        checked.contract_id,
        coalesce(owners.survivor_account_id, checked.account_id) as account_id,
        checked.subscription_id,
        checked.previous_contract_id,
        checked.currency,
        checked.term_start,
        checked.term_end,
        checked.signed_at,
        checked.contract_mrr,
        checked.discount_share,
        checked.auto_renew,
        checked.dropped_columns,
        checked.record_id,
        {{ plr_reject_columns(plr_owner_checks()) | indent(8) }}
    from checked
    left join {{ ref('stg_plr__accounts') }} as owners
        on checked.account_id = owners.account_id and owners.is_known
)

select * from final
