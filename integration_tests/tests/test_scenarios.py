"""How a consumer may set the package up; every scenario is built twice, the second time on top.

One small company serves them all. Each of its accounts has a story (its id says which), told in
every revenue shape and with every feed on or off.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

import install_packages
from companies.builds import OPTIONAL
from companies.rules import rule
from harness import INPUT_TYPES, Project, Result, Row, Rows, column_types, write_table

MARTS = (
    "plr_account_origin",
    "plr_cohort_nrr",
    "plr_data_quality",
    "plr_deal_origin",
    "plr_mrr_movements",
    "plr_pattern_backtest",
    "plr_product_driven_revenue",
    "plr_quarantine",
    "plr_retention_monthly",
)
MONTHLY = {"account_costs", "acquisition_costs", "company_months", "fx_rates"}
AS_OF = date(2024, 6, 30)  # the last day of the last complete month
LATER = date(2024, 9, 30)

RULES: dict[str, Rows] = {
    "plr_event_roles": [
        {"event_name": "report_shared", "role": "value"},
        {"event_name": "checkout", "role": "commercial_action"},
        {"event_name": "upgrade_clicked", "role": "intent"},
    ],
    "plr_activity_rules": [
        rule("core", "two_reports", "role:value", min_events=2, min_distinct_days=2, within_days=30)
    ],
}

Inputs = dict[str, Rows]
Marts = dict[str, Counter[tuple[tuple[str, Any], ...]]]


# --- the company ------------------------------------------------------------------------------


def at(text: str) -> datetime:
    """A time written as '2024-01-31 10:00', or as a day, meaning ten in the morning."""
    return datetime.fromisoformat(text if " " in text else f"{text} 10:00")


class Company:
    """Collects the rows of every input."""

    def __init__(self) -> None:
        self.inputs: Inputs = defaultdict(list)

    def add(self, relation: str, **row: Any) -> None:
        self.inputs[relation].append(row)

    def account(self, account_id: str, segment: str, signed_up: str, **more: Any) -> None:
        """An account and its only user."""
        self.add(
            "accounts", account_id=account_id, segment=segment, signed_up_at=at(signed_up), **more
        )
        self.add(
            "users", user_id=f"u_{account_id}", account_id=account_id, valid_from=at(signed_up)
        )

    def events(self, account_id: str, name: str, *times: str, by_user: bool = False) -> None:
        """Events of an account, or of its user alone."""
        owner = {"user_id": f"u_{account_id}"} if by_user else {"account_id": account_id}
        for time in times:
            self.add(
                "product_events",
                event_id=f"{account_id}-{name}-{time}",
                event_name=name,
                occurred_at=at(time),
                **owner,
            )

    def call(self, account_id: str, time: str, team: str = "sales") -> None:
        """A call; a bare day is midnight, which a CRM means as the whole day."""
        exact = at(time) if " " in time else at(f"{time} 00:00")
        self.add(
            "crm_activities",
            activity_id=f"{account_id}-call-{time}",
            account_id=account_id,
            activity_type="call",
            occurred_at=exact,
            actor_team=team,
        )

    def deal(self, account_id: str, opened: str, won: str, mrr: int) -> None:
        """A won opportunity."""
        self.add(
            "opportunities",
            opportunity_id=f"{account_id}-deal-{won}",
            account_id=account_id,
            opportunity_type="new_business",
            created_at=at(opened),
            closed_at=at(won),
            is_closed=True,
            is_won=True,
            amount_mrr=mrr,
            currency="USD",
        )

    def pays(
        self,
        account_id: str,
        mrr: int,
        since: str,
        until: str | None = None,
        currency: str = "USD",
        *,
        is_trial: bool = False,
        item: str = "plan",
    ) -> None:
        """A period of a subscription item."""
        self.add(
            "revenue",
            subscription_period_id=f"{account_id}-{item}-{since}",
            account_id=account_id,
            subscription_id=f"{account_id}-{item}",
            valid_from=date.fromisoformat(since),
            valid_to=date.fromisoformat(until) if until else None,
            mrr=mrr,
            currency=currency,
            is_trial=is_trial,
        )


def make_company() -> Inputs:
    """Everything that is known by LATER. Origins of `open` accounts are decided after AS_OF."""
    company = Company()

    # settled by AS_OF; whatever follows must not reach back
    company.account("product_alone", "settled", "2023-02-01", created_at=at("2023-02-01"))
    company.events("product_alone", "report_shared", "2023-02-03", "2023-02-09", by_user=True)
    company.pays("product_alone", 100, "2023-03-01")
    company.pays("product_alone", 50, "2024-07-10", item="add_on")
    company.call("product_alone", "2024-08-01 09:00")

    company.account("product_then_sales", "settled", "2023-03-01")
    company.events("product_then_sales", "report_shared", "2023-03-02", "2023-03-03", "2024-08-09")
    company.call("product_then_sales", "2023-03-20 14:00")
    company.deal("product_then_sales", "2023-03-21", "2023-04-02", 200)
    company.deal("product_then_sales", "2024-07-21", "2024-08-02", 80)
    company.pays("product_then_sales", 200, "2023-04-03", "2024-04-03")
    company.pays("product_then_sales", 260, "2024-04-03")

    company.account("sales_only", "settled", "2023-04-10")
    company.call("sales_only", "2023-04-11 08:00")
    company.deal("sales_only", "2023-04-20", "2023-05-04", 300)
    company.pays("sales_only", 300, "2023-05-05", currency="EUR")
    company.events("sales_only", "report_shared", "2024-07-08", "2024-07-09")

    company.account("same_day", "settled", "2023-06-01")
    company.events("same_day", "report_shared", "2023-06-05", "2023-06-07")
    company.call("same_day", "2023-06-07")
    company.pays("same_day", 40, "2023-06-08", is_trial=True, until="2023-06-22", item="trial")
    company.pays("same_day", 40, "2023-06-22")

    company.account("gone_and_back", "settled", "2023-03-05")
    company.events("gone_and_back", "report_shared", "2023-03-06", "2023-03-07")
    company.pays("gone_and_back", 70, "2023-03-10", "2024-02-10")
    company.deal("gone_and_back", "2024-06-12", "2024-08-08", 90)
    company.pays("gone_and_back", 90, "2024-08-10")

    company.account("merged", "settled", "2023-05-01", merged_into_account_id="survivor")
    company.account("survivor", "settled", "2023-07-01")
    company.events("merged", "report_shared", "2023-05-02")
    company.events("survivor", "report_shared", "2023-05-03")
    company.pays("merged", 30, "2023-08-01", "2023-12-01")
    company.pays("survivor", 35, "2023-12-01")

    company.account("signed_up_early", "settled", "2022-12-01")
    company.events("signed_up_early", "report_shared", "2023-01-20", "2023-01-21")
    company.pays("signed_up_early", 25, "2023-02-01")

    # paid on the last day of the month; the checkout comes one instant too late to count
    company.account("checkout_too_late", "settled", "2024-06-01")
    company.pays("checkout_too_late", 15, "2024-06-30")
    company.events("checkout_too_late", "checkout", "2024-07-04 00:00")

    company.account("bought_alone", "bought", "2024-03-01")
    company.events("bought_alone", "checkout", "2024-03-02")
    company.pays("bought_alone", 20, "2024-03-02")
    company.events("bought_alone", "report_shared", "2024-08-02", "2024-08-03")

    # nothing known by AS_OF, or not yet a customer
    company.account("proven_later", "open", "2024-02-01")
    company.pays("proven_later", 60, "2024-02-15")
    company.events("proven_later", "report_shared", "2024-07-20", "2024-07-21")

    company.account("called_later", "open", "2024-01-01")
    company.pays("called_later", 80, "2024-01-15")
    company.call("called_later", "2024-07-15 12:00")

    company.account("customer_later", "open", "2024-05-01")
    company.events("customer_later", "report_shared", "2024-05-10", "2024-05-11", by_user=True)
    company.deal("customer_later", "2024-07-10", "2024-07-30", 110)
    company.pays("customer_later", 110, "2024-08-01", currency="EUR")

    company.account("staff", "open", "2023-01-05", is_internal=True)
    company.events("staff", "report_shared", "2023-01-06", "2024-07-06")
    company.pays("staff", 5, "2023-02-01")

    # the first rows of both feeds, and the last: neither feed is stale
    company.account("watched", "settled", "2023-01-01")
    company.events("watched", "page_viewed", "2023-01-02", "2024-06-28", "2024-09-28")
    # the first instants of the months that an incremental run begins with
    company.events("watched", "page_viewed", "2024-06-01 00:00", "2024-05-01 00:00")
    company.events("watched", "upgrade_clicked", "2024-06-01 00:00", "2024-05-01 00:00")
    company.call("watched", "2023-01-02 09:00", team="support")
    company.call("watched", "2024-06-28 09:00", team="support")
    company.call("watched", "2024-09-28 09:00", team="support")
    company.events("nobody", "report_shared", "2023-05-05", "2024-07-07")

    for number in range(21):
        month = date(2023 + number // 12, number % 12 + 1, 1)
        rate = Decimal("1.05") + Decimal(number) / 200
        company.add("fx_rates", month=month, currency="EUR", rate=rate)
        company.add("company_months", month=month, headcount_fte=10 + number)
        company.add(
            "account_costs",
            account_id="sales_only",
            month=month,
            cost_type="support",
            amount=number,
            currency="USD",
        )
        company.add(
            "acquisition_costs",
            month=month,
            cost_type="marketing",
            spent_on="product_led",
            acquisition_channel=None,
            amount=number,
            currency="EUR",
        )
    company.add(
        "contracts",
        contract_id="k1",
        account_id="sales_only",
        term_start=date(2023, 5, 5),
        term_end=date(2024, 5, 5),
        contract_mrr=300,
        currency="EUR",
    )
    company.add(
        "entitlements",
        account_id="sales_only",
        metric="seats",
        limit_quantity=20,
        valid_from=date(2023, 5, 5),
    )
    return dict(company.inputs)


COMPANY = make_company()


def day_of(relation: str, row: Row) -> date:
    """The day a row is dated."""
    column = {
        "accounts": "signed_up_at",
        "users": "valid_from",
        "product_events": "occurred_at",
        "crm_activities": "occurred_at",
        "opportunities": "created_at",
        "revenue": "valid_from",
        "contracts": "term_start",
        "entitlements": "valid_from",
    }.get(relation, "month")
    value = row[column]
    return value.date() if isinstance(value, datetime) else value


def known_by(day: date, inputs: Inputs) -> Inputs:
    """The rows dated up to a day."""
    return {
        relation: [row for row in rows if day_of(relation, row) <= day]
        for relation, rows in inputs.items()
    }


def month_ends(last: date) -> list[date]:
    """The month-ends from 2023 on."""
    firsts = [date(2023 + n // 12, n % 12 + 1, 1) for n in range(1, 60)]
    return [first - timedelta(days=1) for first in firsts if first - timedelta(days=1) <= last]


def as_snapshots(periods: Rows, last: date) -> Rows:
    """The same revenue as the state at each month's end."""
    return [
        {
            "account_id": row["account_id"],
            "subscription_id": row["subscription_id"],
            "month": end,
            "mrr": row["mrr"],
            "currency": row["currency"],
        }
        for end in month_ends(last)
        for row in periods
        if row["valid_from"] <= end
        and (row["valid_to"] is None or row["valid_to"] > end)
        and not row["is_trial"]
    ]


