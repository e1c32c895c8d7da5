with

input as (
    {{ plr_input('fx_rates', 'plr_input_fx_rates') }}
),

checked as (
    {{ plr_check_rows('fx_rates', [
        ['nonpositive_rate', 'rate <= 0', ['rate']],
        ['future_dated', plr_is_after_as_of('month'), ['month']],
    ]) }}
),

final as (
    select
        checked.month,
        checked.currency,
        checked.rate,
        checked.record_id,
        {{ plr_reject_columns() | indent(8) }}
    from checked
)

select * from final
