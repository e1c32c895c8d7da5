{{ config(materialized='view') }}

-- whose plain usage is kept by day, too, and since when: renewals are asked what came before them
with

first_terms as (
    select
        account_id,
        min(term_start) as first_term_start
    from {{ ref('stg_plr__contracts') }}
    where reject_code is null
    group by 1
),

-- each id that stands for an account under contract
accounts as (
    select
        accounts.account_id,
        first_terms.first_term_start
    from {{ ref('stg_plr__accounts') }} as accounts
    inner join first_terms
        on accounts.survivor_account_id = first_terms.account_id
    where accounts.is_known
),

final as (
    select
        'account' as id_type,
        account_id as id,
        first_term_start
    from accounts
    union all
    -- whose events name no account
    select
        'user' as id_type,
        users.user_id as id,
        min(accounts.first_term_start) as first_term_start
    from {{ ref('int_plr__user_accounts') }} as users
    inner join accounts
        on users.account_id = accounts.account_id
    group by 2
)

select * from final
