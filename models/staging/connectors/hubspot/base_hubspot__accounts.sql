{{ config(enabled=plr_uses('hubspot', 'plr_input_accounts')) }}

with

final as (
    select
        account_id,
        account_name,
        parent_account_id,
        merged_into_account_id,
        segment,
        acquisition_channel,
        created_at
    from {{ ref('base_hubspot__companies') }}
)

select * from final
