with

final as (
    select
        movements.account_id,
        accounts.account_name,
        movements.month,
        movements.opening_mrr,
        movements.new_mrr,
        movements.expansion_mrr,
        movements.contraction_mrr,
        movements.churn_mrr,
        movements.reactivation_mrr,
        movements.fx_mrr,
        movements.closing_mrr,
        movements.movement_type,
        movements.fallen_subscription_id,
        movements.fallen_subscriptions,
        movements.segment,
        movements.acquisition_channel,
        origins.origin,
        movements.is_active
    from {{ ref('int_plr__mrr_movements') }} as movements
    inner join {{ ref('int_plr__origins') }} as origins
        on
            movements.account_id = origins.subject_id
            and origins.subject_type = 'account'
            and origins.scenario = 'headline'
    left join {{ ref('int_plr__accounts') }} as accounts
        on movements.account_id = accounts.account_id
)

select * from final
