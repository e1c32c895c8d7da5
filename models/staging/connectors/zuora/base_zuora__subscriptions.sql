-- the versions of subscriptions: an amendment makes a new one, with an id of its own
{{ config(
    enabled=plr_uses('zuora', 'plr_input_revenue') or plr_uses('zuora', 'plr_input_contracts')
) }}

with

versions as (
    {{ plr_vendor('zuora', 'subscription', {
        'version_id': ['id!', 'id'],
        'name': 'id',
        'account_id': 'id!',
        'version': 'number',
        'status': 'text',
        'term_type': 'text',
        'term_start': ['date', 'term_start_date'],
        'term_end': ['date', 'term_end_date'],
        'auto_renew': 'boolean',
        'is_deleted': ['boolean', '_fivetran_deleted'],
    }) }}
),

-- a version that waits for activation or acceptance has superseded nothing yet
served as (
    select
        *,
        coalesce(name, version_id) as subscription_name
    from versions
    where
        lower(replace(coalesce(status, ''), ' ', ''))
        not in ('draft', 'pendingactivation', 'pendingacceptance')
        and not coalesce(is_deleted, false)
),

final as (
    select
        version_id,
        subscription_name,
        account_id,
        lower(term_type) as term_type,
        term_start,
        term_end,
        auto_renew,
        row_number() over (
            partition by subscription_name
            order by coalesce(version, 0) desc, version_id desc
        ) as place,
        row_number() over (
            partition by subscription_name, term_start
            order by coalesce(version, 0) desc, version_id desc
        ) as place_in_term
    from served
)

select * from final
