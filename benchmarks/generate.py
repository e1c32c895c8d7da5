"""Make a company of any number of accounts and events: `python benchmarks/generate.py 2e3 1e7`.

    data/2e3/company/<relation>.parquet      its accounts, users, deals, ... whatever its events
    data/2e3/1e7/events/month=.../           its history: EVENTS events, as Parquet by month
    data/2e3/1e7/more_days/1.parquet ...     the days after it, an average day's events each

DuckDB draws everything from the SQL beside this file. Nothing is written again while that and this
are unchanged; data of other sizes are deleted when the disk is short.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import time
from datetime import date
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"
MORE_DAYS = 3
BYTES_PER_EVENT = 30


def size_name(events: int) -> str:
    """10000000 as 1e7: how sizes are named everywhere."""
    mantissa, exponent = f"{events:.3e}".split("e+")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def fingerprint() -> str:
    """Changes with this code and with DuckDB's version."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for name in ("generate.py", "company.sql", "events.sql"):
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def write(connection: duckdb.DuckDBPyConnection, select: str, file: Path) -> None:
    """Write a select as one Parquet file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"copy ({select}) to '{file}' (format parquet, compression zstd)")


def plan_hours(
    connection: duckdb.DuckDBPyConnection, days: tuple[date, date], events: int, first_id: int
) -> None:
    """Table `busy`: which hours of these days bring how many events, and how many copies."""
    connection.execute(
        """
        create or replace temp table busy as
        with reached as (
            select
                day,
                cast(day as timestamp) + to_hours(cast(hour as int)) as hour_at,
                cast(round($events * sum(weight) over (order by day, hour)
                    / sum(weight) over ()) as bigint) as last_id
            from plan.hours
            where day between $first and $last
        ),
        bounded as (
            select *, lag(last_id, 1, 0) over (order by hour_at) as events_before from reached
        )
        select
            day,
            hour_at,
            events_before + $first_id as first_id,
            last_id - events_before as n_events,
            cast(floor((last_id - events_before) * 0.001 + dice(hour_at, 'copies')) as bigint)
                as n_copies
        from bounded
        where last_id > events_before
        order by hour_at
        """,
        {"events": events, "first": days[0], "last": days[1], "first_id": first_id},
    )


def plan_accounts(connection: duckdb.DuckDBPyConnection, days: tuple[date, date]) -> None:
    """Table `account_slots`: whose an event of a day is, each account by its weight."""
    connection.execute(
        """
        create or replace temp table account_slots as
        with days as (
            select day, weight from plan.days where day between $first and $last
        ),
        reached as (
            select
                days.day,
                accounts.n,
                sum(accounts.weight) over (partition by days.day order by accounts.n)
                / days.weight as share_to
            from days
            inner join plan.accounts as accounts
                on
                    accounts.signup_date <= days.day
                    and (accounts.left_date is null or accounts.left_date > days.day)
        ),
        slots as (
            select day, slot, (slot + dice(day, 'turn')) / 8192 as share
            from days, range(8192) as slots (slot)
        )
        select
            slots.day,
            slots.slot,
            accounts.n,
            account_name(accounts.n) as account_id,
            accounts.n_users,
            accounts.value_share,
            accounts.signup_date
        from slots
        asof join reached on slots.day = reached.day and slots.share < reached.share_to
        inner join plan.accounts as accounts on reached.n = accounts.n
        """,
        {"first": days[0], "last": days[1]},
    )


def make_room(events: int, folder: Path) -> None:
    """Delete what else was generated, if the disk might not hold this with databases."""
    if shutil.disk_usage(HERE).free > 4 * events * BYTES_PER_EVENT:
        return
    for other in DATA.glob("*e*/*e*"):
        if other not in (folder, folder.parent / size_name(events // 10)):
            print(f"deleting {other.relative_to(HERE)}: the disk is short")
            shutil.rmtree(other)


def generate(accounts: int, events: int) -> Path:
    """The folder that holds a company of that many accounts and events, made if it isn't there."""
    folder = DATA / size_name(accounts) / size_name(events)
    stamp = folder / "fingerprint.txt"
    if stamp.exists() and stamp.read_text() == fingerprint():
        return folder
    began = time.perf_counter()
    shutil.rmtree(folder, ignore_errors=True)
    make_room(events, folder)
    with duckdb.connect() as connection:
        connection.execute("set memory_limit = '4GB'")
        company = (HERE / "company.sql").read_text()
        connection.execute(company.replace("$accounts", str(accounts)))
        # joins as written, events on the left: they stay in the order of time
        connection.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
        relations = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'company'"
        ).fetchall()
        for (relation,) in relations:
            file = folder.parent / "company" / f"{relation}.parquet"
            write(connection, f"from company.{relation}", file)
        write_events(connection, events, folder)
    stamp.write_text(fingerprint())
    took = time.perf_counter() - began
    print(
        f"{size_name(events)} events of {size_name(accounts)} accounts generated in {took:.0f} s",
        flush=True,
    )
    return folder


def write_events(connection: duckdb.DuckDBPyConnection, events: int, folder: Path) -> None:
    """The history month by month, then the days after it."""
    select = (HERE / "events.sql").read_text()
    first, last = connection.execute("select first_day(), last_day()").fetchone()
    months = connection.execute(
        """
        select strftime(day, '%Y-%m'), min(day), max(day), sum(sum(weight)) over (order by min(day))
        from plan.hours where day <= last_day() group by 1 order by 1
        """
    ).fetchall()
    done = 0
    for name, month_first, month_last, weight_to in months:
        to = round(events * weight_to / months[-1][3])
        plan_hours(connection, (month_first, month_last), to - done, done)
        plan_accounts(connection, (month_first, month_last))
        file = folder / "events" / f"month={name}" / "events.parquet"
        write(connection, select.replace("$sent_late", "false"), file)
        done = to
    a_day = events // ((last - first).days + 1)
    for number in range(1, MORE_DAYS + 1):
        day = date.fromordinal(last.toordinal() + number)
        plan_hours(connection, (day, day), a_day, done)
        plan_accounts(connection, (day, day))
        file = folder / "more_days" / f"{number}.parquet"
        write(connection, select.replace("$sent_late", "true"), file)
        done += a_day


if __name__ == "__main__":
    print(generate(*(int(float(size)) for size in sys.argv[1:3])))
