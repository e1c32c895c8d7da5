with

input as (
    {{ plr_input('acquisition_costs', 'plr_input_acquisition_costs') }}
),

checked as (
    {{ plr_check_rows('acquisition_costs', [
        [
            'null_key',
            'not ' ~ plr_is_known_word('acquisition_costs.cost_type', 'cost_type'),
            ['cost_type'],
        ],
        ['negative_mrr_row', 'amount < 0', ['amount']],
        ['future_dated', plr_is_after_as_of('month'), ['month']],
    ]) }}
),

-- rows of one key add up; a channel of the name of the marts' row of all channels stops the run
final as (
    select
        checked.cost_type,
        checked.spent_on,
        checked.acquisition_channel,
        checked.currency,
        checked.month,
        checked.amount,
        checked.record_id,
        {{ plr_reject_columns() | indent(8) }}
    from checked
    where
        case
            when lower(trim(checked.acquisition_channel)) = 'all'
                then {{ plr_stop(plr_named_all(
                    'acquisition_channel',
                    'acquisition_costs',
                    "'month '",
                    'cast(checked.month as ' ~ dbt.type_string() ~ ')'
                )) }}
            else true
        end
)

select * from final
