with

input as (
    {{ plr_input('company_months', 'plr_input_company_months') }}
),

checked as (
    {{ plr_check_rows('company_months', [
        ['nonpositive_rate', 'headcount_fte <= 0', ['headcount_fte']],
        ['future_dated', plr_is_after_as_of('month'), ['month']],
    ]) }}
),

final as (
    select
        checked.month,
        checked.headcount_fte,
        checked.cogs,
        checked.recognized_revenue,
        checked.record_id,
        {{ plr_reject_columns() | indent(8) }}
    from checked
)

select * from final
