with recursive

accounts as (
    select *
    from {{ ref('stg_plr__accounts') }}
    where is_known and not is_internal
),

-- a survivor keeps its own attributes and the earliest dates of all that merged into it
survivors as (
    select
        account_id,
        account_name,
        segment,
        acquisition_channel,
        parent_account_id
    from accounts
    where account_id = survivor_account_id
),

earliest_dates as (
    select
        survivor_account_id,
        min(signed_up_at) as signed_up_at,
        min(created_at) as created_at
    from accounts
    group by 1
),

parent_pointers as (
    select
        survivors.account_id,
        parents.survivor_account_id as parent_account_id
    from survivors
    inner join accounts as parents
        on survivors.parent_account_id = parents.account_id
),

-- the walk up ends at a root, at a parent nobody delivered, or before coming round again
parent_steps as (
    select
        survivors.account_id,
        survivors.account_id as reached_account_id,
        0 as depth,
        cast({{ dbt.concat(["'|'", "survivors.account_id", "'|'"]) }} as {{ dbt.type_string() }})
            as visited
    from survivors
    union all
    select
        parent_steps.account_id,
        parent_pointers.parent_account_id as reached_account_id,
        parent_steps.depth + 1 as depth,
        cast({{ dbt.concat([
            "parent_steps.visited", "parent_pointers.parent_account_id", "'|'"
        ]) }} as {{ dbt.type_string() }}) as visited
    from parent_steps
    inner join parent_pointers
        on parent_steps.reached_account_id = parent_pointers.account_id
    where {{ dbt.position(
        dbt.concat(["'|'", "parent_pointers.parent_account_id", "'|'"]), "parent_steps.visited"
    ) }} = 0
),

last_steps as (
    select
        account_id,
        max(depth) as depth
    from parent_steps
    group by 1
),

final as (
    select
        survivors.account_id,
        parent_steps.reached_account_id as ultimate_parent_id,
        survivors.account_name,
        survivors.segment,
        survivors.acquisition_channel,
        earliest_dates.signed_up_at,
        earliest_dates.created_at
    from survivors
    inner join earliest_dates
        on survivors.account_id = earliest_dates.survivor_account_id
    inner join last_steps
        on survivors.account_id = last_steps.account_id
    inner join parent_steps
        on
            survivors.account_id = parent_steps.account_id
            and last_steps.depth = parent_steps.depth
)

select * from final
