"""What the demo's deals, contracts and budgets are like, read from its raw files alone.

demo/planted_deals.csv says what became of some deals and contracts; here each is looked up in the
rows, by rules written out once more. The shares keep the made-up company believable.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from demo_project import DEMO, cases

AS_OF = date(2025, 12, 31)
FACTS = cases("planted_deals.csv")
VALUE = ("plan_published", "review_completed")

Raw = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def raw(made: list[Path]) -> Raw:
    """The raw files, a view each."""
    db = duckdb.connect()
    for file in (made[0] / "data").glob("*.parquet"):
        db.execute(f"create view {file.stem} as select * from '{file}'")
    return db


def row(raw: Raw, query: str, *values: str) -> tuple:
    """The only row of an answer."""
    rows = raw.execute(query, values).fetchall()
    assert len(rows) == 1, query
    return rows[0]


def value_times(raw: Raw, account_id: str) -> list[datetime]:
    """When the account's people published or reviewed plans, the mobile app's events too."""
    rows = raw.execute(
        "select distinct ts from product_events where event in (?, ?) and ts is not null and"
        " coalesce(workspace_id, (select any_value(workspace_id) from users"
        " where users.member_id = product_events.member_id)) = ? order by 1",
        [*VALUE, account_id],
    ).fetchall()
    return [moment for (moment,) in rows]


def first_sales_touch(raw: Raw, account_id: str) -> datetime:
    """The first thing that sales did with the account, before any deal."""
    teams = "('Sales', 'SDR', 'Account Management', 'Partner')"
    return row(
        raw,
        "select min(cast(activity_at as timestamp)) from crm_activities"
        f" where account_ref = ? and owner_team in {teams} and state = 'done'",
        account_id,
    )[0]


def of_deal(raw: Raw, deal_id: str, account_id: str) -> str:
    """A deal's type, what became of it, and who was first when it was opened."""
    kind, stage, opened = row(
        raw,
        "select deal_type, stage, cast(created_at as timestamp) from opportunities where id = ?",
        deal_id,
    )
    fate = {"Closed Won": "won", "Closed Lost": "lost"}.get(stage, "open")
    touch = first_sales_touch(raw, account_id)
    proven = value_times(raw, account_id)[2]  # the third plan meets the rule, on three days
    first = "product_first" if proven < min(touch, opened) else "sales_first"
    return f"{kind.lower().replace(' ', '_')} {fate} {first}"


def of_contract(raw: Raw, contract_id: str, account_id: str) -> str:
    """Whether a contract was renewed, and whether value was seen in the 90 days before notice."""
    start, end = row(
        raw,
        "select first_day, last_day + 1 from contracts where contract_no = ?",
        contract_id,
    )
    successors = raw.execute(
        "select * from contracts where replaces = ? and signed_on <= ?", [contract_id, AS_OF]
    ).fetchall()
    notice = end - timedelta(days=min(120, (end - start).days // 3))
    seen = any(
        notice - timedelta(days=90) <= moment.date() < notice
        for moment in value_times(raw, account_id)
    )
    outcome = "renewed" if successors else "open" if end > AS_OF else "ended"
    at_risk = " at_risk" if outcome == "open" and notice <= AS_OF and not seen else ""
    return f"{outcome}{at_risk} {'recent_value' if seen else 'no_recent_value'}"


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f"{f['relation']}-{f['id']}")
def test_fact_is_true(raw: Raw, fact: dict[str, str]) -> None:
    told = {"opportunities": of_deal, "contracts": of_contract}[fact["relation"]]
    assert told(raw, fact["id"], fact["account_id"]) == fact["fact"]


DEAL = """
    select opportunity_type || ' '
        || case when not is_closed then 'open' when is_won then 'won' else 'lost' end || ' '
        || sequence_at_open
    from plr_deal_origin where opportunity_id = ? and account_id = ?
"""
TERM = """
    select outcome || case when is_at_risk then ' at_risk' else '' end
        || case when has_recent_value then ' recent_value' else ' no_recent_value' end
    from plr_renewals where contract_id = ? and account_id = ?
"""


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f"{f['relation']}-{f['id']}")
def test_marts_say_the_fact(marts: duckdb.DuckDBPyConnection, fact: dict[str, str]) -> None:
    query = {"opportunities": DEAL, "contracts": TERM}[fact["relation"]]
    assert row(marts, query, fact["id"], fact["account_id"]) == (fact["fact"],)


