with

input as (
    {{ plr_input('account_costs', 'plr_input_account_costs') }}
),

checked as (
    {{ plr_check_rows('account_costs', [
        ['null_key', 'not ' ~ plr_is_known_word('cost_type'), ['cost_type']],
        ['negative_mrr_row', 'amount < 0', ['amount']],
        ['future_dated', plr_is_after_as_of('month'), ['month']],
    ]) }}
),

-- a cost without an account is shared by all
final as (
    select
        coalesce(owners.survivor_account_id, checked.account_id) as account_id,
        checked.cost_type,
        checked.currency,
        checked.month,
        checked.amount,
        checked.record_id,
        {{ plr_reject_columns(plr_owner_checks('checked.account_id is not null')) | indent(8) }}
    from checked
    left join {{ ref('stg_plr__accounts') }} as owners
        on checked.account_id = owners.account_id and owners.is_known
)

select * from final
