with

-- the retention event of a term renewed in time, once it counts; else the term itself
first_moves as (
    select
        account_id,
        subject_type,
        subject_id,
        first_mover,
        first_moved_us,
        touch_team
    from {{ ref('int_plr__initiations') }}
    where stage = 'retention' and subject_type in ('event', 'term')
),

joined as (
    select
        renewals.*,
        outcomes.outcome,
        outcomes.notice_date,
        outcomes.value_from_date,
        outcomes.value_until_date,
        outcomes.value_events,
        outcomes.usage_events,
        outcomes.last_value_us,
        outcomes.has_recent_value,
        coalesce(terms.first_mover, events.first_mover) as first_mover,
        coalesce(terms.first_moved_us, events.first_moved_us) as first_moved_us,
        case when terms.subject_id is null then events.touch_team else terms.touch_team end
            as touch_team,
        outcomes.outcome = 'open'
        and outcomes.notice_date <= {{ plr_as_of() }}
        and not outcomes.has_recent_value as is_at_risk
    from {{ ref('int_plr__renewals') }} as renewals
    inner join {{ ref('int_plr__renewal_outcomes') }} as outcomes
        on renewals.contract_id = outcomes.contract_id
    left join first_moves as terms
        on
            {{ dbt.concat(["'contract|'", 'renewals.contract_id']) }} = terms.subject_id
            and terms.subject_type = 'term'
    left join first_moves as events
        on
            {{ dbt.concat(["'retention|'", 'renewals.contract_id']) }} = events.subject_id
            and events.subject_type = 'event'
            and renewals.is_renewed_in_time
),

-- what was signed after the outcome stood is told apart, and changes nothing else
final as (
    select
        joined.contract_id,
        joined.account_id,
        accounts.account_name,
        accounts.segment,
        joined.term_start,
        joined.term_end,
        joined.signed_date,
        joined.is_auto_renew,
        joined.mrr as prior_mrr,
        joined.outcome,
        case when joined.is_renewed_in_time then joined.successor_id end as successor_id,
        case when joined.is_renewed_in_time then joined.renewed_date end as renewed_date,
        case when joined.is_renewed_in_time then joined.renewal_signed_date end
            as renewal_signed_date,
        case when joined.is_renewed_in_time then joined.renewal_mrr end as renewed_mrr,
        case when not joined.is_renewed_in_time then joined.successor_id end as late_successor_id,
        case when joined.is_renewed_in_time then joined.is_discount_deeper end
            as is_discount_deeper,
        case when joined.is_renewed_in_time then joined.is_term_shorter end as is_term_shorter,
        case when joined.is_renewed_in_time then joined.is_mrr_lower end as is_mrr_lower,
        case when joined.is_renewed_in_time then joined.is_early_renewal end as is_early_renewal,
        case
            when joined.is_renewed_in_time then joined.durability_score
            when joined.outcome = 'churned' then cast(0 as {{ plr_share_type() }})
        end as durability_score,
        joined.notice_date,
        joined.value_from_date,
        joined.value_until_date,
        cast(joined.value_events as bigint) as value_events,
        cast(joined.usage_events as bigint) as usage_events,
        {{ plr_from_micros('joined.last_value_us') }} as last_value_at,
        joined.has_recent_value,
        joined.first_mover,
        {{ plr_from_micros('joined.first_moved_us') }} as first_moved_at,
        case when joined.first_mover = 'person' then joined.touch_team end as first_mover_team,
        joined.is_at_risk,
        case when joined.is_at_risk then joined.mrr end as mrr_at_risk
    from joined
    left join {{ ref('int_plr__accounts') }} as accounts
        on joined.account_id = accounts.account_id
)

select * from final
