-- long, since merges and links decide together who is whose, and a circle is known by a whole walk
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

links as (
    select
        account_id,
        same_as_account_id
    from {{ ref('stg_plr__account_links') }}
    where reject_code is null
),

-- a linked id need not be an account
all_ids as (
    select account_id from kept
    union all
    select account_id from links
    union all
    select same_as_account_id as account_id from links
),

ids as (
    select distinct account_id from all_ids
),

-- a merge into itself or into an id nobody delivered merges nothing
merge_pointers as (
    select
        kept.account_id,
        ids.account_id as next_id
    from kept
    inner join ids
        on kept.merged_into_account_id = ids.account_id and kept.account_id <> ids.account_id
),

-- where each id points: an account's own word counts before a link
pointers as (
    select
        account_id,
        next_id,
        false as is_link
    from merge_pointers
    union all
    select
        links.account_id,
        links.same_as_account_id as next_id,
        true as is_link
    from links
    left join merge_pointers
        on links.account_id = merge_pointers.account_id
    where merge_pointers.account_id is null
),

steps as (
    select
        account_id,
        account_id as reached_id,
        0 as depth
    from ids
    union all
    select
        steps.account_id,
        pointers.next_id as reached_id,
        steps.depth + 1 as depth
    from steps
    inner join pointers
        on steps.reached_id = pointers.account_id
    where steps.depth <= {{ var('plr_max_merge_depth') }}
),

-- how many steps lead an id round to itself, if any
walks as (
    select
        *,
        min(case when depth > 0 and reached_id = account_id then depth end)
            over (partition by account_id) as circle_depth
    from steps
),

-- links are followed in the order of their ids. As an id points once at most, circles never cross,
-- and the link that closes one is its last
links_in_circles as (
    select
        walks.account_id,
        pointers.account_id as link_id,
        row_number() over (
            partition by walks.account_id
            order by {{ plr_in_byte_order('pointers.account_id') }} desc
        ) as place_from_last
    from walks
    inner join pointers
        on walks.reached_id = pointers.account_id
    where walks.depth > 0 and walks.depth <= walks.circle_depth and pointers.is_link
),

ignored_links as (
    select account_id
    from links_in_circles
    where place_from_last = 1 and link_id = account_id
),

-- a walk ends where nothing leads on; one still going at the depth limit goes round, or as good as
ends as (
    select
        steps.account_id,
        steps.reached_id,
        steps.depth,
        row_number() over (partition by steps.account_id order by steps.depth) as place
    from steps
    left join pointers
        on steps.reached_id = pointers.account_id
    left join ignored_links
        on steps.reached_id = ignored_links.account_id
    where
        (pointers.account_id is null or ignored_links.account_id is not null)
        and steps.depth <= {{ var('plr_max_merge_depth') }}
),

-- an id that accounts lacks is stood for by the account nearest to it
stood_for as (
    select
        ends.account_id,
        first_value(kept.account_id) over (
            partition by ends.reached_id
            order by
                case when kept.account_id is null then 1 else 0 end,
                ends.depth,
                {{ plr_in_byte_order('kept.account_id') }}
            rows between unbounded preceding and unbounded following
        ) as survivor_account_id
    from ends
    left join kept
        on ends.account_id = kept.account_id
    where ends.place = 1
),

survivors as (
    select
        ids.account_id,
        stood_for.survivor_account_id,
        coalesce(kept.is_internal, false) as is_internal,
        ignored_links.account_id is not null as is_link_ignored
    from ids
    left join stood_for
        on ids.account_id = stood_for.account_id
    left join kept
        on stood_for.survivor_account_id = kept.account_id
    left join ignored_links
        on ids.account_id = ignored_links.account_id
),

-- the accounts, then the linked ids that accounts lacks, which have no record_id
final as (
    select
        coalesce(checked.account_id, survivors.account_id) as account_id,
        survivors.survivor_account_id,
        checked.account_name,
        checked.parent_account_id,
        checked.merged_into_account_id,
        coalesce(checked.segment, 'unsegmented') as segment,
        checked.acquisition_channel,
        checked.signed_up_at,
        checked.created_at,
        coalesce(survivors.is_internal, false) as is_internal,
        coalesce(checked.copy_number, 1) = 1
        and survivors.survivor_account_id is not null as is_known,
        coalesce(checked.copy_number, 1) = 1
        and coalesce(survivors.is_link_ignored, false) as is_link_ignored,
        checked.dropped_columns,
        checked.record_id,
        {{ plr_reject_columns([
            [
                'merge_cycle',
                'checked.record_id is not null and survivors.survivor_account_id is null',
                "'its merges never end at a surviving account'"
            ],
            [
                'internal',
                'checked.record_id is not null and survivors.is_internal',
                "'the account is internal'"
            ],
        ]) | indent(8) }}
    from checked
    full outer join survivors
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
