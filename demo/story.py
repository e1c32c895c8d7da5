"""One account's history in order: `python demo/story.py [account] [database]` after a build.

One line a dated fact: product, people, deals, contracts, money, and where patterns began and ended.
Reads the tables straight from the DuckDB file; dbt is not started again.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import duckdb

from summary import DATABASE, money

Fact = tuple[date, str, str]

# The largest case of expansion orphans, where no account is asked for.
DEFAULT = """
    select entity_id from plr_pattern_flags where entity_type = 'account'
    order by
        pattern = 'expansion_orphans' and status = 'flagged' desc,
        month desc, amount_at_stake desc nulls last, entity_id
    limit 1
"""

# Each query gives (date, text) of one account, under the kind shown in the second column.
QUERIES: tuple[tuple[str, str], ...] = (
    (
        "product",
        """
        select cast(facts.at as date), facts.what from (
            select 1 as place, created_at as at, 'the record is created' as what
            from stg_plr__accounts where account_id = $account
            union all
            select 2, signed_up_at, 'signs up' from plr_account_origin where account_id = $account
            union all
            select 3, make_timestamp(min(first_by_person_us)), 'first event in the product'
            from int_plr__event_months where account_id = $account and reject_code is null
            union all
            select 4, first_qualifying_event_at, 'first event that counts towards value'
            from plr_account_origin where account_id = $account
            union all
            select 5, first_meaningful_activity_at, 'value is proven: ' || meaningful_rule_group
            from plr_account_origin where account_id = $account
        ) as facts where facts.at is not null order by facts.place
        """,
    ),
    (
        "product",
        """
        select
            cast(min(occurred_at) as date),
            replace(event_name, '_', ' ') || if(count(*) > 1, ', ' || count(*) || ' times', '')
                || case role when 'limit' then ' (limit)' when 'prompt' then ' (offer)'
                    when 'intent' then ' (intent)' else ' (purchase)' end
        from int_plr__signal_events inner join kestrel_event_roles using (event_name)
        where account_id = $account and reject_code is null and not is_automated
            and role in ('limit', 'prompt', 'intent', 'commercial_action')
        group by event_month, event_name, role order by min(occurred_at)
        """,
    ),
    (
        "people",
        """
        select
            cast(make_timestamp(touches.lo_us) as date),
            coalesce(touches.team, 'unknown') || ': ' || activities.activity_type
                || coalesce(' ' || activities.direction, '')
                || coalesce(', ' || replace(activities.purpose, '_', '-'), '')
                || if(touches.is_commercial, '', ' (care, not commercial)')
        from int_plr__sales_touches as touches
        inner join stg_plr__crm_activities as activities
            on touches.source_id = activities.activity_id and activities.reject_code is null
        where touches.account_id = $account and touches.source = 'activity'
            and touches.is_human_touch
        order by touches.lo_us
        """,
    ),
    (
        "people",
        """
        select
            cast(make_timestamp(min(touches.lo_us)) as date),
            touches.team || coalesce(', ' || activities.purpose, '') || ': the first of '
                || count(*) || ' (no sales contact)'
        from int_plr__sales_touches as touches
        inner join stg_plr__crm_activities as activities
            on touches.source_id = activities.activity_id and activities.reject_code is null
        where touches.account_id = $account and not touches.is_human_touch
        group by touches.team, activities.purpose
        """,
    ),
    (
        "deal",
        """
        select cast(created_at as date), replace(opportunity_type, '_', ' ') || ' opened by '
            || created_by_team || ', ' || currency || ' '
            || format('{:,}', round(amount_mrr)::int) || ' MRR'
        from stg_plr__opportunities where account_id = $account and reject_code is null
        union all
        select cast(closed_at as date), replace(opportunity_type, '_', ' ')
            || if(is_won, ' won', ' lost')
        from stg_plr__opportunities
        where account_id = $account and reject_code is null and closed_at is not null
        """,
    ),
    (
        "contract",
        """
        select term_start, contract_id || if(before is null, ' begins', ' follows ' || before)
            || ', until ' || term_end || if(is_auto_renew, ', renews itself', '')
            || worse
        from (
            select contracts.*, renewed.contract_id as before,
                if(renewed.is_mrr_lower, ', for less MRR', '')
                || if(renewed.is_discount_deeper, ', at a deeper discount', '')
                || if(renewed.is_term_shorter, ', for a shorter term', '')
                || if(renewed.is_early_renewal, ', signed early for it', '') as worse
            from int_plr__renewals as contracts
            left join int_plr__renewals as renewed
                on contracts.contract_id = renewed.successor_id
            where contracts.account_id = $account
        )
        union all
        select term_end, contract_id || ' ends, no successor signed'
        from int_plr__renewals
        where account_id = $account and successor_id is null
            and term_end <= (select max(month_end) from int_plr__months)
        """,
    ),
    (
        "money",
        """
        select event_date, stage || ' of $' || format('{:,}', round(amount_mrr)::int) || ' MRR: '
            || replace(initiation, '_', ' ')
            || coalesce(', ' || replace(unobserved_reason, '_', ' '), '')
            || coalesce('; product: ' || replace(product_signal_role, '_', ' ') || ' '
                || cast(product_signal_at as date), '')
            || coalesce('; people: ' || first_touch_team || ' ' || cast(
                coalesce(first_commercial_touch_at, first_human_touch_at) as date)
                || coalesce(' (' || first_touch_id || ')', ''), '')
        from plr_revenue_events where account_id = $account
        order by event_date, stage
        """,
    ),
    (
        "money",
        """
        select last_day(month), 'month ends at $' || format('{:,}', round(closing_mrr)::int)
            || ' MRR after $' || format('{:,}', round(opening_mrr)::int) || ': ' || movement_type
            || coalesce(' of subscription ' || fallen_subscription_id, '')
            || if(fallen_subscriptions > 1, ' and ' || fallen_subscriptions - 1 || ' more', '')
        from plr_mrr_movements
        where account_id = $account and movement_type <> 'none'
        """,
    ),
    (
        "pattern",
        """
        with flags as (
            select *, status = 'flagged' as is_flagged,
                lag(status) over runs is not distinct from 'flagged' as was_flagged,
                month = (select max(month) from int_plr__months) as is_last,
                if(status = 'flagged', month, lag(month) over runs + interval 1 month) as since
            from plr_pattern_flags
            where entity_type = 'account' and entity_id = $account
            window runs as (partition by pattern order by month)
        )
        select last_day(since), pattern || case
                when is_flagged and not was_flagged then ' FLAGGED: ' || evidence_summary
                when is_flagged then ' still flagged: ' || evidence_summary
                else ' no longer flagged: ' || if(status = 'watch', 'only watched, ', '')
                    || replace(reason, '_', ' ')
            end
        from flags
        where is_flagged <> was_flagged or (is_flagged and is_last)
        """,
    ),
)


def history(db: duckdb.DuckDBPyConnection, account_id: str) -> list[Fact]:
    """The account's facts by date; on one day product, people, deal, contract, money, pattern."""
    facts: list[tuple[date, int, str, str]] = []
    for place, (kind, query) in enumerate(QUERIES):
        rows = db.execute(query, {"account": account_id}).fetchall()
        facts += [(day, place, kind, text) for day, text in rows]
    facts.sort(key=lambda fact: fact[:2])
    return [(day, kind, text) for day, _, kind, text in facts]


def main(wanted: str = "", database: Path = DATABASE) -> int:
    """Print the story, or say what is missing."""
    if not database.exists():
        print("No database yet: run `make demo` first.", file=sys.stderr)
        return 1
    with duckdb.connect(str(database), read_only=True) as db:
        wanted = wanted or db.execute(DEFAULT).fetchone()[0]
        found = db.execute(
            "select account_id, account_name, segment, origin, origin_evidence, current_mrr"
            " from plr_account_origin"
            " where lower($name) in (lower(account_id), lower(account_name))",
            {"name": wanted},
        ).fetchone()
        if found is None:
            print(f"No account {wanted}. Take an id from demo/planted.csv.", file=sys.stderr)
            return 1
        account_id, name, segment, origin, evidence, mrr = found
        facts = history(db, account_id)
    came = f"{origin} ({evidence})" if origin else evidence
    print(f"{name} ({account_id}), {segment}, {money(mrr)} MRR: {came}\n")
    for day, kind, text in facts:
        print(f"{day}  {kind:<9} {text}")
    return 0


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(main(*words[:1], *(Path(word).resolve() for word in words[1:2])))