def as_invoices(periods: Rows, last: date) -> Rows:
    """The same revenue as one recurring line a period; an open one is billed past the end."""
    lines = []
    for row in periods:
        if row["is_trial"]:
            continue
        start = row["valid_from"]
        months = (last.year - start.year) * 12 + last.month - start.month + 2
        if row["valid_to"]:
            end = row["valid_to"]
            months = (end.year - start.year) * 12 + end.month - start.month
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        lines.append(
            {
                "invoice_line_id": row["subscription_period_id"],
                "account_id": row["account_id"],
                "subscription_id": row["subscription_id"],
                "service_start": start,
                "service_end": start.replace(year=year, month=month + 1),
                "amount": row["mrr"] * months,
                "currency": row["currency"],
                "line_type": "recurring",
            }
        )
    return lines


# --- building and comparing -------------------------------------------------------------------


def marts(project: Project) -> Marts:
    """Every mart's rows, in no order."""
    return {name: Counter(tuple(row.items()) for row in project.mart(name)) for name in MARTS}


def differences(one: Marts, other: Marts) -> dict[str, list[Any]]:
    """Some of the rows that only one of the two has, by mart."""
    found = {}
    for name in one:
        alone = list((one[name] - other[name]) | (other[name] - one[name]))
        if alone:
            found[name] = [len(alone), *alone[:4]]
    return found


