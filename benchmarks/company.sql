-- The made-up company of $accounts accounts, but for its events: the same whatever their number, so
-- that runs of two sizes differ in nothing else. generate.py runs this and writes each table of
-- schema `company` as a Parquet file. Chance is hash(): the same in every run.

create schema plan;
create schema company;

-- a throw for a thing `n` and a purpose: the same every time, even over [0, 1)
create macro dice(n, what) as hash(n, what, 20230101) / 18446744073709551616.0;
create macro pick(n, what, among) as cast(floor(dice(n, what) * among) as bigint);

create macro first_day() as date '2023-01-01';
create macro last_day() as date '2025-12-14';
create macro account_name(n) as printf('acc_%04d', cast(n as int));
create macro user_name(n, nth) as 'u' || cast(n * 10000 + nth as bigint);

-- sizes follow Zipf's law: the first of 2,000 accounts has an eighth of all events; of many
-- accounts most are free workspaces: 20,000 ever pay, and a person calls on 40,000
create table plan.accounts as
with drawn as (
    select
        n,
        1.0 / n as weight,
        cast(3 + 3000 * pow(n, -0.8) as int) as n_users,
        first_day() + cast(case
            when n <= 20 or dice(n, 'is old') < 0.25 then -dice(n, 'signup') * 200
            else dice(n, 'signup') * 1040
        end as int) as signup_date,
        dice(n, 'pays') < least(0.6, 20000.0 / $accounts) as pays,
        dice(n, 'touched') < least(0.65, 40000.0 / $accounts) as is_touched,
        dice(n, 'outbound') < 0.4 as is_outbound,
        n in (50, 333, 777, 1500) as is_internal,
        n % 35 = 0 or n % 70 = 69 as is_merged
    from range(1, $accounts + 1) as numbers (n)
)
select
    *,
    signup_date + cast(10 + dice(n, 'paid') * 200 as int) as paid_date,
    case when n > 20 and dice(n, 'leaves') < 0.25 then
        signup_date + cast(240 + dice(n, 'left') * 700 as int)
    end as left_date,
    -- a third hardly ever get what they came for
    case when dice(n, 'value') < 0.33 then 0.02 else 1.0 end as value_share,
    50 + 20000 * pow(n, -0.7) as first_mrr,
    case when n % 5 = 0 then 'EUR' else 'USD' end as currency
from drawn;

create table company.accounts as
select
    account_name(n) as account_id,
    'Account ' || n as account_name,
    case when n % 50 = 3 then account_name(n % 20 + 1) end as parent_account_id,
    case when is_merged then account_name(n - 1) end as merged_into_account_id,
    case when n <= 100 then 'enterprise' when n <= 700 then 'mid' else 'small' end as segment,
    ['organic', 'paid', 'partner', 'outbound'][1 + pick(n, 'channel', 4)] as acquisition_channel,
    cast(signup_date as timestamp) as signed_up_at,
    cast(signup_date as timestamp) as created_at,
    is_internal
from plan.accounts;

-- one user in forty moves on to the next account, one in two thousand is an employee
create table company.users as
with members as (
    select
        n,
        nth,
        user_name(n, nth) as user_id,
        nth % 40 = 7 as has_moved,
        cast(signup_date as timestamp) + to_days(cast(100 + pick(n, nth, 500) as int)) as moved_at
    from plan.accounts, unnest(range(n_users)) as members (nth)
)
select
    user_id,
    account_name(n) as account_id,
    cast(null as timestamp) as valid_from,
    case when has_moved then moved_at end as valid_to,
    n % 100 = 0 and nth = 1 as is_internal
from members
union all
select
    user_id,
    account_name(n % $accounts + 1) as account_id,
    moved_at as valid_from,
    cast(null as timestamp) as valid_to,
    false as is_internal
from members
where has_moved;

