-- The floor: the plainest SQL that answers the same as the package's event path and revenue months,
-- for this one company, with no dbt around it. bench.py runs it statement by statement on the same
-- views over the same files, and fails if the answers differ.

-- whom an account stands for after its mergers
create table owners as
with recursive steps as (
    select account_id, account_id as reached_id from raw.accounts
    union all
    select steps.account_id, accounts.merged_into_account_id as reached_id
    from steps
    inner join raw.accounts on steps.reached_id = accounts.account_id
    where accounts.merged_into_account_id is not null
)
select steps.account_id, accounts.account_id as survivor_id, accounts.is_internal
from steps
inner join raw.accounts on steps.reached_id = accounts.account_id
where accounts.merged_into_account_id is null;

-- events of known accounts and of nobody internal; both passes read the files through it
create view events as
select
    owners.survivor_id as account_id,
    events.user_id,
    events.event_id,
    events.event_name,
    events.occurred_at,
    events.loaded_at,
    events.event_count,
    events.is_automated
from raw.product_events as events
left join raw.users
    on
        events.user_id = users.user_id
        and (users.valid_from is null or events.occurred_at >= users.valid_from)
        and (users.valid_to is null or events.occurred_at < users.valid_to)
inner join owners on coalesce(events.account_id, users.account_id) = owners.account_id
where not owners.is_internal and not coalesce(users.is_internal, false);

-- events that came more than once
create table repeated as
select hash(event_id, occurred_at) as event_key
from raw.product_events
group by all
having count(*) > 1;

-- one pass for the signal events
create table signal_events as
select account_id, user_id, event_id, event_name, occurred_at, event_count, is_automated
from events
where event_name in (select event_name from raw.plr_event_roles where role <> 'ignore')
qualify row_number() over (partition by event_id, occurred_at order by loaded_at desc) = 1;

-- one pass for the usage of each account and month
create table usage_months as
with kept as (
    select account_id, user_id, event_name, occurred_at, event_count, is_automated
    from events
    anti join repeated on hash(events.event_id, events.occurred_at) = repeated.event_key
    union all
    select account_id, user_id, event_name, occurred_at, event_count, is_automated
    from events
    semi join repeated on hash(events.event_id, events.occurred_at) = repeated.event_key
    qualify row_number() over (partition by event_id, occurred_at order by loaded_at desc) = 1
)
select
    kept.account_id,
    date_trunc('month', kept.occurred_at) as month,
    count(*) as event_rows,
    sum(kept.event_count) filter (where is_used) as usage_events,
    count(distinct kept.user_id) filter (where is_used) as active_users
from (
    select
        kept.*,
        not is_automated and coalesce(role in ('value', 'breadth'), true) as is_used
    from kept
    left join raw.plr_event_roles as roles on kept.event_name = roles.event_name
) as kept
group by all;

-- one sort for the activity windows: three value events on two days within thirty
create table first_activity as
with windows as (
    select
        account_id,
        occurred_at,
        sum(event_count) over thirty_days as n_events,
        first_value(occurred_at::date) over thirty_days < occurred_at::date as has_two_days
    from signal_events
    where
        not is_automated
        and event_name in (select event_name from raw.plr_event_roles where role = 'value')
    window thirty_days as (
        partition by account_id
        order by occurred_at
        range between interval '29 days 23:59:59.999999' preceding and current row
    )
)
select account_id, min(occurred_at) as met_at
from windows
where n_events >= 3 and has_two_days
group by account_id;

-- the revenue months
create table mrr_months as
select
    owners.survivor_id as account_id,
    months.month::date as month,
    sum(revenue.mrr * coalesce(fx_rates.rate, 1)) as mrr
from raw.revenue
inner join owners on revenue.account_id = owners.account_id and not owners.is_internal
inner join generate_series(date '2022-06-01', date '2025-11-01', interval 1 month) as months (month)
    on
        revenue.valid_from <= last_day(months.month)
        and (revenue.valid_to is null or revenue.valid_to > last_day(months.month))
left join raw.fx_rates
    on revenue.currency = fx_rates.currency and months.month = fx_rates.month
group by all;
