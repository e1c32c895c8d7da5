"""The reference's motion, patterns and board against the specification's examples, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reference import compute
from test_reference import ROLES, Company, at, money

MORE_ROLES = [
    *ROLES,
    {"event_name": "quota", "role": "limit"},
    {"event_name": "offer", "role": "prompt"},
    {"event_name": "upgrade_click", "role": "intent"},
    {"event_name": "board", "role": "breadth"},
]


class Motion(Company):
    """A company with every event role; the CRM feed reaches the as-of date."""

    roles = MORE_ROLES

    def build(self) -> dict[str, list[dict]]:
        rules = {"plr_event_roles": self.roles, "plr_activity_rules": self.rules}
        return compute(self.inputs, rules, self.config)

    def rows(self, mart: str, **wanted: Any) -> list[dict]:
        """The mart's rows that have these values; months are written 2024-03."""
        if "month" in wanted:
            wanted["month"] = date.fromisoformat(f"{wanted['month']}-01")
        return [
            row for row in self.build()[mart]
            if all(row[column] == value for column, value in wanted.items())
        ]

    def row(self, mart: str, **wanted: Any) -> dict:
        """The only such row."""
        (row,) = self.rows(mart, **wanted)
        return row

    def started(self, stage: str, account: str = "a") -> tuple[str, str | None]:
        row = self.row("plr_revenue_events", stage=stage, account_id=account)
        return row["initiation"], row["unobserved_reason"]

    def covered(self) -> Motion:
        """Some other account's mail on the last day, so that the CRM feed reaches it."""
        mail = {"activity_type": "email", "actor_team": "marketing"}
        return self.account("other").call("2024-12-31T12:00", account="other", **mail)

    def contract(self, contract_id: str, start: str, end: str, mrr: float, **row: Any) -> Motion:
        row = {"account_id": "a", "currency": "USD", **row}
        return self.add(
            "contracts", contract_id=contract_id, term_start=date.fromisoformat(start),
            term_end=date.fromisoformat(end), contract_mrr=mrr, **row,
        )


def grown(**settings: Any) -> Motion:
    """An account that pays 100 from Mar 10 and 150 from Sep 15, 2024."""
    company = Motion(**settings).covered().account()
    company.period("2024-03-10", "2024-09-15", 100)
    return company.period("2024-09-15", None, 150)


# ── who started it ───────────────────────────────────────────────────────────────────────────


def test_index_example():
    company = Motion().covered()
    for account, mrr in {"pi": 400, "psha": 200, "hi": 400, "none": 250}.items():
        company.account(account, segment="smb").period("2024-03-10", None, mrr, account=account)
    company.event("2024-02-01T10:00", account="pi").event("2024-02-01T10:00", account="psha")
    company.call("2024-03-01T10:00", account="psha").call("2024-03-01T10:00", account="hi")
    row = company.row(
        "plr_index_monthly", month="2024-05", scope="segment", scope_value="smb",
        stage="conversion",
    )
    assert (row["n_events"], row["n_observed"]) == (4, 3)
    assert (row["total_amount"], row["observed_amount"]) == (1250, 1000)
    assert float(row["product_started_share"]) == pytest.approx(0.60)
    assert float(row["product_carried_share"]) == pytest.approx(0.50)
    assert float(row["human_started_share"]) == pytest.approx(0.40)
    assert float(row["coverage_share"]) == pytest.approx(0.80)
    pooled = company.row(
        "plr_index_monthly", month="2024-05", scope="company", stage="all"
    )
    assert (pooled["stages_weighed"], pooled["plr_index"]) == (0, None)
    assert (pooled["n_events"], pooled["product_started_share"]) == (4, None)


def test_index_is_the_mean_of_the_stages():
    company = Motion(index_min_stage_events=1).covered()
    company.account("a").period("2024-03-10", "2024-09-15", 100).period("2024-09-15", None, 900)
    company.event("2024-02-01T10:00")  # the product starts the conversion and the acquisition
    company.call("2024-09-01T10:00")  # a person starts the expansion of 800
    row = company.row("plr_index_monthly", month="2024-09", scope="company", stage="all")
    assert (row["stages_weighed"], row["total_amount"]) == (3, 900)
    assert float(row["product_started_share"]) == pytest.approx(2 / 3)
    assert float(row["plr_index"]) == pytest.approx(200 / 3)


def test_expansion_is_dated_by_its_largest_rise():
    row = grown().row("plr_revenue_events", stage="expansion")
    assert (row["event_id"], row["amount_mrr"]) == ("expansion|a|2024-09-15", 50)
    assert (row["event_date"], row["date_precision"]) == (date(2024, 9, 15), "day")
    assert row["window_start"] == date(2024, 6, 17)  # 90 days before
    assert row["window_end"] == date(2024, 9, 18)


def test_initiation_table():
    limit, click = ("2024-09-01T10:00", "quota"), ("2024-09-02T10:00", "upgrade_click")
    assert grown().event(*limit).started("expansion") == ("product_initiated", None)
    assert grown().started("expansion") == ("unobserved", "no_evidence")
    called = grown().event(*click).call("2024-09-03T10:00")
    assert called.started("expansion")[0] == "product_sourced_human_assisted"
    tied = grown().event(*click).call("2024-09-02T10:00")
    assert tied.started("expansion")[0] == "human_initiated"
    assert grown().call("2024-09-03T10:00").started("expansion")[0] == "human_initiated"

    check_in = {"actor_team": "csm", "purpose": "check_in"}
    row = grown().call("2024-09-03T10:00", **check_in)
    assert row.started("expansion")[0] == "human_initiated"
    bot = grown().event(*click, is_automated=True)
    assert bot.started("expansion") == ("unobserved", "no_evidence")