def built_twice(project: Project) -> Marts:
    """The marts, after a second build on top of the first has left them as they were."""
    project.build()
    first = marts(project)
    project.build()
    assert not differences(first, marts(project)), "the second build changed the marts"
    return first


def rows_of(found: Marts, mart: str, **values: Any) -> Rows:
    """The rows of a mart that have these values."""
    rows = [dict(row) for row in found[mart].elements()]
    return [row for row in rows if values.items() <= row.items()]


def closing_mrr(found: Marts) -> dict[tuple[str, date], Decimal]:
    """Closing MRR by account and month."""
    return {
        (row["account_id"], row["month"]): row["closing_mrr"]
        for row in rows_of(found, "plr_mrr_movements")
        if row["closing_mrr"]
    }


def with_vars(as_of: date = AS_OF, **more: Any) -> dict[str, Any]:
    """The vars every scenario sets."""
    return {"plr_as_of_date": as_of.isoformat(), **more}


def in_dollars(rows: Rows) -> Rows:
    """The same amounts in the reporting currency."""
    return [{**row, "currency": "USD"} for row in rows]


# --- time goes on: nothing known later reaches back, and an incremental run is a full one ---------


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Marts]:
    """One project as of AS_OF, then as of LATER on top of it, then as of LATER from scratch.

    Half of what is dated later lies in the inputs from the beginning, the rest is appended.
    """
    later = {
        relation: [row for row in rows if day_of(relation, row) > AS_OF]
        for relation, rows in COMPANY.items()
    }
    assert all(
        day_of(relation, row) > AS_OF + timedelta(days=3) or relation in MONTHLY
        for relation, rows in later.items()
        for row in rows
    )
    early = known_by(AS_OF, COMPANY)
    delivered = {relation: early[relation] + later[relation][::2] for relation in COMPANY}
    project = Project(tmp_path_factory.mktemp("history"), delivered, with_vars(), RULES)
    project.build()
    found = {"as of AS_OF": marts(project)}

    for relation in COMPANY:
        rows = delivered[relation] + later[relation][1::2]
        write_table(project.database, relation, rows, column_types(relation))
    as_of = json.dumps({"plr_as_of_date": LATER.isoformat()})
    project.build("--vars", as_of)
    found["as of LATER"] = marts(project)
    project.build("--vars", as_of, "--full-refresh")
    found["from scratch"] = marts(project)
    return found


