-- each retention event is a renewal with its date and amount, each renewal that counts is an event
{{ config(group='product_led_revenue') }}

with

renewals as (
    select * from {{ ref('plr_renewals') }}
),

events as (
    select * from {{ ref('plr_revenue_events') }}
    where stage = 'retention'
),

-- a renewal counts once its term has begun and all is signed
expected as (
    select
        renewals.contract_id,
        {{ dbt.concat(["'retention|'", 'renewals.contract_id']) }} as event_id,
        renewals.renewed_date,
        renewals.prior_mrr,
        renewals.renewed_mrr
    from renewals
    inner join {{ ref('int_plr__months') }} as months
        on months.month = {{ plr_month_of(
            'greatest(renewals.renewed_date, renewals.renewal_signed_date, renewals.signed_date)'
        ) }}
    where renewals.outcome = 'renewed'
),

untied as (
    select
        expected.contract_id,
        'a renewal is not the retention event that it should be' as problem
    from expected
    left join events
        on expected.event_id = events.event_id
    where
        events.event_id is null
        or events.event_date <> expected.renewed_date
        or abs(
            events.amount_mrr
            - case
                when expected.renewed_mrr < expected.prior_mrr then expected.renewed_mrr
                else expected.prior_mrr
            end
        ) > 0.01
),

-- an event's term may end too far ahead to be shown yet
unexpected as (
    select
        terms.contract_id,
        'a retention event is no renewal, in time or late' as problem
    from events
    inner join {{ ref('int_plr__renewals') }} as terms
        on events.event_id = {{ dbt.concat(["'retention|'", 'terms.contract_id']) }}
    left join renewals
        on terms.contract_id = renewals.contract_id
    where
        terms.term_end <= {{ plr_date_add('day', var('plr_renewal_horizon_days'), plr_as_of()) }}
        and coalesce(renewals.successor_id, renewals.late_successor_id) is null
),

impossible as (
    select
        contract_id,
        'it says what its outcome does not allow' as problem
    from renewals
    where
        (outcome = 'renewed' and successor_id is null)
        or (outcome <> 'renewed' and (successor_id is not null or durability_score > 0))
        or (is_at_risk and (outcome <> 'open' or has_recent_value))
        or durability_score < 0
        or durability_score > 1
        or notice_date > term_end
        or (first_mover = 'none' and first_moved_at is not null)
        or (has_recent_value and last_value_at is null)
)

select * from untied
union all
select * from unexpected
union all
select * from impossible