def test_case_32_check_in_then_limit_then_upgrade():
    company = grown().call("2024-08-20T10:00", actor_team="csm").event("2024-09-01T10:00", "quota")
    row = company.row("plr_revenue_events", stage="expansion")
    assert row["initiation"] == "product_sourced_human_assisted"
    assert row["first_commercial_touch_at"] is None
    assert row["first_human_touch_at"] == at("2024-08-20T10:00")
    assert (row["first_touch_team"], row["product_signal_role"]) == ("csm", "limit")


def test_unchanged_seats_are_a_price_rise():
    company = Motion().covered().account().period("2024-03-10", "2024-09-15", 100, seats=5)
    company.period("2024-09-15", None, 150, seats=5)
    assert company.started("expansion") == ("unobserved", "price_or_escalator")


def test_case_31_one_call_explains_one_expansion():
    company = Motion().covered().account()
    company.period("2024-03-10", "2024-09-15", 100).period("2024-09-15", "2024-10-20", 150)
    company.period("2024-10-20", None, 180).call("2024-09-10T10:00")
    found = {r["event_date"].month: r for r in company.rows("plr_revenue_events", stage="expansion")}
    assert found[9]["initiation"] == "human_initiated"
    assert found[10]["initiation"] == "unobserved"
    assert found[10]["window_start"] == date(2024, 9, 18)


def test_case_42_zombie_and_open_opportunities():
    def deal(created: str, closed: str | None = None) -> dict:
        return {
            "opportunity_id": "o", "account_id": "a", "opportunity_type": "expansion",
            "created_at": at(created), "closed_at": at(closed) if closed else None,
            "is_closed": closed is not None,
        }

    for created, closed, initiation in (
        ("2024-03-20T10:00", None, "human_initiated"),  # 179 days old, open at window start
        ("2024-03-18T10:00", None, "unobserved"),  # 181 days
        ("2024-04-01T10:00", "2024-06-16T10:00", "unobserved"),  # closed before
    ):
        company = grown().add("opportunities", **deal(created, closed))
        assert company.started("expansion")[0] == initiation, created
    patient = grown(open_opportunity_days=365)
    patient.add("opportunities", **deal("2024-03-12T10:00"))  # the conversion used it
    assert patient.started("expansion")[0] == "unobserved"
    company = grown().add("opportunities", **deal("2024-03-20T10:00"))
    row = company.row("plr_revenue_events", stage="expansion")
    assert row["first_commercial_touch_at"] == at("2024-06-17T00:00")


def test_case_33_automatic_renewal():
    company = Motion().covered().account().period("2023-03-01", None, 100)
    company.contract("c1", "2023-03-01", "2024-03-01", 100, auto_renew=True)
    company.contract("c2", "2024-03-01", "2025-03-01", 90, previous_contract_id="c1")
    assert company.started("retention") == ("unobserved", "inertia_renewal")
    row = company.event("2024-02-01T10:00").row("plr_revenue_events", stage="retention")
    assert (row["initiation"], row["event_id"]) == ("product_initiated", "retention|c1")
    assert (row["amount_mrr"], row["event_date"]) == (90, date(2024, 3, 1))
    assert row["window_start"] == date(2023, 11, 2)


def test_reactivation_starts_after_the_first_day_without_mrr():
    company = Motion().covered().account().period("2024-03-10", "2024-06-20", 100)
    company.period("2024-08-05", None, 120)
    company.event("2024-06-10T10:00")  # still a customer
    company.event("2024-07-10T10:00").event("2024-07-12T10:00")
    row = company.row("plr_revenue_events", stage="reactivation")
    assert row["window_start"] == date(2024, 6, 20)
    assert (row["initiation"], row["product_signal_role"]) == ("product_initiated", "value")
    assert row["product_signal_at"] == at("2024-07-10T10:00")


def test_nothing_is_observed_without_crm():
    company = Motion().account().period("2024-03-10", None, 100).event("2024-02-01T10:00")
    assert company.started("conversion") == ("unobserved", "crm_not_covered")
    late = Motion(crm_tracking_start="2024-02-01").covered().account()
    late.period("2024-03-10", None, 100).event("2024-02-01T10:00")
    assert late.started("acquisition") == ("unobserved", "crm_not_covered")
    short = Motion().account().period("2024-03-10", None, 100).call("2024-03-12T23:00")
    assert short.started("conversion") == ("unobserved", "crm_not_covered")


def test_acquisition_reads_the_first_touch():
    company = Motion().covered().account().period("2024-03-10", None, 100)
    row = company.call("2024-01-03T10:00").row("plr_revenue_events", stage="acquisition")
    assert (row["initiation"], row["product_signal_role"]) == ("product_initiated", "sign_up")
    company.call("2024-01-01T10:00")
    row = company.row("plr_revenue_events", stage="acquisition")
    assert row["initiation"] == "human_initiated"
    assert row["first_commercial_touch_at"] == at("2024-01-01T10:00")
