{{ config(materialized='view') }}

-- what is to be explained: revenue events, won deals, and how terms went that led to no event
with

movements as (
    select
        *,
        case when movement_type = 'new' then 'conversion' else movement_type end as stage
    from {{ ref('int_plr__movement_days') }}
    where movement_type <> 'churn'
),

-- a movement's own id, so that a rerun names the event alike; a renewal counts once its term has
-- begun and both contracts are signed: until then nobody knew
final as (
    select
        'event' as subject_type,
        'movement' as chain,
        {{ dbt.concat([
            'stage',
            "'|'",
            'account_id',
            "'|'",
            'cast(movement_date as ' ~ dbt.type_string() ~ ')'
        ]) }} as subject_id,
        stage,
        account_id,
        month,
        movement_date as event_date,
        amount_mrr,
        false as is_auto_renew,
        is_too_small,
        cast(null as bigint) as won_deal_number
    from movements
    union all
    select
        'event' as subject_type,
        'retention' as chain,
        {{ dbt.concat(["'retention|'", 'renewals.contract_id']) }} as subject_id,
        'retention' as stage,
        renewals.account_id,
        months.month,
        renewals.renewed_date as event_date,
        case
            when renewals.mrr is not null and renewals.renewal_mrr is not null
                then least(renewals.mrr, renewals.renewal_mrr)
        end as amount_mrr,
        renewals.is_auto_renew,
        false as is_too_small,
        cast(null as bigint) as won_deal_number
    from {{ ref('int_plr__renewals') }} as renewals
    inner join {{ ref('int_plr__months') }} as months
        on months.month = {{ plr_month_of(
            'greatest(renewals.renewed_date, renewals.renewal_signed_date, renewals.signed_date)'
        ) }}
    where renewals.successor_id is not null
    union all
    -- a term that was not renewed in time is asked about its end, one renewed for later about that
    select
        'term' as subject_type,
        'retention' as chain,
        {{ dbt.concat(["'contract|'", 'renewals.contract_id']) }} as subject_id,
        'retention' as stage,
        renewals.account_id,
        {{ plr_month_of(
            'case when renewals.is_renewed_in_time then '
            ~ 'greatest(renewals.renewed_date, renewals.renewal_signed_date, renewals.signed_date)'
            ~ ' else renewals.term_end end'
        ) }} as month,
        case
            when renewals.is_renewed_in_time then renewals.renewed_date
            else renewals.term_end
        end as event_date,
        cast(null as {{ dbt.type_numeric() }}) as amount_mrr,
        renewals.is_auto_renew,
        false as is_too_small,
        cast(null as bigint) as won_deal_number
    from {{ ref('int_plr__renewals') }} as renewals
    left join {{ ref('int_plr__months') }} as months
        on months.month = {{ plr_month_of(
            'greatest(renewals.renewed_date, renewals.renewal_signed_date, renewals.signed_date)'
        ) }}
    where
        renewals.term_end
        <= {{ plr_date_add('day', var('plr_renewal_horizon_days'), plr_as_of()) }}
        and (months.month is null or not renewals.is_renewed_in_time)
    union all
    select
        'deal' as subject_type,
        'deal' as chain,
        opportunity_id as subject_id,
        {{ plr_deal_stage_of('opportunity_type') | indent(8) }} as stage,
        account_id,
        {{ plr_month_of('closed_at') }} as month,
        cast(closed_at as date) as event_date,
        cast(null as {{ dbt.type_numeric() }}) as amount_mrr,
        false as is_auto_renew,
        false as is_too_small,
        won_deal_number
    from {{ ref('int_plr__opportunities') }}
    where won_deal_number is not null
)

select * from final
