{#-
    Whose each event is, and the first code that rejects it: an internal user before all others,
    then the row's own code, then identity, then an internal account. A select over any rows with
    an account_id, user_id, occurred_at and row_code, so that a model can leave out or add up rows
    of int_plr__product_events before it looks for their owners.
-#}
{% macro plr_owned_events(events) -%}
    select
        events.*,
        coalesce(owners.survivor_account_id, '(unresolved)') as owner_account_id,
        case
            when owners.survivor_account_id is null
                then coalesce(events.account_id, events.user_id)
        end as unresolved_id,
        case
            when users.is_internal then 'internal'
            when events.row_code is not null then events.row_code
            when events.account_id is not null and owners.account_id is null
                then 'unmapped_account'
            when events.account_id is null and users.user_id is null then 'unmapped_user'
            when events.account_id is null and users.account_id is null then 'ambiguous_user'
            when owners.is_internal then 'internal'
        end as reject_code
    from {{ events }} as events
    left join {{ ref('int_plr__user_accounts') }} as users
        on
            events.user_id = users.user_id
            and (
                users.is_internal
                or (events.occurred_at >= users.valid_from and events.occurred_at < users.valid_to)
            )
    left join {{ ref('stg_plr__accounts') }} as owners
        on
            coalesce(events.account_id, users.account_id) = owners.account_id
            and owners.is_known
{%- endmacro %}