def test_an_incremental_run_equals_a_full_refresh(history: dict[str, Marts]) -> None:
    assert not differences(history["as of LATER"], history["from scratch"])
    months = {row["month"] for row in rows_of(history["as of LATER"], "plr_mrr_movements")}
    assert max(months) == date(2024, 9, 1)


RUN_LEVEL = {"data_confidence", "confidence_reason", "unmapped_activity_share"}


def up_to_as_of(found: Marts, mart: str, without: Iterable[str] = ()) -> Rows:
    """A mart's rows of months up to AS_OF, without the columns that tell of the whole run."""
    rows = []
    for row in rows_of(found, mart):
        month = row.get("month") or add_months(row["cohort_month"], row["months_since"])
        if month <= AS_OF:
            rows.append({k: v for k, v in row.items() if k not in RUN_LEVEL | set(without)})
    return sorted(rows, key=repr)


def add_months(month: date, number: int) -> date:
    """A first of month moved on."""
    year, index = divmod(month.year * 12 + month.month - 1 + number, 12)
    return date(year, index + 1, 1)


def test_no_look_ahead_in_movements(history: dict[str, Marts]) -> None:
    before, after = history["as of AS_OF"], history["as of LATER"]
    then, now = (
        up_to_as_of(found, "plr_mrr_movements", without=["origin"]) for found in (before, after)
    )
    assert then == now
    assert len(then) > 80

    def origins(found: Marts) -> dict[str, str]:
        rows = up_to_as_of(found, "plr_mrr_movements")
        return {row["account_id"]: row["origin"] for row in rows}

    changed = {k: v for k, v in origins(after).items() if v != origins(before)[k]}
    assert changed == {"proven_later": "self_serve", "called_later": "sales_originated"}


def test_no_look_ahead_in_product_driven_revenue(history: dict[str, Marts]) -> None:
    def of(found: Marts, segment: str, without: Iterable[str] = ()) -> Rows:
        rows = up_to_as_of(found, "plr_product_driven_revenue", without)
        return [row for row in rows if row["segment"] == segment]

    before, after = history["as of AS_OF"], history["as of LATER"]
    assert of(before, "settled") == of(after, "settled")
    # it stays product-driven; what that rests on is told by today's evidence
    bought = [of(found, "bought", without=["purchase_only_mrr"]) for found in (before, after)]
    assert bought[0] == bought[1]
    origin_dependent = [
        "product_driven_mrr",
        "product_driven_strict_mrr",
        "untracked_mrr",
        "tracked_mrr",
        "product_driven_share",
        "product_driven_share_of_tracked",
        "untracked_share",
        "product_driven_revenue_ttm",
        "restated_mrr",
        "purchase_only_mrr",
    ]
    then, now = (
        [row for row in of(found, "all", without=origin_dependent) if row["is_total"]]
        for found in (before, after)
    )
    assert then == now
    assert len(then) == 17


def test_no_look_ahead_in_retention_and_cohorts(history: dict[str, Marts]) -> None:
    before, after = history["as of AS_OF"], history["as of LATER"]
    for mart, at_least in (("plr_retention_monthly", 60), ("plr_cohort_nrr", 150)):
        then = up_to_as_of(before, mart)
        assert then == up_to_as_of(after, mart), mart
        assert len(then) > at_least, mart