create table company.crm_activities as
with drawn as (
    select
        n,
        nth,
        n * 1000 + nth as id,
        signup_date
        + cast(case when is_outbound then -40 else 40 end + nth * 18 + dice(n, nth) * 18 as int)
            as day
    from plan.accounts, unnest(range(5 + pick(n, 'touches', 50))) as touches (nth)
    where is_touched
)
select
    printf('act_%07d', id) as activity_id,
    account_name(n) as account_id,
    cast(null as varchar) as opportunity_id,
    ['email', 'call', 'meeting', 'demo'][1 + pick(id, 'type', 4)] as activity_type,
    case when dice(id, 'direction') < 0.8 then 'outbound' else 'inbound' end as direction,
    cast(day as timestamp) + to_minutes(cast(480 + pick(id, 'minute', 600) as int)) as occurred_at,
    'timestamp' as occurred_precision,
    cast(day as timestamp) + to_hours(cast(20 + pick(id, 'logged', 60) as int)) as created_at,
    ['sales', 'sdr', 'am', 'csm', 'support', 'marketing'][1 + pick(id, 'team', 6)] as actor_team,
    case when nth < 4 then 'prospecting' else 'expansion' end as purpose,
    dice(id, 'automated') < 0.3 as is_automated,
    10 + pick(id, 'length', 50) as duration_minutes,
    'completed' as status
from drawn
where day <= last_day();

create table company.opportunities as
with drawn as (
    select
        n,
        nth,
        n * 100 + nth as id,
        first_mrr,
        currency,
        paid_date + cast(nth * 200 - 30 as int) as opened_date,
        paid_date + cast(nth * 200 as int) as closed_date
    from plan.accounts, unnest(range(1 + pick(n, 'deals', 4))) as deals (nth)
    where pays and is_touched
)
select
    printf('opp_%06d', id) as opportunity_id,
    account_name(n) as account_id,
    case when nth = 0 then 'new_business' else 'expansion' end as opportunity_type,
    cast(opened_date as timestamp) + to_hours(9) as created_at,
    case when closed_date <= last_day() then cast(closed_date as timestamp) end as closed_at,
    closed_date <= last_day() as is_closed,
    closed_date <= last_day() and (nth = 0 or dice(id, 'won') < 0.6) as is_won,
    'sales' as created_by_team,
    cast(first_mrr * (0.1 + dice(id, 'amount')) as numeric(28, 2)) as amount_mrr,
    currency
from drawn
where opened_date <= last_day();

-- half a year at a time; the price moves with each, the last goes on until the account leaves
create table plan.periods as
with drawn as (
    select
        n,
        nth,
        n * 100 + nth as id,
        cast(paid_date + to_months(cast(nth * 6 as int)) as date) as valid_from,
        cast(paid_date + to_months(cast(nth * 6 + 6 as int)) as date) as next_from,
        left_date,
        first_mrr * (1 + 0.08 * nth + 0.3 * (dice(n, nth) - 0.4)) as mrr,
        n_users,
        currency
    from plan.accounts, unnest(range(8)) as halves (nth)
    where pays
)
select
    *,
    case
        when least(next_from, coalesce(left_date, date '9999-12-31')) <= last_day()
            then least(next_from, coalesce(left_date, date '9999-12-31'))
    end as valid_to
from drawn
where valid_from <= last_day() and valid_from < coalesce(left_date, date '9999-12-31');

create table company.revenue as
select
    printf('per_%06d', id) as subscription_period_id,
    account_name(n) as account_id,
    account_name(n) || '_plan' as subscription_id,
    valid_from,
    valid_to,
    cast(mrr as numeric(28, 2)) as mrr,
    currency,
    cast(2 + n_users * (0.5 + 0.1 * nth) as int) as seats,
    cast(mrr * 1.1 as numeric(28, 2)) as list_mrr,
    false as is_trial
from plan.periods;

create table company.contracts as
select
    printf('con_%06d', id) as contract_id,
    account_name(n) as account_id,
    account_name(n) || '_plan' as subscription_id,
    case when nth > 0 then printf('con_%06d', id - 2) end as previous_contract_id,
    valid_from as term_start,
    cast(valid_from + to_months(12) as date) as term_end,
    cast(mrr as numeric(28, 2)) as contract_mrr,
    currency,
    cast(dice(id, 'discount') * 0.2 as numeric(28, 4)) as discount_share,
    cast(valid_from as timestamp) - to_days(10) as signed_at,
    dice(id, 'auto') < 0.3 as auto_renew
from plan.periods
where nth % 2 = 0 and n % 2 = 0;

