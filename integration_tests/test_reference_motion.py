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


# ── expansion orphans ────────────────────────────────────────────────────────────────────────


def use(company: Motion, month: str, users: int, each: int = 1, account: str = "a") -> Motion:
    """Some people use the product late in the month, each so often."""
    for number in range(users):
        company.event(
            f"{month}-28T10:00", "login", account, user_id=f"u{number}", event_count=each
        )
    return company


def seated(users: list[int], each: int = 1) -> Motion:
    """An account with 20 seats since January, and its users of the last months of 2024."""
    company = Motion().covered().account().period("2024-01-10", None, 100, seats=20)
    for month, active in zip(range(13 - len(users), 13), users):
        use(company, f"2024-{month:02}", active, each)
    return company


def orphan(company: Motion, month: str = "2024-12") -> tuple[str, str | None]:
    row = company.row("plr_expansion_orphans", account_id="a", month=month)
    return row["status"], row["reason"]


FLAGGED = ("flagged", "no_motion")


def test_orphan_table():
    full = [18, 18, 19]  # .90, .90, .95 of the seats: earned in November and December
    row = seated(full).row("plr_expansion_orphans", account_id="a", month="2024-12")
    assert (row["status"], row["reason"], row["severity"]) == (*FLAGGED, "medium")
    assert (row["earned_streak"], row["earned_since"]) == (2, date(2024, 11, 30))
    assert money(row["utilisation"]) == 0.95 and money(row["previous_utilisation"]) == 0.90
    assert money(row["mrr_at_stake"]) == 15  # 100 × .15
    # the conversion in January is the last motion
    assert (row["last_motion_type"], row["days_since_motion"]) == ("movement", 356)

    opportunity = {
        "opportunity_id": "o", "account_id": "a", "opportunity_type": "expansion",
        "created_at": at("2024-12-11T10:00"), "created_by_team": "csm",
    }
    assert orphan(seated(full).add("opportunities", **opportunity)) == ("clear", "motion")
    assert orphan(seated([*[10] * 9, *[14] * 3], each=2)) == ("clear", "first_month")
    one_signal = seated([*[10] * 9, *[11] * 3], each=2)  # 33 v 30 users
    for event in one_signal.inputs["product_events"][-33:]:
        event["event_count"] = 3
    assert orphan(one_signal) == ("clear", "not_earned")
    assert orphan(seated([19, 19, 14])) == ("clear", "not_earned")
    assert orphan(seated([10, 18, 19])) == ("clear", "first_month")
    prompted = seated([18, *full]).event("2024-12-21T10:00", "offer")
    assert orphan(prompted) == ("clear", "motion")
    check_in = seated([18, 18, *full]).call("2024-12-21T10:00", actor_team="csm")
    assert orphan(check_in) == FLAGGED
    row = check_in.row("plr_expansion_orphans", account_id="a", month="2024-12")
    assert row["severity"] == "high"  # flagged since October
    assert row["last_human_touch_at"] == at("2024-12-21T10:00")


def test_orphan_usage_and_users_rise_twice():
    # August 24 v 16 users, +2.67 only; September 27 v 18, October 32 v 21, and so on
    company = seated([4, 4, 4, 6, 6, 6, 9, 9, 9, 14, 14, 14], each=3)
    row = company.row("plr_expansion_orphans", account_id="a", month="2024-12")
    assert (row["is_usage_up"], row["is_users_up"], row["earned_streak"]) == (True, True, 4)
    assert (row["is_capacity_reached"], row["is_breadth_new"]) == (False, False)
    assert money(row["users_now"]) == 14 and money(row["users_before"]) == 9
    assert (row["status"], row["reason"], row["severity"]) == (*FLAGGED, "high")


def test_limits_are_capacity():
    company = Motion().covered().account().period("2024-01-10", None, 100)
    for day in ("2024-11-20", "2024-11-21", "2024-12-26", "2024-12-27"):
        company.event(f"{day}T10:00", "quota", event_count=2)
    assert orphan(company) == FLAGGED
    row = company.row("plr_expansion_orphans", account_id="a", month="2024-12")
    assert (row["limit_events"], row["limit_days"], row["seats"]) == (4, 2, None)


def test_orphan_inputs_that_are_missing():
    company = seated([18, 18, 19])
    company.inputs["crm_activities"] = []
    assert orphan(company) == ("insufficient_data", "crm_not_covered")
    late = seated([18, 18, 19])
    late.config["plr_crm_tracking_start"] = "2024-10-04"
    assert orphan(late) == ("insufficient_data", "crm_not_covered")
    late.config["plr_crm_tracking_start"] = "2024-10-03"  # the first of the last 90 days
    assert orphan(late) == FLAGGED


def test_case_37_stale_crm():
    company = Motion().account().period("2024-01-10", None, 100, seats=1)
    company.call("2024-12-21T10:00", account="a", actor_team="marketing")
    for month in ("2024-10", "2024-11", "2024-12"):
        use(company, month, 1)
    assert orphan(company) == ("insufficient_data", "stale_feed")
    assert orphan(company, "2024-11")[0] == "clear"


# ── hollow usage ─────────────────────────────────────────────────────────────────────────────


