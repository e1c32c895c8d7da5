-- membership of an internal account still tells whose event it is: an internal one
with

memberships as (
    select
        user_id,
        account_id,
        coalesce(valid_from, cast('1000-01-01' as {{ dbt.type_timestamp() }})) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as {{ dbt.type_timestamp() }})) as valid_to
    from {{ ref('stg_plr__users') }}
    where coalesce(reject_code, 'internal') = 'internal'
),

internal_users as (
    select distinct user_id
    from {{ ref('stg_plr__users') }}
    where is_internal
),

-- most users have one membership: only of several can one change or overlap another
users_of_several as (
    select user_id
    from memberships
    group by 1
    having count(*) > 1
),

several as (
    select memberships.*
    from memberships
    inner join users_of_several
        on memberships.user_id = users_of_several.user_id
),

all_bounds as (
    select
        user_id,
        valid_from as bound_at
    from several
    union all
    select
        user_id,
        valid_to as bound_at
    from several
),

bounds as (
    select distinct
        user_id,
        bound_at
    from all_bounds
),

stretches as (
    select
        user_id,
        bound_at as valid_from,
        lead(bound_at) over (partition by user_id order by bound_at) as valid_to
    from bounds
),

-- between two bounds nothing changes: one account, or several that can't be told apart
placed as (
    select
        stretches.user_id,
        stretches.valid_from,
        stretches.valid_to,
        case when count(distinct several.account_id) = 1 then min(several.account_id) end
            as account_id
    from stretches
    inner join several
        on
            stretches.user_id = several.user_id
            and stretches.valid_from >= several.valid_from
            and stretches.valid_from < several.valid_to
    where stretches.valid_to is not null
    group by 1, 2, 3
    union all
    select
        memberships.user_id,
        memberships.valid_from,
        memberships.valid_to,
        memberships.account_id
    from memberships
    left join users_of_several
        on memberships.user_id = users_of_several.user_id
    where users_of_several.user_id is null
),

final as (
    select
        placed.user_id,
        placed.account_id,
        false as is_internal,
        placed.valid_from,
        placed.valid_to
    from placed
    left join internal_users
        on placed.user_id = internal_users.user_id
    where internal_users.user_id is null
    union all
    select
        user_id,
        cast(null as {{ dbt.type_string() }}) as account_id,
        true as is_internal,
        cast(null as {{ dbt.type_timestamp() }}) as valid_from,
        cast(null as {{ dbt.type_timestamp() }}) as valid_to
    from internal_users
)

select * from final