create table plan.months as
select cast(date '2022-06-01' + to_months(cast(nth as int)) as date) as month, nth
from range(43) as months (nth);

create table company.account_costs as
select
    cast(null as varchar) as account_id,
    month,
    cost_type,
    cast(20000 + 1000 * nth as numeric(28, 2)) as amount,
    'USD' as currency
from plan.months, unnest(['support', 'customer_success', 'third_party']) as costs (cost_type)
union all
select
    account_name(n) as account_id,
    month,
    'hosting' as cost_type,
    cast(first_mrr * 0.1 as numeric(28, 2)) as amount,
    'USD' as currency
from plan.accounts, plan.months
where n <= 300;

create table company.company_months as
select
    month,
    cast(60 + 3 * nth as numeric(28, 2)) as headcount_fte,
    cast(null as numeric(28, 2)) as cogs,
    cast(null as numeric(28, 2)) as recognized_revenue
from plan.months;

create table company.fx_rates as
select
    month,
    'EUR' as currency,
    cast(1.05 + 0.1 * dice(nth, 'eur') as numeric(28, 6)) as rate
from plan.months;

create table company.entitlements as
select
    account_name(n) as account_id,
    'seats' as metric,
    cast(n_users as numeric(28, 2)) as limit_quantity,
    paid_date as valid_from,
    cast(null as date) as valid_to
from plan.accounts
where pays and n % 3 = 0;

-- names with heavy tails; a twentieth of the rows says more than that somebody was there
create table plan.event_names as
select
    'usage_' || n as event_name,
    'usage' as role,
    0.93 / n / (select sum(1.0 / m) from range(1, 301) as usage_names (m)) as share
from range(1, 301) as usage_names (n)
union all
select * from (values
    ('digest_sent', 'ignore', 0.01),
    ('report_published', 'value', 0.025),
    ('review_completed', 'value', 0.015),
    ('export_scheduled', 'value', 0.002),
    ('integration_connected', 'breadth', 0.006),
    ('automation_created', 'breadth', 0.004),
    ('api_key_used', 'breadth', 0.0015),
    ('seat_limit_reached', 'limit', 0.002),
    ('storage_limit_reached', 'limit', 0.001),
    ('upgrade_prompt_shown', 'prompt', 0.002),
    ('pricing_viewed', 'intent', 0.0008),
    ('upgrade_clicked', 'intent', 0.0004),
    ('checkout_completed', 'commercial_action', 0.0002),
    ('seats_added', 'commercial_action', 0.0001)
) as signals (event_name, role, share);

create table plan.name_slots as
with reach as (
    select event_name, role, sum(share) over (order by share desc, event_name) as reach
    from plan.event_names
)
select slot, arg_min(event_name, reach) as event_name, arg_min(role, reach) as role
from range(16384) as slots (slot)
inner join reach on (slot + 0.5) / 16384 < reach
group by slot;

create table company.plr_event_roles as
select event_name, role from plan.event_names where role <> 'usage';

create table company.plr_activity_rules as
select
    'value' as rule_group_id,
    'value_twice_a_month' as rule_id,
    'all' as group_operator,
    'role:value' as event_name,
    3 as min_events,
    1 as min_distinct_users,
    2 as min_distinct_days,
    30 as within_days,
    'rolling' as anchor,
    true as is_active;

-- what the accounts of a day weigh together: each from its first day until it leaves
create table plan.days as
with changes as (
    select greatest(signup_date, first_day()) as day, weight from plan.accounts
    union all
    select left_date as day, -weight as weight from plan.accounts where left_date is not null
),
days as (
    select cast(first_day() + to_days(cast(nth as int)) as date) as day
    from range(date_diff('day', first_day(), last_day()) + 4) as days (nth)
)
select days.day, sum(sum(changes.weight)) over (order by days.day) as weight
from days
left join changes on days.day = changes.day
group by 1;

-- how busy each hour is: office hours of working days, and more accounts from month to month
create table plan.hours as
select
    days.day,
    hours.hour,
    days.weight
    * case when isodow(days.day) > 5 then 0.25 else 1 end
    * case
        when hours.hour between 8 and 17 then 1
        when hours.hour between 6 and 21 then 0.3
        else 0.05
    end as weight
from plan.days, range(24) as hours (hour);