def test_no_look_ahead_in_decided_origins(history: dict[str, Marts]) -> None:
    end = datetime(2024, 7, 1)
    verdict = (
        "account_id",
        "segment",
        "origin",
        "is_product_driven",
        "is_product_driven_strict",
        "origin_decided_at",
        "first_paid_date",
    )

    def decided(found: Marts) -> Rows:
        rows = rows_of(found, "plr_account_origin")
        rows = [row for row in rows if row["origin_decided_at"] and row["origin_decided_at"] < end]
        return sorted(({name: row[name] for name in verdict} for row in rows), key=repr)

    before, after = history["as of AS_OF"], history["as of LATER"]
    assert decided(before) == decided(after)
    assert {row["account_id"]: row["origin"] for row in decided(before)} == {
        "bought_alone": "self_serve",
        "gone_and_back": "self_serve",
        "product_alone": "self_serve",
        "product_then_sales": "product_driven_sales_assisted",
        "sales_only": "sales_originated",
        "same_day": "sales_originated",
        "survivor": "self_serve",
    }


def test_no_look_ahead_in_deals(history: dict[str, Marts]) -> None:
    """A deal that is won later is open today, and was opened as it was."""
    then, now = (
        {row["opportunity_id"]: row for row in rows_of(history[name], "plr_deal_origin")}
        for name in ("as of AS_OF", "as of LATER")
    )
    for name, row in then.items():
        for column in ("sequence_at_open", "sequence_basis", "is_sequence_covered"):
            assert row[column] == now[name][column], name
    won = {name: row for name, row in then.items() if row["is_won"]}
    assert {name: row["origin"] for name, row in won.items()} == {
        "product_then_sales-deal-2023-04-02": "product_driven_sales_assisted",
        "sales_only-deal-2023-05-04": "sales_originated",
    }
    assert won == {name: now[name] for name in won}
    assert len([name for name, row in now.items() if row["is_won"]]) == 5


# --- feeds off, feeds empty, every revenue shape ------------------------------------------------


def test_every_optional_input_off(tmp_path: Path) -> None:
    early = known_by(AS_OF, COMPANY)
    inputs = {
        "accounts": early["accounts"],
        "product_events": early["product_events"],
        "revenue": in_dollars(early["revenue"]),
    }
    found = built_twice(Project(tmp_path, inputs, with_vars(), RULES))
    for mart in MARTS:
        assert found[mart] or mart == "plr_deal_origin", f"{mart} is empty"
    off = {row["relation"] for row in rows_of(found, "plr_data_quality", rows_in=0)}
    assert off == set(OPTIONAL)


def test_snapshots_with_an_empty_crm(tmp_path: Path, history: dict[str, Marts]) -> None:
    inputs = known_by(AS_OF, COMPANY)
    inputs |= {"revenue": as_snapshots(inputs["revenue"], AS_OF)}
    inputs |= {"crm_activities": [], "opportunities": []}
    own = with_vars(plr_revenue_shape="snapshots", plr_revenue_history_is_complete=True)
    found = built_twice(Project(tmp_path, inputs, own, RULES))
    assert closing_mrr(found) == closing_mrr(history["as of AS_OF"])
    assert not rows_of(found, "plr_account_origin", is_product_driven=True)
    [row] = rows_of(found, "plr_account_origin", account_id="product_alone")
    assert (row["origin"], row["origin_evidence"]) == ("untracked", "crm_not_covered")
    assert row["data_confidence"] == "low"
    assert row["confidence_reason"].startswith("crm_activities: the feed is empty")


def test_invoices_with_empty_events(tmp_path: Path, history: dict[str, Marts]) -> None:
    inputs = known_by(AS_OF, COMPANY)
    inputs |= {"revenue": as_invoices(inputs["revenue"], AS_OF), "product_events": []}
    own = with_vars(plr_revenue_shape="invoices")
    found = built_twice(Project(tmp_path, inputs, own, RULES))
    assert closing_mrr(found) == closing_mrr(history["as of AS_OF"])
    [row] = rows_of(found, "plr_account_origin", account_id="sales_only")
    assert (row["origin"], row["origin_evidence"]) == ("untracked", "events_not_covered")
    assert not rows_of(found, "plr_account_origin", is_product_driven=True)


def test_empty_revenue(tmp_path: Path) -> None:
    inputs = known_by(AS_OF, COMPANY) | {"revenue": []}
    found = built_twice(Project(tmp_path, inputs, with_vars(), RULES))
    accounts = rows_of(found, "plr_account_origin")
    assert {row["origin_evidence"] for row in accounts} == {"prospect"}
    assert {row["origin"] for row in accounts} == {row["is_product_driven"] for row in accounts}
    assert {row["sequence"] for row in accounts} == {
        "product_first",
        "sales_first",
        "ambiguous",
        "none",
    }
    for mart in (
        "plr_mrr_movements",
        "plr_product_driven_revenue",
        "plr_retention_monthly",
        "plr_pattern_backtest",
    ):
        assert not found[mart], mart
    assert rows_of(found, "plr_deal_origin")


