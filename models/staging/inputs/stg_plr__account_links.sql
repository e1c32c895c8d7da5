with

input as (
    {{ plr_input('account_links', 'plr_input_account_links') }}
),

checked as (
    {{ plr_check_rows('account_links') }}
),

final as (
    select
        checked.account_id,
        checked.same_as_account_id,
        checked.matched_by,
        checked.record_id,
        {{ plr_reject_columns() | indent(8) }}
    from checked
)

select * from final
