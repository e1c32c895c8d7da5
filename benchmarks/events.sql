-- The events of some hours, in the order of time: as many as table `busy` gives each hour, of the
-- accounts that table `account_slots` gives each day. Whatever an event is follows from its number:
-- generate.py runs this for a month or a day at a time, from company.sql's plan.

with

delivered as (
    select *, unnest(range(n_events + n_copies)) as nth
    from busy
),

-- now and then an event comes twice, the second time later

copied as (
    select
        * exclude (nth),
        nth >= n_events as is_copy,
        case when nth < n_events then nth else pick(nth + first_id, 'copy of', n_events) end as nth
    from delivered
),

numbered as (
    select
        day,
        first_id + nth as id,
        hour_at + to_microseconds(cast((nth + 0.5) / n_events * 3600000000 as bigint)) as sent_at,
        is_copy
    from copied
),

placed as (
    select
        numbered.id,
        numbered.sent_at,
        numbered.is_copy,
        accounts.n,
        accounts.account_id,
        accounts.n_users,
        accounts.value_share,
        numbered.day - accounts.signup_date as age_days,
        names.event_name,
        names.role
    from numbered
    inner join account_slots as accounts
        on
            numbered.day = accounts.day
            and pick(numbered.id, 'account', 8192) = accounts.slot
    inner join plan.name_slots as names
        on pick(numbered.id, 'name', 16384) = names.slot
),

-- few users do most; more of them come as the account grows older
told as (
    select
        id,
        sent_at,
        is_copy,
        account_id,
        user_name(n, cast(floor(
            n_users * least(1, 0.3 + age_days / 500.0) * pow(dice(id, 'user'), 2)
        ) as int)) as user_id,
        case
            when role = 'value' and dice(id, 'worth it') >= value_share then 'usage_1'
            else event_name
        end as event_name,
        role in ('usage', 'value') and dice(id, 'rollup') < 0.02 as is_rollup,
        dice(id, 'machine') < 0.03 as is_automated,
        dice(id, 'known by') as known_by,
        -- most arrive in minutes, some within a day or days
        case
            when dice(id, 'late') < 0.001 then 3.0
            when dice(id, 'late') < 0.02 then 1.0
            else 0.01
        end * dice(id, 'how late') * 86400000000 as late_us
    from placed
),

timed as (
    select
        *,
        case
            when $sent_late then sent_at - to_microseconds(cast(late_us as bigint)) else sent_at
        end as occurred_at
    from told
)

-- some events know only their user, some only their account, and a few neither rightly
select
    lpad(to_hex(hash(id, 'event')), 16, '0') as event_id,
    case when is_rollup then date_trunc('day', occurred_at) else occurred_at end as occurred_at,
    event_name,
    case
        when known_by < 0.001 then 'acc_gone'
        when known_by < 0.90 then account_id
    end as account_id,
    case
        when known_by between 0.05 and 0.08 then null
        when known_by > 0.998 then 'u_gone'
        else user_id
    end as user_id,
    case when is_rollup then 2 + pick(id, 'count', 30) else 1 end as event_count,
    case when is_rollup then 'date' else 'timestamp' end as occurred_precision,
    is_automated,
    occurred_at + to_microseconds(cast(late_us as bigint))
    + case when is_copy then to_hours(6) else to_hours(0) end as loaded_at
from timed
