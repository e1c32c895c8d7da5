{{ config(enabled=var('plr_find_value_events'), tags=['plr_setup']) }}
{#-
    Which accounts are looked at: two halves, and of the newer one some apart. It is long, since
    whoever reached a candidate and the rest are counted side by side.
-#}
{%- set populations = {
    'older': 'is_covered and is_unpaid and is_older',
    'newer': 'is_covered and is_unpaid and not is_older',
    'uncontacted': 'is_covered and is_unpaid and not is_older and not is_contacted',
    'paid_in_window': 'is_covered and has_paid_within and not is_older',
    'not_covered': 'is_unpaid and not is_covered',
} -%}

with

first_days as (
    select * from {{ ref('int_plr__first_days') }}
),

accounts as (
    select * from {{ ref('int_plr__value_event_accounts') }}
),

-- what asks for money, or is asked for it, is no value
no_candidates as (
    select distinct event_name
    from {{ ref('stg_plr__event_roles') }}
    where role in ('intent', 'commercial_action', 'prompt', 'limit')
),

names as (
    select
        first_days.event_name,
        cast(sum(first_days.event_count) as bigint) as first_days_events,
        count(distinct first_days.account_id) as first_days_accounts
    from first_days
    left join no_candidates
        on first_days.event_name = no_candidates.event_name
    where no_candidates.event_name is null
    group by 1
),

thresholds as (
    {% for number in plr_var('plr_value_event_min_events') -%}
        select {{ number }} as min_events
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

windows as (
    {% for days in plr_var('plr_value_event_windows') -%}
        select {{ days }} as window_days
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- all events as early as they may have been, then all as late
running as (
    select
        accounts.account_id,
        accounts.window_days,
        first_days.event_name,
        first_days.lo_us,
        first_days.hi_us,
        sum(first_days.event_count) over (
            partition by accounts.account_id, accounts.window_days, first_days.event_name
            order by first_days.lo_us, first_days.hi_us
            rows between unbounded preceding and current row
        ) as events_by_lo,
        sum(first_days.event_count) over (
            partition by accounts.account_id, accounts.window_days, first_days.event_name
            order by first_days.hi_us, first_days.lo_us
            rows between unbounded preceding and current row
        ) as events_by_hi
    from accounts
    inner join first_days
        on
            accounts.account_id = first_days.account_id
            and accounts.closes_us > first_days.lo_us
    inner join names
        on first_days.event_name = names.event_name
),

reached as (
    select
        running.account_id,
        running.window_days,
        running.event_name,
        thresholds.min_events,
        min(case when running.events_by_lo >= thresholds.min_events then running.lo_us end)
            as reached_lo_us,
        min(case when running.events_by_hi >= thresholds.min_events then running.hi_us end)
            as reached_hi_us
    from running
    cross join thresholds
    where
        running.events_by_lo >= thresholds.min_events
        or running.events_by_hi >= thresholds.min_events
    group by 1, 2, 3, 4
),

members as (
    {% for population, condition in populations.items() -%}
        select
            '{{ population }}' as population,
            account_id,
            window_days,
            contact_lo_us,
            case when has_converted then 1 else 0 end as converted,
            case when has_converted and is_twelfth_month_known then 1 else 0 end as payers,
            case when has_converted and is_twelfth_month_known and is_retained then 1 else 0 end
                as retained
        from accounts
        where {{ condition }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

wholes as (
    select
        population,
        window_days,
        count(*) as accounts,
        sum(converted) as converted,
        sum(payers) as payers,
        sum(retained) as retained
    from members
    group by 1, 2
),

-- how many days before the first contact; ties and unclear days go to contact
timed as (
    select
        reached.event_name,
        reached.min_events,
        reached.window_days,
        members.population,
        members.converted,
        members.payers,
        members.retained,
        case
            when
                reached.reached_hi_us
                < coalesce(members.contact_lo_us, {{ plr_forever_us() }})
                then 1
            else 0
        end as before_contact,
        case
            when reached.reached_hi_us < members.contact_lo_us
                then {{ dbt.datediff(
                    'cast(' ~ plr_from_micros('reached.reached_lo_us') ~ ' as date)',
                    'cast(' ~ plr_from_micros('members.contact_lo_us') ~ ' as date)',
                    'day'
                ) }}
        end as days_of_lead
    from reached
    inner join members
        on
            reached.account_id = members.account_id
            and reached.window_days = members.window_days
),

numbered as (
    select
        *,
        row_number() over (
            partition by
                event_name,
                min_events,
                window_days,
                population,
                case when days_of_lead is null then 1 else 0 end
            order by days_of_lead
        ) as lead_number,
        count(days_of_lead) over (
            partition by event_name, min_events, window_days, population
        ) as n_leads
    from timed
),

sums as (
    select
        event_name,
        min_events,
        window_days,
        population,
        count(*) as accounts,
        sum(converted) as converted,
        sum(payers) as payers,
        sum(retained) as retained,
        sum(before_contact) as before_contact,
        {{ plr_nearest_rank('days_of_lead', 'lead_number', 'n_leads', 1, 2) | indent(8) }}
            as days_of_lead_median
    from numbered
    group by 1, 2, 3, 4
),

populations as (
    {% for population in populations -%}
        select '{{ population }}' as population
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- a name that nobody reached so often has its row, too
candidates as (
    select
        names.event_name,
        thresholds.min_events,
        windows.window_days,
        populations.population,
        names.first_days_events,
        names.first_days_accounts
    from names
    cross join thresholds
    cross join windows
    cross join populations
),

final as (
    select
        candidates.event_name,
        candidates.min_events,
        candidates.window_days,
        candidates.population,
        candidates.first_days_events,
        candidates.first_days_accounts,
        coalesce(sums.accounts, 0) as reached,
        coalesce(sums.converted, 0) as reached_converted,
        coalesce(sums.payers, 0) as reached_payers,
        coalesce(sums.retained, 0) as reached_retained,
        coalesce(wholes.accounts, 0) - coalesce(sums.accounts, 0) as rest,
        coalesce(wholes.converted, 0) - coalesce(sums.converted, 0) as rest_converted,
        coalesce(wholes.payers, 0) - coalesce(sums.payers, 0) as rest_payers,
        coalesce(wholes.retained, 0) - coalesce(sums.retained, 0) as rest_retained,
        coalesce(sums.before_contact, 0) as reached_before_contact,
        sums.days_of_lead_median
    from candidates
    left join wholes
        on
            candidates.window_days = wholes.window_days
            and candidates.population = wholes.population
    left join sums
        on
            candidates.event_name = sums.event_name
            and candidates.min_events = sums.min_events
            and candidates.window_days = sums.window_days
            and candidates.population = sums.population
)

select * from final
