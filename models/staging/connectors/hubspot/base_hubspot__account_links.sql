-- the product's own account is the company that carries its id, before one that was merged away
{{ config(enabled=plr_uses('hubspot', 'plr_input_account_links')) }}

with

companies as (
    select * from {{ ref('base_hubspot__companies') }}
),

still_there as (
    select distinct own_id
    from companies
    where merged_into_account_id is null
),

final as (
    select
        companies.own_id as account_id,
        companies.account_id as same_as_account_id,
        'hubspot property' as matched_by
    from companies
    left join still_there
        on companies.own_id = still_there.own_id
    where
        trim(companies.own_id) <> ''
        and (companies.merged_into_account_id is null or still_there.own_id is null)
)

select * from final