# --- where things are put, and what they are called -----------------------------------------------

ONE_ROW: Inputs = {
    "accounts": [{"account_id": "a", "signed_up_at": at("2024-01-10")}],
    "account_links": [{"account_id": "stripe:a", "same_as_account_id": "a"}],
    "users": [{"user_id": "u", "account_id": "a"}],
    "product_events": [
        {
            "event_id": "e",
            "occurred_at": at("2024-01-11"),
            "event_name": "report_shared",
            "user_id": "u",
            "event_count": 2,
        },
    ],
    "crm_activities": [
        {
            "activity_id": "x",
            "account_id": "a",
            "activity_type": "call",
            "actor_team": "sales",
            "occurred_at": at("2024-02-01"),
        },
    ],
    "opportunities": [
        {
            "opportunity_id": "o",
            "account_id": "a",
            "opportunity_type": "new_business",
            "created_at": at("2024-02-02"),
            "closed_at": at("2024-02-20"),
            "is_closed": True,
            "is_won": True,
            "amount_mrr": 10,
            "currency": "EUR",
        },
    ],
    "revenue": [
        {
            "subscription_period_id": "p",
            "account_id": "a",
            "subscription_id": "s",
            "valid_from": date(2024, 2, 21),
            "valid_to": date(2024, 3, 1),
            "mrr": 10,
            "currency": "EUR",
        },
    ],
    "contracts": [
        {
            "contract_id": "k",
            "account_id": "a",
            "term_start": date(2024, 2, 21),
            "term_end": date(2024, 3, 1),
            "contract_mrr": 10,
            "currency": "EUR",
        },
    ],
    "account_costs": [
        {
            "account_id": "a",
            "month": date(2024, 2, 1),
            "cost_type": "support",
            "amount": 1,
            "currency": "USD",
        },
    ],
    "acquisition_costs": [
        {
            "month": date(2024, 2, 1),
            "cost_type": "sales",
            "spent_on": "sales_led",
            "acquisition_channel": "search",
            "amount": 1,
            "currency": "USD",
        },
    ],
    "company_months": [{"month": date(2024, 2, 1), "headcount_fte": 3}],
    "fx_rates": [{"month": date(2024, 2, 1), "currency": "EUR", "rate": 2}],
    "entitlements": [
        {
            "account_id": "a",
            "metric": "seats",
            "limit_quantity": 5,
            "valid_from": date(2024, 2, 21),
        },
    ],
}


def test_one_row_in_every_input_and_marts_in_another_database_and_schema(tmp_path: Path) -> None:
    rule = RULES["plr_activity_rules"][0] | {"min_distinct_days": 1}
    elsewhere = {"product_led_revenue": {"+database": "warehouse", "+schema": "analytics"}}
    project = Project(
        tmp_path,
        ONE_ROW,
        with_vars(plr_crm_tracking_start="2024-01-01"),
        {**RULES, "plr_activity_rules": [rule]},
        config={"models": elsewhere, "seeds": elsewhere},
    )
    project.write(
        "macros/generate_schema_name.sql",
        "{% macro generate_schema_name(custom_schema_name, node) -%}\n"
        "    {{ custom_schema_name or target.schema }}\n"
        "{%- endmacro %}\n",
    )
    output = {
        "type": "duckdb",
        "path": project.database.name,
        "threads": 2,
        "attach": [{"path": "warehouse.duckdb", "alias": "warehouse"}],
    }
    project.write("profiles.yml", {"consumer": {"target": "dev", "outputs": {"dev": output}}})

    def in_warehouse() -> Marts:
        with duckdb.connect(str(project.folder / "warehouse.duckdb"), read_only=True) as db:
            found: Marts = {}
            for name in MARTS:
                answer = db.execute(f"select * from analytics.{name}")
                columns = [column[0] for column in answer.description]
                rows = answer.fetchall()
                found[name] = Counter(tuple(zip(columns, row, strict=True)) for row in rows)
            return found

    project.build()
    found = in_warehouse()
    project.build()
    assert not differences(found, in_warehouse()), "the second build changed the marts"
    left = project.query("select table_name from information_schema.tables")
    assert {row["table_name"] for row in left} == set(ONE_ROW) | {
        "plr_event_roles",
        "plr_activity_rules",
    }, "only the consumer's own tables stay in its database"

    [account] = rows_of(found, "plr_account_origin")
    assert account["origin"] == "product_driven_sales_assisted"
    assert account["first_paid_date"] == date(2024, 2, 21)
    [movement] = rows_of(found, "plr_mrr_movements", month=date(2024, 2, 1))
    assert (movement["movement_type"], movement["closing_mrr"]) == ("new", 20)
    [movement] = rows_of(found, "plr_mrr_movements", month=date(2024, 3, 1))
    assert (movement["movement_type"], movement["churn_mrr"]) == ("churn", 20)
    [deal] = rows_of(found, "plr_deal_origin")
    assert (deal["origin"], deal["amount_mrr"]) == ("product_driven_sales_assisted", 20)
    valid = rows_of(found, "plr_data_quality", code="valid")
    assert [row["rows"] for row in valid] == [1] * len(ONE_ROW)


