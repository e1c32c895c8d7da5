{{ config(materialized='table') }}

with recursive

input as (
    {{ plr_input('accounts', 'plr_input_accounts') }}
),

checked as (
    {{ plr_check_rows('accounts', latest_by='created_at') }}
),

kept as (
    select *
    from checked
    where row_code is null and copy_number = 1
),

-- a pointer to itself or to an account nobody delivered merges nothing
merge_pointers as (
    select
        kept.account_id,
        survivors.account_id as merged_into_account_id
    from kept
    inner join kept as survivors
        on
            kept.merged_into_account_id = survivors.account_id
            and kept.account_id <> survivors.account_id
),

merge_steps as (
    select
        kept.account_id,
        kept.account_id as reached_account_id,
        0 as depth
    from kept
    union all
    select
        merge_steps.account_id,
        merge_pointers.merged_into_account_id as reached_account_id,
        merge_steps.depth + 1 as depth
    from merge_steps
    inner join merge_pointers
        on merge_steps.reached_account_id = merge_pointers.account_id
    where merge_steps.depth <= {{ var('plr_max_merge_depth') }}
),

last_steps as (
    select
        account_id,
        max(depth) as depth
    from merge_steps
    group by 1
),

-- a walk still going beyond the depth limit is a cycle, or as good as one
survivors as (
    select
        merge_steps.account_id,
        merge_steps.reached_account_id as survivor_account_id,
        merge_steps.depth > {{ var('plr_max_merge_depth') }} as is_merge_cycle,
        coalesce(reached.is_internal, false) as is_internal
    from merge_steps
    inner join last_steps
        on
            merge_steps.account_id = last_steps.account_id
            and merge_steps.depth = last_steps.depth
    inner join kept as reached
        on merge_steps.reached_account_id = reached.account_id
),

final as (
    select
        checked.account_id,
        case
            when not survivors.is_merge_cycle then survivors.survivor_account_id
        end as survivor_account_id,
        checked.account_name,
        checked.parent_account_id,
        checked.merged_into_account_id,
        coalesce(checked.segment, 'unsegmented') as segment,
        checked.acquisition_channel,
        checked.signed_up_at,
        checked.created_at,
        coalesce(survivors.is_internal, false) as is_internal,
        coalesce(
            checked.copy_number = 1 and not survivors.is_merge_cycle, false
        ) as is_known,
        checked.dropped_columns,
        checked.record_id,
        {{ plr_reject_columns([
            [
                'merge_cycle',
                'survivors.is_merge_cycle',
                "'its merges never end at a surviving account'"
            ],
            ['internal', 'survivors.is_internal', "'the account is internal'"],
        ]) | indent(8) }}
    from checked
    left join survivors
        on checked.account_id = survivors.account_id
    -- `all` is the marts' row of all segments or channels: an account of that name stops the run
    where
        case
            when lower(trim(checked.segment)) = 'all'
                then {{ plr_stop(plr_named_all('segment')) }}
            when lower(trim(checked.acquisition_channel)) = 'all'
                then {{ plr_stop(plr_named_all('acquisition_channel')) }}
            else true
        end
)

select * from final
