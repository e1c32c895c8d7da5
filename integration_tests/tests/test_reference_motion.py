"""The reference's motion, patterns and board against the specification's tables, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reference import Config
from reference.board import co_movement
from reference.comparison import METRICS, CohortMember, Support, common_support, strata, wilson
from small_company import Company, at, grown, money

# ── who started it ───────────────────────────────────────────────────────────────────────────


def test_index_is_the_mean_of_the_stages():
    company = Company(index_min_stage_events=1).covered()
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


def test_unchanged_seats_are_a_price_rise():
    company = Company().covered().account().period("2024-03-10", "2024-09-15", 100, seats=5)
    company.period("2024-09-15", None, 150, seats=5)
    assert company.started("expansion") == ("unobserved", "price_or_escalator")


def test_an_opportunity_explains_one_event():
    company = grown(open_opportunity_days=365).add(
        "opportunities",
        opportunity_id="o",
        account_id="a",
        opportunity_type="expansion",
        created_at=at("2024-03-12T10:00"),  # the conversion used it
    )
    assert company.started("expansion")[0] == "unobserved"


def test_renewals_and_movements_use_an_opportunity_apart():
    company = grown(open_opportunity_days=365).add(
        "opportunities",
        opportunity_id="o",
        account_id="a",
        opportunity_type="expansion",
        created_at=at("2024-07-01T10:00"),
    )
    company.contract("k1", "2023-08-01", "2024-08-01", 100)
    company.contract("k2", "2024-08-01", "2025-08-01", 100, previous_contract_id="k1")
    for stage in ("retention", "expansion"):
        row = company.row("plr_revenue_events", stage=stage)
        assert (row["initiation"], row["first_touch_id"]) == ("human_initiated", "o")


def test_what_counts_at_the_windows_start_shows_its_own_date():
    company = (
        grown()
        .event("2024-09-01T10:00", "quota")
        .add(
            "opportunities",
            opportunity_id="o",
            account_id="a",
            opportunity_type="expansion",
            created_at=at("2024-06-10T10:00"),
        )
    )
    row = company.row("plr_revenue_events", stage="expansion")
    assert row["window_start"] == date(2024, 6, 17)
    assert (row["initiation"], row["first_touch_source"]) == ("human_initiated", "opportunity")
    assert row["first_commercial_touch_at"] == at("2024-06-10T10:00")

    earned = Company().covered().account().period("2024-01-10", "2024-09-15", 100, seats=5)
    earned.period("2024-09-15", None, 150, seats=10)
    for month in range(3, 9):
        use(earned, f"2024-{month:02}", 5)
    row = earned.row("plr_revenue_events", stage="expansion")
    assert (row["initiation"], row["product_signal_role"]) == ("product_initiated", "earned")
    assert (row["window_start"], row["product_signal_at"]) == (
        date(2024, 6, 17),
        at("2024-04-30T00:00"),
    )
    # both count from the window's start, though the streak is older: a tie
    earned.add(
        "opportunities",
        opportunity_id="o",
        account_id="a",
        opportunity_type="expansion",
        created_at=at("2024-06-10T10:00"),
    )
    assert earned.started("expansion")[0] == "human_initiated"


def test_an_expansion_that_is_too_small_starts_nothing():
    def rising(to: str, before: int | None = None, after: int | None = None) -> Company:
        found = Company().covered().account().period("2024-03-10", "2024-06-15", 100, seats=before)
        found.period("2024-06-15", "2024-07-15", to, seats=after)
        return found.period("2024-07-15", None, 200, seats=after)

    def first(company: Company) -> tuple[str, str | None]:
        row = company.row("plr_revenue_events", stage="expansion", month="2024-06")
        return row["initiation"], row["unobserved_reason"]

    assert first(rising("100.99")) == ("unobserved", "too_small")
    assert first(rising("100.99", 5, 5)) == ("unobserved", "too_small")
    assert first(rising("100.99", None, 5)) == ("unobserved", "too_small")
    assert first(rising("101")) == ("unobserved", "no_evidence")
    assert first(rising("100.99", 5, 6)) == ("unobserved", "no_evidence")

    company = rising("100.99").event("2024-06-01T10:00", "quota").call("2024-06-02T10:00")
    small = company.row("plr_revenue_events", stage="expansion", month="2024-06")
    assert (small["initiation"], small["product_signal_at"]) == ("unobserved", None)
    # the next one looks behind it, and takes what it did not use
    row = company.row("plr_revenue_events", stage="expansion", month="2024-07")
    assert row["window_start"] == date(2024, 4, 16)
    assert (row["initiation"], row["product_signal_role"]) == (
        "product_sourced_human_assisted",
        "limit",
    )
    moved = company.row("plr_expansion_orphans", account_id="a", month="2024-06")
    assert (moved["last_motion_type"], moved["last_motion_at"]) == ("touch", at("2024-06-02T10:00"))


def test_a_renewal_by_value_shows_its_first_value():
    company = Company().covered().account().period("2023-01-10", None, 100)
    company.contract("k1", "2023-08-01", "2024-08-01", 100, auto_renew=True)
    company.contract("k2", "2024-08-01", "2025-08-01", 100, previous_contract_id="k1")
    company.event("2024-07-10T10:00").event("2024-07-05T10:00").event("2024-03-05T10:00")
    row = company.row("plr_revenue_events", stage="retention")
    assert (row["initiation"], row["product_signal_role"]) == ("product_initiated", "value")
    assert row["product_signal_at"] == at("2024-07-05T10:00")
    company.call("2024-07-20T10:00", actor_team="csm", purpose="check_in")
    row = company.row("plr_revenue_events", stage="retention")
    assert (row["initiation"], row["product_signal_at"]) == ("human_initiated", None)


def test_reactivation_starts_after_the_first_day_without_mrr():
    company = Company().covered().account().period("2024-03-10", "2024-06-20", 100)
    company.period("2024-08-05", None, 120)
    company.event("2024-06-10T10:00")  # still a customer
    company.event("2024-07-10T10:00").event("2024-07-12T10:00")
    row = company.row("plr_revenue_events", stage="reactivation")
    assert row["window_start"] == date(2024, 6, 20)
    assert (row["initiation"], row["product_signal_role"]) == ("product_initiated", "value")
    assert row["product_signal_at"] == at("2024-07-10T10:00")
    # value since it left, long before the window: the earliest in the window is the signal
    late = Company().covered().account().period("2024-01-10", "2024-02-20", 100)
    late.period("2024-08-05", None, 120).event("2024-03-10T10:00").event("2024-07-10T10:00")
    row = late.row("plr_revenue_events", stage="reactivation")
    assert row["product_signal_at"] == at("2024-07-10T10:00")


def test_nothing_is_observed_without_crm():
    company = Company().account().period("2024-03-10", None, 100).event("2024-02-01T10:00")
    assert company.started("conversion") == ("unobserved", "crm_not_covered")
    late = Company(crm_tracking_start="2024-02-01").covered().account()
    late.period("2024-03-10", None, 100).event("2024-02-01T10:00")
    assert late.started("acquisition") == ("unobserved", "crm_not_covered")
    short = Company().account().period("2024-03-10", None, 100).call("2024-03-12T23:00")
    assert short.started("conversion") == ("unobserved", "crm_not_covered")


def test_acquisition_reads_the_first_touch():
    company = Company().covered().account().period("2024-03-10", None, 100)
    row = company.call("2024-01-03T10:00").row("plr_revenue_events", stage="acquisition")
    assert (row["initiation"], row["product_signal_role"]) == ("product_initiated", "sign_up")
    company.call("2024-01-01T10:00")
    row = company.row("plr_revenue_events", stage="acquisition")
    assert row["initiation"] == "human_initiated"
    assert row["first_commercial_touch_at"] == at("2024-01-01T10:00")


# ── expansion orphans ────────────────────────────────────────────────────────────────────────


def use(company: Company, month: str, users: int, each: int = 1, account: str = "a") -> Company:
    """Some people use the product late in the month, each so often."""
    for number in range(users):
        company.event(f"{month}-28T10:00", "login", account, user_id=f"u{number}", event_count=each)
    return company


def seated(users: list[int], each: int = 1) -> Company:
    """An account with 20 seats since January, and its users of the last months of 2024."""
    company = Company().covered().account().period("2024-01-10", None, 100, seats=20)
    for month, active in zip(range(13 - len(users), 13), users, strict=True):
        use(company, f"2024-{month:02}", active, each)
    return company


def orphan(company: Company, month: str = "2024-12") -> tuple[str, str | None]:
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
        "opportunity_id": "o",
        "account_id": "a",
        "opportunity_type": "expansion",
        "created_at": at("2024-12-11T10:00"),
        "created_by_team": "csm",
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
    company = Company().covered().account().period("2024-01-10", None, 100)
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


# ── hollow usage ─────────────────────────────────────────────────────────────────────────────


def hollow(now: int, before: int, value_now: int, value_before: int, **settings: Any) -> Company:
    """An account whose fixes are its value; usage counts them too. Two quarters of 2024."""
    company = Company(**settings).covered().account().period("2024-01-10", None, 100)
    for month, use_count, value_count in (
        ("2024-11", now, value_now),
        ("2024-08", before, value_before),
    ):
        company.event(f"{month}-15T10:00", event_count=value_count)
        company.event(f"{month}-15T11:00", "login", event_count=use_count - value_count)
    company.account("b").event("2024-08-01T10:00", account="b", event_count=10_000)
    for month in ("09", "10", "11", "12"):  # so that the company's value does not break
        company.event(f"2024-{month}-01T10:00", account="b", event_count=10_000)
    return company


def verdict(company: Company) -> tuple[str, str | None, str | None]:
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
    company = Company().covered().account().period("2024-01-10", None, 100)
    company.event("2024-06-15T10:00", event_count=100).event("2024-07-15T10:00", event_count=50)
    company.event("2024-10-15T10:00", "login", event_count=500)
    assert verdict(company)[:2] == ("insufficient_data", "tracking_break")


# ── conversion black holes ───────────────────────────────────────────────────────────────────


def waiting(first: str, *later: str) -> Company:
    """A prospect with value events, beside a customer."""
    company = Company().covered().account().account("b").period("2024-01-10", None, 100, "b")
    for when in (first, *later):
        company.event(when)
    return company.event("2024-12-30T10:00", "login", "b")


def hole(company: Company) -> tuple[str, str | None]:
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
    assert hole(logins) == ("not_eligible", "no_activity")
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
        "opportunities",
        opportunity_id="o",
        account_id="a",
        opportunity_type="new_business",
        created_at=at("2024-10-20T10:00"),
        created_by_team="csm",
    )
    assert hole(running) == ("clear", "motion")


def test_whoever_shares_a_payers_value_has_paid():
    for scope, expected in {
        "account": FLAGGED,
        "family": ("not_eligible", "paid"),
    }.items():
        company = waiting("2024-11-01T10:00", "2024-12-20T10:00")
        child = next(row for row in company.inputs["accounts"] if row["account_id"] == "a")
        child["parent_account_id"] = "b"
        company.config["plr_activity_scope"] = scope
        assert hole(company) == expected


def test_segment_in_which_people_convert():
    company = Company(black_hole_segment_conversions=5).covered()
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


# ── renewals and Borrowed NRR ────────────────────────────────────────────────────────────────


def test_durability_example():
    company = Company(borrowed_renewals=3).covered()
    for account, mrr in {"a": 100, "b": 300, "c": 100}.items():
        end = "2024-06-01" if account == "c" else None
        company.account(account).period("2023-06-01", end, mrr, account)
        company.contract(f"{account}1", "2023-06-01", "2024-06-01", mrr, account_id=account)
    company.contract("a2", "2024-06-01", "2025-05-01", 90, previous_contract_id="a1")
    company.contract(
        "b2", "2024-06-01", "2025-06-01", 300, account_id="b", previous_contract_id="b1"
    )
    row = company.row("plr_borrowed_nrr", month="2024-07", scope="company")
    assert (money(row["renewal_durability"]), row["renewals_due"]) == (0.70, 3)
    unsettled = company.row("plr_borrowed_nrr", month="2024-05", scope="company")
    assert (unsettled["renewal_durability"], unsettled["renewals_due"]) == (None, 0)


def borrowing(costs_rise: str = "2024-07", **settings: Any) -> Company:
    """NRR 1.10 throughout; costs rise; the renewal of 2023 was clean, that of 2024 a discount."""
    company = Company(borrowed_renewals=1, **settings).covered().account("a").account("b")
    company.period("2022-06-01", None, 100)
    company.period("2022-06-01", "2024-02-01", 100, "b").period("2024-02-01", None, 120, "b")
    for year in (2022, 2023, 2024):
        for month in range(1, 13):
            first = f"{year}-{month:02}"
            company.add(
                "account_costs",
                month=date.fromisoformat(f"{first}-01"),
                cost_type="hosting",
                amount=90 if first >= costs_rise else 50,
                currency="USD",
            )
    company.contract("b1", "2022-12-31", "2023-12-31", 100, account_id="b")
    company.contract(
        "b2", "2023-12-31", "2024-12-31", 100, account_id="b", previous_contract_id="b1"
    )
    company.contract("a1", "2023-07-31", "2024-07-31", 100)
    return company.contract(
        "a2", "2024-07-31", "2025-07-31", 100, previous_contract_id="a1", discount_share=0.10
    )


def borrowed(company: Company) -> tuple[str, str | None]:
    row = company.row("plr_borrowed_nrr", month="2024-12", scope="company")
    return row["status"], row["reason"]


def test_borrowed_table():
    row = borrowing().row("plr_borrowed_nrr", month="2024-12", scope="company")
    assert money(row["nrr_ttm"]) == money(row["nrr_ttm_6m_ago"]) == 1.10
    assert money(row["renewal_durability_6m_ago"]) == 1
    assert money(row["renewal_durability"]) == 0.75  # b2 ended on the last day and is open
    assert (row["status"], row["reason"], row["severity"]) == ("flagged", "raw_twice", "medium")
    assert (row["mrr_at_stake"], row["accounts_at_stake"]) == (20, 1)

    assert borrowed(borrowing(costs_rise="2030-01")) == ("clear", "not_borrowed")
    assert borrowed(borrowing(costs_rise="2024-10")) == ("watch", "raw_once")
    falling = borrowing().account("d").period("2022-06-01", "2024-11-01", 50, "d")
    assert borrowed(falling) == ("clear", "not_borrowed")
    no_contracts = borrowing()
    no_contracts.inputs["contracts"] = []
    assert borrowed(no_contracts) == ("watch", "durability_unproven")
    kept = borrowing()
    kept.inputs["contracts"][-1]["discount_share"] = 0.02
    assert borrowed(kept) == ("watch", "durability_unproven")
    free = borrowing()
    free.inputs["account_costs"].pop()
    assert borrowed(free) == ("insufficient_data", "margin_missing")
    assert borrowed(borrowing(borrowed_history_months=40)) == (
        "insufficient_data",
        "history_too_short",
    )


def test_shared_costs_follow_the_mrr():
    company = Company().covered().account("a", segment="x").period("2024-01-01", None, 100)
    company.account("b", segment="y").period("2024-01-01", None, 300, "b")
    first = date(2024, 1, 1)
    company.add("account_costs", month=first, cost_type="hosting", amount=40, currency="USD")
    company.add(
        "account_costs", month=first, cost_type="support", amount=20, currency="USD", account_id="a"
    )
    row = company.row("plr_borrowed_nrr", month="2024-01", scope_value="x")
    assert money(row["gross_margin_ttm"]) == 0.70  # 20 of its own, a quarter of 40
    board = company.row("plr_board_metrics", month="2024-01")
    assert money(board["gross_margin"]) == 0.85
    assert money(board["cost_to_serve_share"]) == 0.05
    later = company.row("plr_board_metrics", month="2024-02")
    assert (later["cogs_ttm"], later["gross_margin_ttm"]) == (None, None)
    assert later["revenue_ttm"] == 800


# ── drift and passive growth ─────────────────────────────────────────────────────────────────


def staged(arr: float, human: float, per_fte: float | None, since: str = "2024-01") -> Company:
    """A company whose human_started_share and ARR per person are given."""
    company = Company(index_min_stage_events=1).covered()
    company.account("hi", signed_up_at=None).account("pi").call("2024-01-02T10:00", account="hi")
    company.event("2024-01-02T10:00", account="pi")
    for account, part in (("hi", human), ("pi", 1 - human)):
        if part > 0:
            company.period(f"{since}-05", None, round(arr / 12 * part, 2), account)
    for month in range(1, 13) if per_fte else ():
        company.add("company_months", month=date(2024, month, 1), headcount_fte=arr / per_fte)
    return company


@pytest.mark.parametrize(
    ("arr", "human", "per_fte", "since", "operating", "status", "severity"),
    [
        (60e6, 0.85, 180e3, "2024-01", 2, "flagged", "high"),
        (60e6, 0.65, 210e3, "2024-01", 4, "clear", None),
        (60e6, 0.65, 180e3, "2024-01", 3, "flagged", "high"),  # since June
        (60e6, 0.85, 180e3, "2024-11", 2, "watch", "low"),
        (0.8e6, 1.00, 30e3, "2024-01", 0, "clear", None),
        (60e6, 0.85, None, "2024-01", 2, "watch", "low"),
    ],
)
def test_drift_table(arr, human, per_fte, since, operating, status, severity):
    rows = staged(arr, human, per_fte, since).rows("plr_architecture_drift")
    row = rows[-1]
    assert money(row["human_started_share"]) == human
    assert (row["operating_stage_idx"], row["status"]) == (operating, status)
    assert row["severity"] == severity
    if status == "flagged":
        assert money(row["excess_fte"]) == pytest.approx(60e6 / 180e3 - 300, abs=0.01)
        assert [r["severity"] for r in rows if r["months_in_stage"] == 6] == [
            "high" if row["gap"] >= 2 else "medium"
        ]


def passive(**settings: Any) -> Company:
    """ARR 1000 → 1300 in a year by one called account; the old one uses the product."""
    settings = {"passive_events": 2, "index_min_stage_events": 1, **settings}
    company = Company(**settings).covered().account("old").account("new", signed_up_at=None)
    company.period("2023-01-01", None, 1000, "old").event("2024-12-20T10:00", account="old")
    return company.period("2024-05-05", None, 300, "new").call("2024-04-01T10:00", "new")


def grows(company: Company) -> tuple[str, str | None]:
    row = company.row("plr_product_passive_growth", month="2024-12", scope="company")
    return row["status"], row["reason"]


def test_passive_growth():
    company = passive(passive_events=1)
    row = company.row("plr_product_passive_growth", month="2024-12", scope="company")
    assert (row["status"], row["reason"], row["mrr_at_stake"]) == ("flagged", "people_start", 300)
    assert money(row["arr_growth"]) == 0.30 and money(row["human_started_share"]) == 1
    assert money(row["value_active_share"]) == 0.5
    assert (row["human_touches"], row["touches_per_event"]) == (1, 1)
    assert grows(passive()) == ("insufficient_data", "few_events")
    assert grows(passive(passive_events=1, passive_growth=0.31)) == ("clear", "no_growth")
    product = passive(passive_events=1).event("2024-03-01T10:00", account="new")
    assert grows(product) == ("clear", "product_starts")
    idle = passive(passive_events=1)
    idle.inputs["product_events"][0]["occurred_at"] = at("2024-12-01T10:00")
    assert grows(idle) == ("clear", "product_unused")
    unseen = passive(passive_events=1).account("x").period("2024-05-05", None, 900, "x")
    assert grows(unseen)[1] == "low_coverage"


# ── board and Quick Test ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("directions", "state", "score"),
    [
        ([1, -1, 0], "drifting_apart", -1 / 3),
        ([1, 1, 1], "rising_together", 1),
        ([1, 0, 1], "rising_together", 1 / 3),
        ([-1, -1, 0], "falling_together", 1 / 3),
        ([1, 0, 0], "steady", 0),
        ([1, None, 1], "insufficient_data", None),
    ],
)
def test_co_movement(directions, state, score):
    found = co_movement(directions)
    assert found[0] == state
    assert found[1] is None if score is None else float(found[1]) == pytest.approx(score)


def test_board_touches_and_productivity():
    company = staged(60e6, 0.5, 200e3).call("2024-12-02T10:00", account="pi")
    row = company.row("plr_board_metrics", month="2024-12")
    assert (row["customers"], row["human_touches_ttm"]) == (2, 2)
    assert float(row["human_touches_per_account"]) == 1
    assert float(row["revenue_per_employee"]) == pytest.approx(200e3)
    assert money(row["delta_6m_revenue_per_employee"]) == 0
    assert (row["co_movement_state"], row["expansion_caught_share"]) == ("insufficient_data", None)


def test_quick_test_scores():
    company = staged(60e6, 0.85, 180e3)
    company.config["plr_quick_test_population"] = 2
    rows = {r["question_no"]: r for r in company.rows("plr_quick_test", month="2024-12")}
    points = {number: row["points"] for number, row in rows.items()}
    # one asks .15 of product starts, five has no history, six a gap of 2; the rest is empty
    assert points == {0: 0, 1: 0, 2: None, 3: None, 4: None, 5: None, 6: 0, 7: None}
    assert (rows[0]["measure_value"], rows[0]["verdict"]) == (None, "insufficient_data")
    assert rows[0]["heaviest_pattern"] == "product_passive_growth"
    assert (rows[1]["verdict"], rows[2]["verdict"]) == ("weak", "unanswered")

    better = staged(60e6, 0.55, 210e3)
    better.config |= {"plr_quick_test_answers": 2, "plr_quick_test_population": 2}
    rows = {r["question_no"]: r for r in better.rows("plr_quick_test", month="2024-12")}
    assert (rows[1]["points"], rows[6]["points"]) == (1, 2)
    assert (float(rows[0]["measure_value"]), rows[0]["verdict"]) == (75, "strong")


def test_flags_unite_the_patterns():
    company = staged(60e6, 0.85, 180e3)
    marts = company.build()
    patterns = (
        "expansion_orphans",
        "conversion_black_holes",
        "hollow_usage",
        "borrowed_nrr",
        "architecture_drift",
        "product_passive_growth",
    )
    assert len(marts["plr_pattern_flags"]) == sum(len(marts[f"plr_{p}"]) for p in patterns)
    (drift,) = company.rows("plr_pattern_flags", month="2024-12", pattern="architecture_drift")
    assert (drift["entity_type"], drift["entity_id"]) == ("company", "all")
    assert (drift["amount_unit"], money(drift["amount_at_stake"])) == ("fte", 33.33)


# ── deals and the product-qualified part ─────────────────────────────────────────────────────


def won(company: Company, opportunity_id: str, created: str, closed: str, kind: str) -> Company:
    return company.add(
        "opportunities",
        opportunity_id=opportunity_id,
        account_id="a",
        is_won=True,
        is_closed=True,
        opportunity_type=kind,
        created_at=at(created),
        closed_at=at(closed),
        amount_mrr=50,
        currency="USD",
        created_by_team="marketing",
    )


def deal(company: Company, opportunity_id: str = "o2") -> tuple[str, str]:
    row = company.row("plr_deal_origin", opportunity_id=opportunity_id)
    return row["origin"], row["evidence"]


def test_later_deals_by_who_started_them():
    def company() -> Company:
        found = Company().covered().account().event("2024-02-01T10:00")
        won(found, "o1", "2024-03-01T10:00", "2024-03-05T10:00", "new_business")
        return won(found, "o2", "2024-08-15T10:00", "2024-09-15T10:00", "expansion")

    assert deal(company(), "o1") == ("self_serve", "activity_no_contact")
    assert deal(company()) == ("untracked", "unobserved")
    clicked = company().event("2024-09-01T10:00", "upgrade_click")
    assert deal(clicked) == ("self_serve", "product_initiated")
    assert deal(clicked.call("2024-09-02T10:00")) == (
        "product_driven_sales_assisted",
        "product_sourced_human_assisted",
    )
    assert deal(company().call("2024-09-02T10:00")) == ("sales_originated", "human_initiated")
    # sales created it before the window and it was open then
    theirs = company()
    theirs.inputs["opportunities"][1] |= {
        "created_by_team": "sales",
        "created_at": at("2024-05-01T10:00"),
    }
    assert deal(theirs) == ("sales_originated", "human_initiated")
    # its own counts for it, opened before the first was won or years ago, unless no touch opened it
    for opened in ("2024-03-06T10:00", "2024-03-04T10:00", "2022-03-04T10:00"):
        theirs.inputs["opportunities"][1]["created_at"] = at(opened)
        assert deal(theirs) == ("sales_originated", "human_initiated")
    theirs.inputs["opportunities"][1]["created_by_team"] = "csm"
    assert deal(theirs) == ("untracked", "unobserved")


def test_an_open_opportunity_explains_one_later_deal():
    company = Company().covered().account()
    for number, day in enumerate(("2024-03-05", "2024-04-15", "2024-05-25"), start=1):
        won(company, f"o{number}", f"{day}T09:00", f"{day}T10:00", "expansion")
    company.add(
        "opportunities",
        opportunity_id="open",
        account_id="a",
        created_at=at("2024-03-02T10:00"),  # the first deal is judged otherwise and uses none
        opportunity_type="expansion",
    )
    assert deal(company, "o2") == ("sales_originated", "human_initiated")
    assert deal(company, "o3") == ("untracked", "unobserved")


def test_product_qualified_expansion():
    company = grown().event("2024-09-01T10:00", "quota").call("2024-09-03T10:00")
    row = company.row("plr_product_driven_revenue", month="2024-09", segment="all", is_total=True)
    assert row["product_qualified_expansion_mrr"] == 50
    by_hand = (
        grown()
        .call("2024-09-03T10:00")
        .row("plr_product_driven_revenue", month="2024-09", segment="all", is_total=True)
    )
    assert by_hand["product_qualified_expansion_mrr"] == 0


# ── comparison and sensitivity ───────────────────────────────────────────────────────────────


def test_wilson_example():
    low, high = wilson(24, 30)
    assert (round(low, 3), round(high, 3)) == (0.627, 0.905)


def test_mix_adjustment_example():
    def group(name: str, smb: int, smb_rate: str, ent: int, ent_rate: str) -> list[CohortMember]:
        return [
            CohortMember(f"{segment}{number:02}{name}", segment, Decimal(100), 100 * Decimal(rate))
            for segment, count, rate in (("smb", smb, smb_rate), ("ent", ent, ent_rate))
            for number in range(count)
        ]

    product = group("p", 48, "0.90", 12, "1.20")
    sales = group("s", 8, "0.85", 72, "1.15")
    nrr = METRICS[0]
    assert money(nrr.value(product)) == 0.96 and money(nrr.value(sales)) == 1.12
    # by segment alone; in terciles too little is common, sales lie in the first ones only
    where = {m.account: (m.segment, 0) for m in product + sales}
    weights = {("smb", 0): Decimal("0.4"), ("ent", 0): Decimal("0.6")}
    support = Support(Decimal(1), list(weights), weights, where)
    assert money(support.adjusted(nrr, product)[0]) == 1.08
    assert money(support.adjusted(nrr, sales)[0]) == 1.03
    assert common_support(product, sales, Config()).weights == {}


def test_terciles_put_the_rest_first():
    members = [CohortMember(str(n), "x", Decimal(n), Decimal(n)) for n in range(8)]
    thirds = [third for _, third in strata(members).values()]
    assert thirds == [0, 0, 0, 1, 1, 1, 2, 2]


def many(accounts: int, kept: int) -> Company:
    """Product-driven accounts that pay 100 from 2023-01; all but some churn in June."""
    company = Company().covered()
    for number in range(accounts):
        account = f"p{number:02}"
        company.account(account, segment="smb").event("2022-12-20T10:00", account=account)
        end = None if number < kept else "2023-06-01"
        company.period("2023-01-05", end, 100, account)
    for account in company.inputs["accounts"]:
        account["signed_up_at"] = account["created_at"] = at("2022-12-01")
    return company


def test_comparison_of_a_group():
    company = many(30, 24)
    found = {
        (r["origin_group"], r["metric"]): r
        for r in company.rows("plr_origin_comparison", month="2024-01")
    }
    assert {group for group, _ in found} == {"self_serve", "product_driven"}
    logo = found["self_serve", "logo_retention"]
    assert (logo["n_accounts"], logo["numerator"], logo["confidence"]) == (30, 24, "ok")
    assert (round(logo["ci_low"], 3), round(logo["ci_high"], 3)) == (0.627, 0.905)
    assert (logo["adjusted_value"], logo["common_support_share"]) == (None, None)
    nrr = found["product_driven", "nrr"]
    assert money(nrr["value"]) == 0.8 and nrr["common_support_share"] == 0
    assert money(found["product_driven", "nrr_contribution"]["value"]) == -0.2
    assert money(found["product_driven", "arpa"]["value"]) == 100
    assert found["product_driven", "arpa"]["confidence"] == "low"
    assert ("product_driven", "new_mrr_per_human_touch") not in found  # bought 2023-01

    few = many(9, 9).rows("plr_origin_comparison", month="2024-01", metric="nrr")
    assert {(r["confidence"], r["value"], r["ci_low"]) for r in few} == {("suppressed", None, None)}
    assert {r["numerator"] for r in few} == {900}


def test_sensitivity_scenarios():
    company = Company().covered()
    company.rules = [
        {**company.rules[0], "rule_group_id": "g1"},
        {**company.rules[0], "rule_group_id": "g2", "rule_id": "r2", "event_name": "board"},
    ]
    for account in ("tie", "value", "bought", "breadth"):
        company.account(account).period("2024-03-10", None, 100, account)
    company.event("2024-02-01T10:00", account="tie").call("2024-02-01T10:00", account="tie")
    company.event("2024-02-01T10:00", account="value")
    company.event("2024-03-09T10:00", "checkout", "bought")
    company.event("2024-02-01T10:00", "board", "breadth")
    rows = {row["scenario"]: row for row in company.rows("plr_origin_sensitivity")}
    driven = {name: row["product_driven_mrr"] for name, row in rows.items()}
    assert driven == {
        "headline": 300,
        "strict": 200,
        "ties_to_sales": 300,
        "ties_to_product": 400,
        "logged_contact_time": 300,
        "purchase_only_excluded": 200,
        "contact_wider": 300,
        "contact_narrower": 300,
        "without_g1": 200,
        "without_g2": 200,
        "value_threshold_looser": None,  # one event can't be halved
        "value_threshold_stricter": 100,
        "lead_time_7": 300,
        "lead_time_14": 300,
        "lead_time_30": 300,
    }
    doubtful = {name: row["doubtful_mrr"] for name, row in rows.items()}
    assert doubtful["headline"] == doubtful["strict"] == 100
    assert doubtful["without_g1"] == 100  # the value account has nothing left, the tie is sales
    assert doubtful["without_g2"] == 200
    assert doubtful["lead_time_7"] == 0  # the tie counts as contacted first
    assert money(rows["ties_to_product"]["change_in_share"]) == 0.25
    assert rows["headline"]["change_in_share"] == 0


def test_sensitivity_of_thresholds_leads_and_contacts():
    company = Company().covered()
    company.rules = [{**company.rules[0], "min_events": 3, "min_distinct_days": 2}]
    for account in ("a", "b", "c"):
        company.account(account).period("2024-03-10", None, 100, account)
        for day in ("01", "02"):  # four events on two days
            company.event(f"2024-02-{day}T10:00", account=account)
            company.event(f"2024-02-{day}T12:00", account=account)
    company.call("2024-02-10T10:00", account="a")  # eight days after the third event
    company.call("2024-02-01T11:00", account="b", actor_team="marketing")
    company.call("2024-02-01T11:00", account="c", is_automated=True)
    rows = {row["scenario"]: row for row in company.rows("plr_origin_sensitivity")}
    told = {
        name: (int(row["product_driven_mrr"]), row["accounts_flipped"])
        for name, row in rows.items()
    }
    assert told["headline"] == (200, 0)
    assert told["contact_wider"] == (100, 1)  # b's letter came first
    assert told["contact_narrower"] == (300, 1)  # c's sequence no longer does
    assert told["lead_time_7"] == (200, 0)
    assert told["lead_time_14"] == told["lead_time_30"] == (100, 1)
    assert told["value_threshold_looser"] == (200, 0)  # met on the first day, after c's mail
    assert told["value_threshold_stricter"] == (0, 2)  # six events on four days nobody has
    changed = {row["rules_changed"] for name, row in rows.items() if "threshold" in name}
    assert changed == {1}

    company.rules = [{**company.rules[0], "min_events": 1, "min_distinct_days": 1}]
    rows = {row["scenario"]: row for row in company.rows("plr_origin_sensitivity")}
    unasked = rows["value_threshold_looser"]
    assert (unasked["rules_changed"], unasked["customers"]) == (0, 3)
    assert unasked["product_driven_mrr"] is unasked["mrr_flipped"] is None
