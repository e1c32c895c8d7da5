-- Which renewals are unproven: notice has come, and the product showed no value in the days before?
with

renewals as (
    select * from {{ ref('plr_renewals') }}
),

-- `to come` is shown beside it: value may still be found before notice
final as (
    select
        case when is_at_risk then 'unproven' else 'to come, no value yet' end as standing,
        account_name,
        account_id,
        segment,
        contract_id,
        term_end,
        notice_date,
        prior_mrr,
        value_events,
        last_value_at,
        first_mover,
        first_moved_at,
        first_mover_team,
        is_auto_renew
    from renewals
    where outcome = 'open' and not has_recent_value
)

select * from final
order by standing desc, prior_mrr desc, contract_id asc
