"""Whether a floor and a build answer the same: `answers.py <floor database> <package database>`.

Prints a line per answer; exits 1 when one differs.
"""

from __future__ import annotations

import sys

import duckdb

# answer → its rows by the floor, and by the package
ANSWERS = {
    "signal events": (
        """
        select account_id, user_id, event_id, event_name, occurred_at, event_count, is_automated
        from floor.signal_events
        """,
        """
        select account_id, user_id, event_id, event_name, occurred_at, event_count, is_automated
        from package.main.int_plr__signal_events where is_signal and reject_code is null
        """,
    ),
    "account-months of usage, with active users": (
        """
        select
            account_id, month::date, event_rows,
            coalesce(usage_events, 0)::bigint, active_users
        from floor.usage_months
        """,
        """
        select
            account_id, event_month::date, sum(event_rows)::bigint,
            sum(usage_events)::bigint, sum(active_users)::bigint
        from package.main.int_plr__event_months where reject_code is null group by 1, 2
        """,
    ),
    "first meaningful activity of accounts": (
        "select account_id, epoch_us(met_at) from floor.first_activity",
        """
        select account_id, lo_us from package.main.int_plr__activity_groups
        where threshold = 'as_set'
        """,
    ),
    "month-ends with MRR": (
        "select account_id, month, round(round(mrr, 6), 2)::numeric(28, 2) from floor.mrr_months",
        """
        select account_id, month, round(closing_mrr, 2)::numeric(28, 2)
        from package.main.plr_mrr_movements where closing_mrr <> 0
        """,
    ),
}


def main(floor: str, package: str) -> int:
    differing = 0
    with duckdb.connect() as connection:
        connection.execute("set threads = 2; set memory_limit = '2GB'")
        connection.execute(f"attach '{floor}' as floor (read_only)")
        connection.execute(f"attach '{package}' as package (read_only)")
        for name, selects in ANSWERS.items():
            ours, theirs = (
                connection.execute(
                    f"select count(*), sum(hash(answer)::hugeint) from ({select}) as answer"
                ).fetchone()
                for select in selects
            )
            print(f"{name}: {theirs[0]:,}" + ("" if ours == theirs else f", the floor {ours[0]:,}"))
            differing += ours != theirs
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
