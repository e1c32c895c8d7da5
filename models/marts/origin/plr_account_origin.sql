with

origins as (
    select *
    from {{ ref('int_plr__origins') }}
    where subject_type = 'account'
),

-- firm if neither the tie policy nor the logged contact time would change the headline
readings as (
    select
        account_id,
        max(case when is_product_driven then 1 else 0 end) as in_any_reading,
        min(case when is_product_driven then 1 else 0 end) as in_every_reading
    from origins
    where scenario in ('headline', 'ties_to_sales', 'ties_to_product', 'logged_contact_time')
    group by 1
),

current_months as (
    select
        account_mrr.account_id,
        account_mrr.mrr
    from {{ ref('int_plr__account_mrr') }} as account_mrr
    inner join {{ ref('int_plr__months') }} as months
        on account_mrr.month = months.month
    where months.is_last
),

dated as (
    select
        origins.*,
        {{ plr_from_micros('origins.decided_us') }} as origin_decided_at,
        {{ plr_from_micros('origins.first_event_us') }} as first_qualifying_event_at,
        {{ plr_from_micros('origins.activity_lo_us') }} as first_meaningful_activity_at,
        {{ plr_from_micros('origins.contact_lo_us') }} as first_sales_contact_at
    from origins
    where origins.scenario = 'headline'
),

final as (
    select
        accounts.account_id,
        accounts.account_name,
        accounts.segment,
        accounts.acquisition_channel,
        accounts.ultimate_parent_id,
        dated.origin,
        dated.origin_evidence,
        dated.is_product_driven,
        dated.is_product_driven_strict,
        dated.origin_decided_at,
        readings.in_any_reading <> readings.in_every_reading as origin_is_sensitive,
        dated.sequence,
        accounts.signed_up_at,
        dated.first_qualifying_event_at,
        dated.first_meaningful_activity_at,
        dated.rule_group_id as meaningful_rule_group,
        dated.first_sales_contact_at,
        dated.contact_precision,
        dated.contact_source as first_contact_source,
        dated.is_contact_backdated,
        dated.paid_date as first_paid_date,
        cast({{ dbt.datediff(
            'cast(dated.first_meaningful_activity_at as date)',
            'cast(dated.first_sales_contact_at as date)',
            'day'
        ) }} as int) as days_activity_to_contact,
        cast({{ dbt.datediff(
            'cast(dated.first_meaningful_activity_at as date)',
            'dated.paid_date',
            'day'
        ) }} as int) as days_activity_to_paid,
        {{ plr_money('coalesce(current_months.mrr, 0)') }} as current_mrr,
        run_confidence.data_confidence,
        run_confidence.confidence_reason
    from {{ ref('int_plr__accounts') }} as accounts
    inner join dated
        on accounts.account_id = dated.account_id
    inner join readings
        on accounts.account_id = readings.account_id
    left join current_months
        on accounts.account_id = current_months.account_id
    cross join {{ ref('int_plr__run_confidence') }} as run_confidence
)

select * from final
