-- how each term ended, or stands, and whether value was seen before notice had to be given; long,
-- since what can become of a term stands side by side
with

renewals as (
    select * from {{ ref('int_plr__renewals') }}
),

known_months as (
    select
        min(month) as first_month,
        max(month) as last_month
    from {{ ref('int_plr__months') }}
),

-- who paid before an incomplete history is not known
terms as (
    select
        renewals.contract_id,
        renewals.account_id,
        renewals.term_end,
        renewals.signed_date,
        renewals.decision_date,
        renewals.mrr,
        renewals.is_renewed_in_time,
        {% if plr_history_is_complete() -%}
            {{ plr_month_of('renewals.term_end') }} as judged_month,
        {%- else -%}
            greatest({{ plr_month_of('renewals.term_end') }}, known_months.first_month)
                as judged_month,
        {%- endif %}
        known_months.last_month,
        least(
            {{ var('plr_renewal_notice_days') }},
            cast(
                floor({{ plr_divided(
                    dbt.datediff('renewals.term_start', 'renewals.term_end', 'day'),
                    var('plr_renewal_notice_part')
                ) }}) as int
            )
        ) as notice_days
    from renewals
    cross join known_months
    where
        renewals.term_end
        <= {{ plr_date_add('day', var('plr_renewal_horizon_days'), plr_as_of()) }}
),

-- of the terms known when this one was decided
first_terms as (
    select
        terms.contract_id,
        min(known.term_start) as first_term_start
    from terms
    inner join renewals as known
        on
            terms.account_id = known.account_id
            and greatest(terms.decision_date, terms.signed_date) >= known.signed_date
    group by 1
),

noticed as (
    select
        *,
        {{ plr_date_add('day', '-notice_days', 'term_end') }} as notice_date
    from terms
),

bounded as (
    select
        *,
        least(notice_date, {{ plr_date_add('day', 1, plr_as_of()) }}) as value_until_date
    from noticed
),

windows as (
    select
        bounded.*,
        greatest(
            {{ plr_date_add('day', -var('plr_renewal_value_days'), 'bounded.value_until_date') }},
            first_terms.first_term_start
        ) as value_from_date
    from bounded
    inner join first_terms
        on bounded.contract_id = first_terms.contract_id
),

value_seen as (
    select
        windows.contract_id,
        max(events.lo_us) as last_value_us,
        sum(
            case
                when events.lo_us >= {{ plr_micros('windows.value_from_date') }}
                    then events.event_count
                else 0
            end
        ) as value_events
    from windows
    inner join {{ ref('int_plr__signal_events') }} as events
        on
            windows.account_id = events.account_id
            and {{ plr_micros('windows.value_until_date') }} > events.lo_us
    inner join {{ ref('stg_plr__event_roles') }} as event_roles
        on
            events.event_name = event_roles.event_name
            and event_roles.role = 'value'
    where events.reject_code is null and not events.is_automated
    group by 1
),

usage_seen as (
    select
        windows.contract_id,
        sum(event_months.usage_events_of_day) as usage_events
    from windows
    inner join {{ ref('int_plr__event_months') }} as event_months
        on
            windows.account_id = event_months.account_id
            and windows.value_from_date <= event_months.usage_day
            and windows.value_until_date > event_months.usage_day
    group by 1
),

final as (
    select
        windows.contract_id,
        windows.account_id,
        windows.term_end,
        windows.signed_date,
        windows.mrr,
        case
            when windows.is_renewed_in_time then 'renewed'
            when windows.judged_month > windows.last_month then 'open'
            when account_mrr.mrr > 0 then 'rolled_over'
            when windows.last_month is not null then 'churned'
            else 'open'
        end as outcome,
        windows.notice_date,
        windows.value_from_date,
        windows.value_until_date,
        coalesce(value_seen.value_events, 0) as value_events,
        coalesce(usage_seen.usage_events, 0) as usage_events,
        value_seen.last_value_us,
        case
            when
                coverage.has_value_role
                and coverage.events_start_us <= {{ plr_micros('windows.value_from_date') }}
                and {{ plr_micros('windows.value_until_date') }} - 1
                <= coalesce(coverage.events_stale_from_us, {{ plr_forever_us() }})
                then coalesce(value_seen.value_events, 0) > 0
        end as has_recent_value
    from windows
    cross join {{ ref('int_plr__coverage') }} as coverage
    left join {{ ref('int_plr__account_mrr') }} as account_mrr
        on
            windows.account_id = account_mrr.account_id
            and windows.judged_month = account_mrr.month
    left join value_seen
        on windows.contract_id = value_seen.contract_id
    left join usage_seen
        on windows.contract_id = usage_seen.contract_id
)

select * from final