USERS_OWN_COLUMNS = """
    'mine' as record_id,
    'null_key' as reject_code,
    'null_key' as row_code,
    'mine' as row_detail,
    7 as copy_number,
    7 as "rows",
    date '1999-09-09' as event_month,
    cast(5 as bigint) as lo_us,
    cast(5 as bigint) as hi_us,
    'nobody' as survivor_account_id,
    'mine' as feed,
    'mine' as input,
    'mine' as origin,
    false as is_known,
    true as is_signal"""


def own_model(relation: str, materialized: str = "view", *more: str) -> str:
    """A mapping model with columns of its own, some named as the package's."""
    columns = ",".join([USERS_OWN_COLUMNS, *more])
    return (
        f"{{{{ config(materialized='{materialized}') }}}}\n"
        f"select raw.*,{columns}\nfrom {{{{ source('raw', '{relation}') }}}} as raw\n"
    )


@pytest.fixture(scope="module")
def colliding(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Every form of the door; models named as the package's steps, columns and seeds are."""
    # an ephemeral model's columns can't be looked up, so it has to have them all
    delivered = {column for row in COMPANY["accounts"] for column in row}
    lacking = [f"cast(null as text) as {c}" for c in INPUT_TYPES["accounts"].keys() - delivered]
    project = Project(
        tmp_path_factory.mktemp("colliding"),
        COMPANY,
        with_vars(
            LATER,
            plr_input_accounts="accounts",
            plr_input_users="consumer.users",
            plr_input_product_events="months",
            plr_input_crm_activities="origins",
            plr_input_opportunities="input",
            plr_input_revenue="month",
            plr_input_contracts="final",
            plr_input_account_costs="account_id",
            plr_input_company_months="source:raw.company_months",
            plr_event_roles="plr_event_roles",
            plr_activity_rules="consumer.plr_activity_rules",
        ),
        RULES,
        {
            "accounts.sql": own_model("accounts", "ephemeral", *lacking),
            "users.sql": own_model("users", "table"),
            "months.sql": own_model("product_events"),
            "origins.sql": own_model("crm_activities"),
            "input.sql": own_model("opportunities"),
            "month.sql": own_model("revenue"),
            "final.sql": own_model("contracts"),
            "account_id.sql": own_model("account_costs"),
            "plr_event_roles.sql": own_model("plr_event_roles"),
            "plr_activity_rules.sql": own_model("plr_activity_rules", "table"),
            "ours.sql": "select * from {{ ref('product_led_revenue', 'plr_account_origin') }}",
        },
    )
    # as a user installs: from the hub where it answers, else what set-up lays in its place
    shutil.rmtree(project.folder / "dbt_packages")
    (project.folder / "package-lock.yml").unlink()
    install_packages.install(project.folder)
    return project


def test_a_consumer_whose_names_collide(colliding: Project, history: dict[str, Marts]) -> None:
    found = built_twice(colliding)
    assert not differences(found, history["from scratch"])
    assert colliding.query("select count(*) as n from ours") == [
        {"n": found["plr_account_origin"].total()}
    ]


def test_events_that_come_late_are_counted(colliding: Project) -> None:
    """One in the months that every run reads again, one that nothing but a row count tells of."""
    late = [
        {
            "event_id": f"late {day}",
            "event_name": "report_shared",
            "occurred_at": at(day),
            "account_id": "nobody",
        }
        for day in ("2024-08-15", "2023-01-10")
    ]
    rows = [*COMPANY["product_events"], *late]
    write_table(colliding.database, "product_events", rows, column_types("product_events"))
    colliding.build()
    assert colliding.query(
        "select rows_in from plr_data_quality where relation = 'product_events' and code = 'valid'"
    ) == [{"rows_in": len(rows)}]


def test_only_marts_are_public(colliding: Project) -> None:
    peeking = colliding.folder / "models" / "peeking.sql"
    peeking.write_text("select * from {{ ref('product_led_revenue', 'int_plr__origins') }}")
    result = colliding.dbt("parse")
    peeking.unlink()
    assert not result.ok
    assert "model.product_led_revenue.int_plr__origins" in result.output
    assert "private" in result.output


# --- builds that must fail, and say why -----------------------------------------------------------


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Result]:
    """Accounts that merge in a circle, of events one in ten without a time, of revenue one row in
    fifty without an amount."""
    inputs: Inputs = {
        "accounts": [
            {"account_id": "a"},
            {"account_id": "round", "merged_into_account_id": "about"},
            {"account_id": "about", "merged_into_account_id": "round"},
            {"account_id": "leads_in", "merged_into_account_id": "round"},
        ],
        "product_events": [
            {
                "event_id": f"e{n}",
                "occurred_at": at(f"2024-02-{n + 10}") if n else None,
                "event_name": "report_shared",
                "account_id": "a",
            }
            for n in range(10)
        ],
        "revenue": [
            {
                "subscription_period_id": f"p{n}",
                "account_id": "a",
                "subscription_id": f"s{n}",
                "valid_from": date(2024, 2, 21),
                "mrr": 10 if n else None,
                "currency": "USD",
            }
            for n in range(50)
        ],
    }
    project = Project(tmp_path_factory.mktemp("spoilt"), inputs, with_vars(), RULES)
    return project, project.dbt("build")