def hollow(now: int, before: int, value_now: int, value_before: int, **settings: Any) -> Motion:
    """An account whose fixes are its value; usage counts them too. Two quarters of 2024."""
    company = Motion(**settings).covered().account().period("2024-01-10", None, 100)
    for month, use_count, value_count in (
        ("2024-11", now, value_now), ("2024-08", before, value_before),
    ):
        company.event(f"{month}-15T10:00", event_count=value_count)
        company.event(f"{month}-15T11:00", "login", event_count=use_count - value_count)
    company.account("b").event("2024-08-01T10:00", account="b", event_count=10_000)
    for month in ("09", "10", "11", "12"):  # so that the company's value does not break
        company.event(f"2024-{month}-01T10:00", account="b", event_count=10_000)
    return company


def verdict(company: Motion) -> tuple[str, str | None, str | None]:
    row = company.row("plr_hollow_usage", account_id="a", month="2024-12")
    return row["status"], row["reason"], row["severity"]


def test_hollow_table():
    assert verdict(hollow(130, 100, 35, 50)) == ("flagged", "value_falls", "medium")
    assert verdict(hollow(130, 100, 65, 50))[:2] == ("clear", "value_keeps_up")
    assert verdict(hollow(105, 100, 25, 50))[:2] == ("clear", "usage_not_up")
    assert verdict(hollow(130, 100, 50, 50)) == ("watch", "value_lags", "low")
    assert verdict(hollow(30, 15, 5, 5))[:2] == ("insufficient_data", "little_usage")
    bots = hollow(98, 100, 50, 50)
    bots.event("2024-11-15T10:00", "login", is_automated=True, event_count=52)
    assert verdict(bots)[:2] == ("clear", "usage_not_up")

    renewed = hollow(130, 100, 60, 50)
    renewed.contract("c1", "2023-11-01", "2024-11-01", 100)
    renewed.contract("c2", "2024-11-01", "2025-05-01", 90, previous_contract_id="c1")
    assert verdict(renewed) == ("flagged", "renewal_value_down", "medium")
    renewed.inputs["contracts"][1]["term_end"] = date(2025, 4, 30)  # 120 days
    assert verdict(renewed)[2] == "high"


def test_hollow_ratios_and_money():
    row = hollow(130, 100, 35, 50).row("plr_hollow_usage", account_id="a", month="2024-12")
    assert money(row["usage_ratio"]) == 1.30 and money(row["value_ratio"]) == 0.70
    assert (row["mrr_at_stake"], row["value_events_90d"]) == (100, 35)
    assert row["usage_ratio_year_ago"] is None


def test_tracking_break_is_no_verdict():
    company = Motion().covered().account().period("2024-01-10", None, 100)
    company.event("2024-06-15T10:00", event_count=100).event("2024-07-15T10:00", event_count=50)
    company.event("2024-10-15T10:00", "login", event_count=500)
    assert verdict(company)[:2] == ("insufficient_data", "tracking_break")


# ── conversion black holes ───────────────────────────────────────────────────────────────────


def waiting(first: str, *later: str) -> Motion:
    """A prospect with value events, beside a customer."""
    company = Motion().covered().account().account("b").period("2024-01-10", None, 100, "b")
    for when in (first, *later):
        company.event(when)
    return company.event("2024-12-30T10:00", "login", "b")


def hole(company: Motion) -> tuple[str, str | None]:
    row = company.row("plr_conversion_black_holes", entity_id="a", month="2024-12")
    return row["status"], row["reason"]


def test_black_hole_table():
    still = "2024-12-20T10:00"
    assert hole(waiting("2024-11-16T10:00", still)) == FLAGGED
    assert hole(waiting("2024-12-02T10:00", still)) == ("clear", "too_recent")  # 29 days
    assert hole(waiting("2024-11-01T10:00", still).call("2024-11-20T10:00")) == ("clear", "motion")
    assert hole(waiting("2024-11-01T10:00")) == ("clear", "lapsed")
    logins = waiting(still)
    logins.inputs["product_events"][0]["event_name"] = "login"
    assert hole(logins) == ("not_eligible", None)
    mail = {"actor_team": "marketing", "activity_type": "email"}
    newsletter = waiting("2024-11-01T10:00", still).call("2024-11-20T10:00", **mail)
    assert hole(newsletter) == FLAGGED
    early_call = waiting("2024-11-01T10:00", still).call("2024-10-22T10:00")
    assert hole(early_call) == FLAGGED
    row = early_call.row("plr_conversion_black_holes", entity_id="a", month="2024-12")
    assert (row["had_prior_contact"], row["days_waiting"]) == (True, 60)
    assert (row["value_events"], row["value_users"], row["mrr_at_stake"]) == (1, 1, None)
    paying = early_call.row("plr_conversion_black_holes", entity_id="b", month="2024-12")
    assert paying["status"] == "not_eligible"

    running = waiting("2024-11-01T10:00", still).add(
        "opportunities", opportunity_id="o", account_id="a", opportunity_type="new_business",
        created_at=at("2024-10-20T10:00"), created_by_team="csm",
    )
    assert hole(running) == ("clear", "motion")


def test_segment_in_which_people_convert():
    company = Motion(black_hole_segment_conversions=5).covered()
    for number in range(5):
        account = f"c{number}"
        company.account(account, segment="smb").period("2024-03-10", None, 100, account)
        if number:
            company.call("2024-03-01T10:00", account=account)
        else:
            company.event("2024-03-01T10:00", account=account)
    row = company.row("plr_conversion_black_holes", entity_id="smb", month="2024-05")
    assert (row["status"], row["reason"]) == ("flagged", "people_convert")
    assert (row["n_observed_conversions"], row["human_dependent_conversions"]) == (5, 4)
    assert (money(row["human_dependent_conversion_share"]), row["mrr_at_stake"]) == (0.8, 400)
    assert row["severity"] == "high"  # since March