def test_list_of_facts_is_up_to_date(made: list[Path]) -> None:
    written = (made[0] / "planted_deals.csv").read_text()
    assert written == (DEMO / "planted_deals.csv").read_text()


def test_deals_are_won_and_lost_as_elsewhere(marts: duckdb.DuckDBPyConnection) -> None:
    """First deals opened after value was proven do better, and most deals are lost."""
    rows = marts.sql(
        "select coalesce(first_meaningful_activity_at < least(created_at,"
        " first_sales_contact_at), false),"
        " count(*), count_if(is_won), count_if(not is_closed),"
        " median(date_diff('day', created_at, closed_at)) filter (is_won)"
        " from stg_plr__opportunities inner join plr_account_origin using (account_id)"
        " where reject_code is null and opportunity_type = 'new_business'"
        " and first_sales_contact_at is not null group by 1"
    ).fetchall()
    found = {first: rest for first, *rest in rows}
    rates = {first: won / (n - still_open) for first, (n, won, still_open, _) in found.items()}
    assert 0.35 <= rates[True] <= 0.45
    assert 0.20 <= rates[False] <= 0.28
    assert found[True][3] < 0.6 * found[False][3]
    assert min(still_open for _, _, still_open, _ in found.values()) >= 5


def test_deals_of_every_type_are_lost_and_open(raw: Raw) -> None:
    rows = raw.execute(
        "select deal_type, count_if(stage = 'Closed Lost'), count_if(stage = 'Negotiation'),"
        " count(*) from opportunities where deal_type is not null group by 1"
    ).fetchall()
    assert {kind for kind, *_ in rows} == {"New Business", "Upsell", "Renewal", "Win-back"}
    for kind, lost, still_open, total in rows:
        assert 0.1 <= lost / total <= 0.9, kind
        assert still_open, kind
    months = row(raw, "select count(distinct left(created_at, 7)) from opportunities")[0]
    assert months == 36


def test_channels_bring_different_sign_ups(marts: duckdb.DuckDBPyConnection) -> None:
    """Where colleagues invite each other more meet value than where an advertisement was seen."""
    rates = dict(
        marts.sql(
            "select acquisition_channel, count(first_meaningful_activity_at) / count(*)"
            " from plr_account_origin where signed_up_at is not null and acquisition_channel"
            " in ('organic', 'paid_search', 'template_gallery', 'integration', 'invite_loop')"
            " group by 1"
        ).fetchall()
    )
    assert len(rates) == 5
    assert rates["paid_search"] < 0.35 < rates["organic"] < rates["invite_loop"] < 0.7


def test_winning_customers_costs_what_it_does_elsewhere(
    raw: Raw, marts: duckdb.DuckDBPyConnection
) -> None:
    """Every month each program spends; payback of 2025's new MRR is one to two years."""
    months = row(
        raw,
        "select min(programs), count(*) from (select month, count(distinct coalesce(program, ''))"
        " as programs from acquisition_costs group by month)",
    )
    assert months == (3, 36)
    spend = row(
        raw,
        "select sum(amount * if(currency = 'EUR', 1.1, 1)) from acquisition_costs"
        " where month >= '2025-01'",
    )[0]
    new_mrr = row(marts, "select sum(new_mrr) from plr_mrr_movements where month >= '2025-01-01'")
    assert 12 <= float(spend) / float(new_mrr[0]) / 0.77 <= 24