def node(result: Result, name: str) -> str:
    """The status of the model or test with this name."""
    [status] = [found for key, found in result.statuses.items() if key.split(".")[2] == name]
    return status


def said(result: Result) -> str:
    """What dbt printed, on one line."""
    return " ".join(result.output.split())


def test_a_merge_cycle_fails_and_quarantines_who_leads_into_it(
    spoilt: tuple[Project, Result],
) -> None:
    project, result = spoilt
    assert node(result, "plr_data_quality_has_no_fail") == "error"
    assert (
        "the inputs are broken. accounts: merge_cycle in 3 of 4 rows. Mend merged_into_account_id"
        in said(result)
    )
    rejected = project.query(
        "select record_id, code from plr_quarantine where relation = 'accounts' order by 1"
    )
    assert rejected == [
        {"record_id": name, "code": "merge_cycle"} for name in ("about", "leads_in", "round")
    ]
    [row] = project.query("select rows, severity from plr_data_quality where code = 'merge_cycle'")
    assert row == {"rows": 3, "severity": "fail"}


def test_too_many_structural_rejects_fail(spoilt: tuple[Project, Result]) -> None:
    project, result = spoilt
    assert node(result, "plr_data_quality_has_no_fail") == "error"
    assert "product_events: null_time in 1 of 10 rows. Fill the required time" in said(result)
    [row] = project.query("select * from plr_data_quality where code = 'null_time'")
    assert (row["relation"], row["share"], row["severity"]) == (
        "product_events",
        Decimal("0.1"),
        "fail",
    )


def test_some_structural_rejects_warn(spoilt: tuple[Project, Result]) -> None:
    project, result = spoilt
    assert node(result, "plr_data_quality_has_no_warn") == "warn"
    assert (
        "product_led_revenue: warn: revenue: null_key 1 (of 50 rows delivered). Fill the key"
        in said(result)
    )
    assert "product_led_revenue: fail: revenue" not in said(result), "below the share that fails"
    [row] = project.query("select * from plr_data_quality where code = 'null_key'")
    assert (row["relation"], row["share"], row["severity"]) == ("revenue", Decimal("0.02"), "warn")


def test_roles_of_names_that_no_event_has_warn(spoilt: tuple[Project, Result]) -> None:
    _, result = spoilt  # nobody clicks or checks out in it
    assert node(result, "plr_rules_name_events_that_occur") == "warn"
    assert "Got 2 results, configured to warn if != 0" in said(result)


def test_without_activity_rules_the_build_says_what_to_write(tmp_path: Path) -> None:
    project = Project(tmp_path, ONE_ROW, with_vars())
    result = project.dbt("build")
    assert not result.ok
    assert node(result, "stg_plr__rule_problems") == "error"
    assert "no active rule: nobody can guess what meaningful activity is" in said(result)
    assert node(result, "stg_plr__accounts") == "skipped"

    # the command that it names needs no rule and no role
    [command] = re.findall(r"Run dbt build (.*?) --vars \"(.*?)\"", said(result))
    result = project.build(*command[0].split(), "--vars", command[1])
    assert node(result, "plr_value_event_candidates_adds_up") == "pass"
    assert "plr_account_origin" not in "".join(result.statuses)
    found = project.mart("plr_value_event_candidates")
    assert {(row["min_events"], row["window_days"]) for row in found} == {
        (events, days) for events in (1, 3, 10) for days in (14, 30)
    }
    assert {(row["roles"], row["candidate_rank"], row["reached"]) for row in found} == {
        (None, None, 0)
    }

    # what needs a rule stops without one
    result = project.dbt("build", "-s", "int_plr__rule_events", "--vars", command[1])
    assert node(result, "int_plr__rule_events") == "error"
    assert "no active rule" in said(result)
