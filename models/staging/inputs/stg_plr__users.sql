{{ config(materialized='table') }}

with

input as (
    {{ plr_input('users', 'plr_input_users') }}
),

checked as (
    {{ plr_check_rows('users', [
        ['bad_interval', 'valid_to < valid_from', ['valid_from', 'valid_to']],
        ['empty_interval', 'valid_to = valid_from', ['valid_from', 'valid_to']],
        ['future_dated', plr_is_after_as_of('valid_from'), ['valid_from']],
    ]) }}
),

-- one internal row makes a user internal, always
internal_users as (
    select distinct user_id
    from input
    where is_internal
),

final as (
    select
        checked.user_id,
        coalesce(owners.survivor_account_id, checked.account_id) as account_id,
        checked.valid_from,
        checked.valid_to,
        internal_users.user_id is not null as is_internal,
        checked.dropped_columns,
        checked.record_id,
        {{ plr_reject_columns(plr_owner_checks() + [
            ['internal', 'internal_users.user_id is not null', "'the user is internal'"]
        ]) | indent(8) }}
    from checked
    left join {{ ref('stg_plr__accounts') }} as owners
        on checked.account_id = owners.account_id and owners.is_known
    left join internal_users
        on checked.user_id = internal_users.user_id
)

select * from final
