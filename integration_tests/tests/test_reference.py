"""The reference against what follows from the definitions beyond cases.yml, numbers by hand."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from companies import BUILDS, Build, deliver
from differences import compare_all
from reference import DEFAULT_CONTACT_RULES, InputError, compute, service_months
from small_company import ONE_FIX, Company, at, money, paying

# ── sequence and origin ──────────────────────────────────────────────────────────────────────


def test_checkout_window_and_trial():
    for when, origin in (
        ("2024-03-03T00:00", "self_serve"),
        ("2024-03-02T23:59", "untracked"),
        ("2024-03-13T23:59", "self_serve"),
        ("2024-03-14T00:00", "untracked"),
    ):
        assert paying().other_call().event(when, "checkout").origin()["origin"] == origin

    # The window opens a week before a trial that leads into payment without a gap.
    trial = paying().other_call().event("2024-02-20T10:00", "checkout")
    trial.period("2024-02-25", "2024-03-10", 50, is_trial=True, subscription_id="t")
    assert trial.origin()["origin"] == "self_serve"
    gap = paying().other_call().event("2024-02-20T10:00", "checkout")
    gap.period("2024-02-25", "2024-03-09", 50, is_trial=True, subscription_id="t")
    assert gap.origin()["origin"] == "untracked"


def test_purchase_before_contact_makes_it_self_serve():
    company = paying().event("2024-02-01T10:00").event("2024-03-08T10:00", "checkout")
    assert company.call("2024-03-09T10:00").origin()["origin"] == "self_serve"


def test_coverage():
    no_events = paying().call("2024-02-01T10:00").origin()
    assert no_events["origin_evidence"] == "events_not_covered"
    unstated = paying(crm_tracking_start=None).event("2024-02-01T10:00").other_call().origin()
    assert unstated["origin_evidence"] == "left_censored"


def test_contact_only_and_prospect():
    company = paying().event("2024-06-01T10:00", account="x").account("x")
    found = company.call("2024-02-01T10:00").origin()
    assert (found["origin"], found["origin_evidence"]) == ("sales_originated", "contact_only")
    prospect = company.origin("x")
    assert (prospect["origin"], prospect["origin_evidence"]) == (None, "prospect")
    assert prospect["sequence"] == "product_first" and prospect["is_product_driven"] is None


def test_opportunities_are_contacts():
    def company(**row: Any) -> dict:
        row = {"opportunity_type": "new_business", **row}
        built = paying().other_call().event("2024-02-01T10:00")
        return built.add(
            "opportunities",
            opportunity_id="o1",
            account_id="a",
            created_at=at("2024-01-20T10:00"),
            **row,
        ).origin()

    assert company()["first_contact_source"] == "opportunity"
    assert company()["origin"] == "sales_originated"
    assert company(created_by_team="csm")["origin"] == "self_serve"
    assert company(created_by_team=" Customer Success ")["origin"] == "self_serve"
    assert company(created_by_team="gardening")["origin"] == "sales_originated"
    assert company(opportunity_type="renewal")["origin"] == "self_serve"
    assert company(opportunity_type="RENEWAL ")["origin"] == "self_serve"
    for doubt in ({"opportunity_type": None}, {"opportunity_type": "?"}, {"amount_mrr": -1}):
        assert company(**doubt)["origin"] == "sales_originated"


@pytest.mark.parametrize("status", ["Held", "SENT", " ", "Completed", "No-Show-Up", None])
def test_no_word_takes_a_contact_away(status):
    company = paying().event("2024-02-01T10:00").call("2024-01-20T10:00", status=status)
    assert company.origin()["origin"] == "sales_originated"


@pytest.mark.parametrize("status", ["No Show", " CANCELLED", "not-started", "Rescheduled"])
def test_what_has_not_happened_is_no_contact(status):
    company = paying().other_call().event("2024-02-01T10:00")
    assert company.call("2024-01-20T10:00", status=status).origin()["origin"] == "self_serve"


def test_unmatched_human_is_a_contact():
    company = paying().event("2024-02-01T10:00").call("2024-01-20T10:00", actor_team=None)
    assert company.origin()["origin"] == "sales_originated"
    assert company.codes()["crm_activities", "contact_unmatched"] == 1
    assert company.origin()["data_confidence"] == "low"


def test_default_contact_table():
    priorities = [rule["priority"] for rule in DEFAULT_CONTACT_RULES]
    assert priorities == [10, 20, 21, 30, 40, 50, 90]


def test_family_scope_borrows_contacts():
    company = paying(contact_scope="family").account("b", parent_account_id="a")
    found = company.event("2024-02-01T10:00").call("2024-01-20T10:00", account="b").origin()
    assert found["origin"] == "sales_originated"


def test_family_scope_shares_what_was_proven():
    def company(**settings: Any) -> Company:
        found = paying(**settings).other_call().account("b", parent_account_id="a")
        return found.event("2024-02-01T10:00", account="b")

    assert company().origin()["origin"] == "untracked"
    found = company(activity_scope="family").origin()
    assert (found["origin"], found["origin_evidence"]) == ("self_serve", "activity_no_contact")
    assert found["first_meaningful_activity_at"] == at("2024-02-01T10:00")
    # contacts are shared as well, but not purchases
    called = company(activity_scope="family").call("2024-01-20T10:00", account="b")
    assert called.origin()["origin"] == "sales_originated"
    bought = paying(activity_scope="family").other_call().account("b", parent_account_id="a")
    bought.event("2024-03-09T10:00", "checkout", account="b")
    assert bought.origin()["origin"] == "untracked"
    # earliest and latest apart: a day at one, an instant of it at the other
    vague = company(activity_scope="family").event("2024-02-01", "fix", occurred_precision="date")
    assert vague.origin()["first_meaningful_activity_at"] == at("2024-02-01T00:00")
    assert vague.call("2024-02-01T10:00:01").origin()["sequence"] == "product_first"


def test_crm_offset_moves_the_local_day():
    # 10 hours ahead of UTC, Feb 2 locally begins on Feb 1 at 14:00 UTC.
    company = paying(crm_utc_offset_minutes=600).event("2024-02-01T15:00")
    found = company.call("2024-02-02", occurred_precision="date").origin()
    assert found["sequence"] == "ambiguous"
    assert found["first_sales_contact_at"] == at("2024-02-01T14:00")


def test_a_local_midnight_is_a_date():
    def contact(stamp: str, **row: Any) -> dict:
        company = paying(crm_utc_offset_minutes=[60, 120]).other_call().event("2024-02-05T10:00")
        return company.call(stamp, **row).origin()

    # the second of February, whichever of both clocks it was: from the earlier midnight on
    for stamp in ("2024-02-02T00:00", "2024-02-01T22:00", "2024-02-01T23:00"):
        found = contact(stamp)
        assert found["first_sales_contact_at"] == at("2024-02-01T22:00")
        assert found["contact_precision"] == "date"
    exact = contact("2024-02-01T22:00", occurred_precision="timestamp")
    assert exact["contact_precision"] == "timestamp"
    # a date at no midnight is its UTC date
    vague = contact("2024-02-02T23:30", occurred_precision="date")
    assert vague["first_sales_contact_at"] == at("2024-02-01T22:00")
    late = paying(crm_utc_offset_minutes=[60, 120]).event("2024-02-02T22:59:59")
    assert late.call("2024-02-02").origin()["sequence"] == "ambiguous"
    later = paying(crm_utc_offset_minutes=[60, 120]).event("2024-02-02T23:00")
    assert later.call("2024-02-02").origin()["sequence"] == "sales_first"


def test_unknown_first_payment():
    company = Company(revenue_history_is_complete=False).account().other_call()
    company.period("2024-03-10", None, 100).event("2024-02-01T10:00")
    alone = company.origin()
    assert alone["origin"] == "self_serve" and alone["is_product_driven_strict"] is None
    assert alone["first_paid_date"] is None
    assert alone["origin_decided_at"] == at("2024-02-01T10:00")
    company.call("2024-03-31T23:00")
    assert company.origin()["origin"] == "product_driven_sales_assisted"


# ── activity rules, accounts ─────────────────────────────────────────────────────────────────


def with_rule(**changes: Any) -> Company:
    company = paying().other_call()
    company.rules = [{**ONE_FIX, **changes}]
    return company


def test_signup_anchor_falls_back_to_the_first_event():
    company = Company().account(signed_up_at=None)
    company.rules = [{**ONE_FIX, "anchor": "signup", "min_events": 2, "within_days": 2}]
    company.event("2024-02-01T10:00", "login").event("2024-02-03T09:00")
    assert company.event("2024-02-03T09:59").origin()["sequence"] == "product_first"
    company.inputs["product_events"][-1]["occurred_at"] = at("2024-02-03T10:00")
    assert company.origin()["sequence"] == "none"


def test_groups_tie_by_id_and_event_counts_sum():
    company = paying().other_call()
    company.rules = [
        {**ONE_FIX, "rule_group_id": g, "rule_id": g, "min_events": 5} for g in ("z", "b")
    ]
    company.event("2024-02-01T10:00", event_count=4, is_automated=None)
    company.event("2024-02-01T11:00", event_count=9, is_automated=True)
    found = company.event("2024-02-02T10:00", event_count=1).origin()
    assert found["first_meaningful_activity_at"] == at("2024-02-02T10:00")
    assert found["meaningful_rule_group"] == "b"


def test_mixed_precision_needs_both_passes():
    company = with_rule(min_events=2, within_days=1)
    company.event("2024-02-01", occurred_precision="date")
    # By its start the day is inside the window of 23:00, and by its end it has not yet happened.
    found = company.event("2024-02-01T23:00").origin()
    assert found["first_meaningful_activity_at"] == at("2024-02-01T23:00")
    contact = company.call("2024-02-01T23:30").origin()
    assert contact["sequence"] == "ambiguous"  # A may be as late as the day's last instant


def test_merge_cycle_and_dangling():
    company = paying().account("b", merged_into_account_id="c")
    company.account("c", merged_into_account_id="b").account("d", merged_into_account_id="c")
    company.account("e", merged_into_account_id="ghost").period("2024-01-01", None, 9, account="d")
    assert company.codes()["accounts", "merge_cycle"] == 3
    assert company.codes()["revenue", "unmapped_account"] == 1
    assert {r["account_id"] for r in company.build()["plr_account_origin"]} == {"a", "e"}
    severity = {r["code"]: r["severity"] for r in company.build()["plr_data_quality"]}
    assert severity["merge_cycle"] == "fail"


def test_parents():
    company = Company().account("a", parent_account_id="b").account("b", parent_account_id="a")
    company.account("c", parent_account_id="old").account("old", merged_into_account_id="top")
    company.account("top", parent_account_id="ghost")
    rows = company.build()["plr_account_origin"]
    parents = {r["account_id"]: r["ultimate_parent_id"] for r in rows}
    assert parents == {"a": "b", "b": "a", "c": "top", "top": "top"}


# ── revenue ──────────────────────────────────────────────────────────────────────────────────


def test_oracle_gold_and_silver():
    company = Company(revenue_shape="invoices", gap_grace_days=0, as_of_date="2025-06-30")
    company.account().line("2024-01-10", "2025-01-10", 2000, subscription_id="gold")  # 4 × $500
    for month in range(3, 9):
        company.line(f"2024-0{month}-05", f"2024-0{month + 1}-05", 60, subscription_id="silver")
    for month in range(3, 7):
        company.line(f"2025-0{month}-01", f"2025-0{month + 1}-01", 150, subscription_id="gold2")
    moves = company.moves()
    assert money(moves["2024-01"]["new_mrr"]) == 166.67
    assert money(moves["2024-03"]["expansion_mrr"]) == 60
    assert money(moves["2024-09"]["contraction_mrr"]) == 60
    assert money(moves["2025-01"]["churn_mrr"]) == 166.67
    assert money(moves["2025-03"]["reactivation_mrr"]) == 150


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2024-01-31", "2024-02-29", 1),
        ("2024-02-29", "2024-03-31", 1),
        ("2024-01-01", "2025-01-01", 12),
        ("2024-06-21", "2024-07-01", Decimal(10) / 30),
        ("2024-01-21", "2024-03-01", 1 + Decimal(11) / 31),
    ],
)
def test_service_months(start, end, months):
    found = service_months(at(start), at(end), timedelta(hours=2))
    assert found == pytest.approx(Decimal(months))


def test_gap_bridging():
    company = Company(revenue_shape="invoices", as_of_date="2024-05-31").account()
    company.line("2024-01-20", "2024-02-20", 100).line("2024-03-06", "2024-04-06", 120)
    moves = company.moves()
    assert money(moves["2024-02"]["closing_mrr"]) == 100  # Feb 20 to Mar 6 is 15 days
    assert moves["2024-04"]["movement_type"] == "churn"
    company.inputs["revenue"][1]["service_start"] = date(2024, 3, 7)
    assert company.moves()["2024-02"]["movement_type"] == "churn"

    edge = Company(revenue_shape="invoices", as_of_date="2024-04-30").account()
    edge.line("2024-03-16", "2024-04-16", 100)
    assert edge.moves()["2024-04"]["movement_type"] == "none"  # 15 days to May 1
    edge.config["plr_as_of_date"] = "2024-05-01"
    assert edge.moves()["2024-04"]["movement_type"] == "churn"


def test_overlap_policies():
    company = Company().account().period("2024-01-01", None, 100).period("2024-03-15", None, 150)
    assert money(company.moves()["2024-03"]["closing_mrr"]) == 250
    company.config["plr_overlap_policy"] = "truncate"
    assert money(company.moves()["2024-03"]["closing_mrr"]) == 150
    assert company.codes()["revenue", "overlapping_period"] == 2


def test_negative_account_is_zero():
    company = Company(revenue_shape="invoices").account().line("2024-01-01", "2025-01-01", 1200)
    company.line("2024-03-01", "2024-05-01", -220, line_type="credit")
    assert company.moves()["2024-03"]["movement_type"] == "churn"
    assert company.codes()["revenue", "negative_account_mrr"] == 2


# ── invoice lines ────────────────────────────────────────────────────────────────────────────


def billed(*lines: tuple, as_of: str = "2024-12-31", **settings: Any) -> Company:
    """An account with invoice lines: start, end, amount and, where it is not recurring, type."""
    company = Company(revenue_shape="invoices", as_of_date=as_of, **settings).account()
    for start, end, amount, *kind in lines:
        line_type = kind[0] if kind else "recurring"
        company.line(start, end, Decimal(str(amount)), line_type=line_type)
    return company


def closings(company: Company) -> dict[str, float]:
    return {month: money(row["closing_mrr"]) for month, row in company.moves().items()}


def every(days: int, count: int, start: str, amount: float, **delta: float) -> list[tuple]:
    """Lines of one length, one after the other."""
    first = at(start) + timedelta(**delta)
    edges = [str(first + timedelta(days=days * k)) for k in range(count + 1)]
    return [(*edge, amount) for edge in pairwise(edges)]


def test_weekly_and_30_day_plans_have_one_mrr():
    for days in (7, 28, 30):
        company = billed(*every(days, 10, "2024-01-01", 100), as_of="2024-06-30")
        assert closings(company)["2024-01"] == money(100 * 365 / 12 / days)
        kinds = [row["movement_type"] for row in company.moves().values()]
        assert set(kinds[1:-1]) <= {"none"}, kinds
    # a stub before, a last short bill, and clocks that change
    stub = ("2023-12-29", "2024-01-01", 30)
    weeks = every(7, 8, "2024-01-01", 70)
    last = ("2024-02-26", "2024-03-02", 50)
    found = closings(billed(stub, *weeks, last, as_of="2024-02-29"))
    assert found["2024-01"] == money(70 * 365 / 84)
    assert found["2024-02"] == money(50 * 29 / 5)  # no week any more: 5 days of a month of 29
    two = every(7, 2, "2024-01-24", 70)
    assert closings(billed(*two, as_of="2024-01-31"))["2024-01"] == money(70 * 365 / 84)
    summer = [("2024-03-24", "2024-03-30 23:00", 70), ("2024-03-30 23:00", "2024-04-06 23:00", 70)]
    assert closings(billed(*summer, as_of="2024-03-31"))["2024-03"] == money(70 * 365 / 84)


def test_whole_months_of_one_length_are_months():
    lines = [("2024-07-01", "2024-08-01", 100), ("2024-08-01", "2024-09-01", 100)]
    assert closings(billed(*lines, as_of="2024-08-31")) == {"2024-07": 100, "2024-08": 100}
    lines = [("2023-02-01", "2023-03-01", 28), ("2023-03-01", "2023-03-29", 28)]
    found = closings(billed(*lines, as_of="2023-03-15"))
    assert found == {"2023-02": 28}  # one of two is a month, so neither is a cadence


def test_local_midnights_and_clock_changes_are_whole_months():
    lines = [
        ("2024-01-31 23:00", "2024-02-29 23:00", 100),
        ("2024-02-29 23:00", "2024-03-31 22:00", 100),
        ("2024-03-31 22:00", "2024-04-30 22:00", 100),
    ]
    found = closings(billed(*lines, as_of="2024-04-30"))
    assert found == {f"2024-0{month}": 100 for month in (1, 2, 3, 4)}


def test_the_last_second_of_a_day_is_the_next_midnight():
    lines = [("2024-01-01", "2024-01-31 23:59:59", 100)]
    assert closings(billed(*lines, as_of="2024-01-31")) == {"2024-01": 100}
    same = billed(("2024-01-31 23:59:59", "2024-01-31 23:59:59", -100, "credit"))
    assert same.codes()["revenue", "empty_interval"] == 1
    company = Company().account().period("2024-01-10", "2024-01-31 23:59:59.5", 100)
    assert closings(company) == {"2024-01": 100, "2024-02": 0}


def test_service_months_win():
    company = billed()
    company.line("2024-01-01", "2024-02-01", 600, service_months=6)
    assert closings(company)["2024-01"] == 100
    company.line("2024-01-01", "2024-01-01", 300, service_months=3)  # ends on April 1
    found = closings(company)
    assert (found["2024-01"], found["2024-02"], found["2024-03"]) == (200, 100, 100)
    assert "2024-05" not in found
    company.line("2024-01-01", "2024-02-01", 600, service_months=0)
    assert company.codes()["revenue", "nonpositive_rate"] == 1


def test_two_upgrades_within_a_month():
    lines = [
        ("2024-01-01", "2024-02-01", 100),
        ("2024-01-11", "2024-02-01", -67.74, "credit"),
        ("2024-01-11", "2024-02-01", 135.48, "proration"),
        ("2024-01-21", "2024-02-01", -70.97, "proration"),
        ("2024-01-21", "2024-02-01", 106.45, "proration"),
    ]
    assert closings(billed(*lines, as_of="2024-01-31"))["2024-01"] == pytest.approx(300, abs=0.02)
    assert closings(billed(*lines[:4], as_of="2024-01-31")) == {}  # upgraded, then cancelled


def test_annual_credits_leave_nothing():
    year = ("2023-10-01", "2024-10-01", 1200)
    for start, amount in (("2024-02-10", -767.21), ("2024-02-01", -796.72)):
        company = billed(year, (start, "2024-10-01", amount, "credit"))
        assert company.moves()["2024-02"]["movement_type"] == "churn"
        assert company.moves()["2024-02"]["churn_mrr"] == 100
    # the charge beside the credit goes by the same measure, whatever it is called
    for kind in ("recurring", "proration"):
        credit = ("2024-02-01", "2024-10-01", -796.72, "credit")
        company = billed(year, credit, ("2024-02-01", "2024-10-01", 1593.44, kind))
        assert closings(company)["2024-02"] == 200
        company = billed(year, ("2024-02-01", "2024-10-01", -800, "credit"))
        company.line("2024-02-01", "2024-10-01", 1600, line_type=kind)
        assert closings(company)["2024-02"] == 200


def test_upgrade_and_cancellation_to_the_hour():
    company = billed(
        ("2024-01-01", "2024-02-01", 100),
        ("2024-01-31 18:00", "2024-02-01", -0.81, "proration"),
        ("2024-01-31 18:00", "2024-02-01", 1.61, "proration"),
        ("2024-02-01", "2024-03-01", 200),
        as_of="2024-02-29",
    )
    assert closings(company)["2024-01"] == pytest.approx(200, abs=1)
    company = billed(
        ("2024-03-01", "2024-04-01", 100), ("2024-03-20 12:00", "2024-04-01", -37.1, "credit")
    )
    assert company.moves() == {}


def test_goodwill_returns_no_service():
    year = ("2024-01-01", "2025-01-01", 1200)
    company = billed(year, ("2024-07-01", "2025-01-01", -1200, "refund"))
    assert closings(company)["2024-07"] == 100
    company = billed(year, ("2024-07-01", "2025-01-01", -1200, "credit"))
    assert closings(company)["2024-07"] == 100
    assert company.codes()["revenue", "goodwill_credit"] == 1
    # a later cancellation is measured without it
    company.line("2024-11-01", "2025-01-01", Decimal("-200"), line_type="credit")
    assert company.moves()["2024-11"]["movement_type"] == "churn"
    # months of 28 days charged as if of 31, and a ninth more, still return something
    month = ("2024-02-01", "2024-03-01", 100)
    limit = Decimal("1.11") * 31 / 28 * 100
    for amount, closing in ((limit - 1, None), (limit + 1, 100)):
        company = billed(month, ("2024-02-15", "2024-03-15", -amount, "credit"))
        assert closings(company).get("2024-02") == (None if closing is None else closing), amount


def test_part_of_a_base():
    # of two bases the one of the nearest rate: 10 of 366 days of twelve months, not of a month
    bases = [("2024-01-01", "2025-01-01", 1200), ("2024-01-01", "2024-02-01", 300)]
    part = ("2024-01-25", "2024-02-04", Decimal(1200) * 10 / 366, "proration")
    assert closings(billed(*bases, part, as_of="2024-01-31"))["2024-01"] == 500
    # a stub inside a base, and one that stands alone
    stub = ("2024-01-25", "2024-02-04", Decimal(1200) * 10 / 366)
    assert closings(billed(bases[0], stub, as_of="2024-01-31"))["2024-01"] == 200
    assert closings(billed(stub, as_of="2024-01-31"))["2024-01"] == money(stub[2] * 31 / 10)


def test_bridges_across_subscriptions():
    company = billed(("2024-01-05", "2024-02-25", 100), as_of="2024-06-30")
    company.line("2024-03-10", "2024-06-10", 450, subscription_id="new")
    found = company.moves()
    assert found["2024-02"]["closing_mrr"] == pytest.approx(found["2024-01"]["closing_mrr"])
    assert found["2024-05"]["closing_mrr"] == 150
    assert found["2024-06"]["movement_type"] == "churn"  # 21 days to the edge
    company.inputs["revenue"][1]["service_start"] = at("2024-03-11 00:00:01")
    assert company.moves()["2024-02"]["movement_type"] == "churn"


def test_a_replaced_plan_ends_at_the_edge():
    plan = ("2024-05-18", "2024-06-18", 100)
    for start, closing in (("2024-06-18", 150), ("2024-06-03", 150), ("2024-06-02", 250)):
        company = billed(plan, as_of="2024-06-30")
        end = start.replace("-06-", "-07-")
        company.line(start, end, 150, subscription_id="new")
        assert closings(company)["2024-06"] == closing, start
    assert closings(billed(plan, as_of="2024-06-30"))["2024-06"] == 100


def test_free_months_before_the_first_paid_one_are_a_trial():
    company = billed(("2024-03-01", "2024-03-15", 0), ("2024-03-15", "2024-04-15", 100))
    company.other_call().event("2024-02-24", "checkout")
    assert company.origin()["origin"] == "self_serve"
    company.inputs["product_events"][0]["occurred_at"] = at("2024-02-22 23:59:59")
    assert company.origin()["origin"] == "untracked"
    # of a long free time the last 90 days: from Dec 16
    company.inputs["revenue"][0]["service_start"] = at("2023-01-01")
    company.inputs["product_events"][0]["occurred_at"] = at("2023-12-09")
    assert company.origin()["origin"] == "self_serve"
    company.inputs["product_events"][0]["occurred_at"] = at("2023-12-08 23:00")
    assert company.origin()["origin"] == "untracked"


def test_rows_of_no_time():
    company = Company().account().period("2024-03-26", "2024-03-26", 99)
    company.period("2024-04-02", "2024-04-01", 99)
    company.add(
        "users", user_id="u", account_id="a", valid_from=at("2024-01-01"), valid_to=at("2024-01-01")
    )
    codes = company.codes()
    assert codes["revenue", "empty_interval"] == codes["users", "empty_interval"] == 1
    assert codes["revenue", "bad_interval"] == 1

    company = billed(
        ("2024-03-26", "2024-03-26", 99),
        ("2024-03-26", "2024-03-26", 0),
        ("2024-03-26", "2024-03-26", -5, "credit"),
        ("2024-03-26", "2024-03-26", 5, "one_time"),
    )
    nothing = {"subscription_id": None, "service_start": None, "service_end": None}
    for kind in ("one_time", "refund", "usage", "recurring"):
        company.line("2024-03-26", "2024-03-27", 5, line_type=kind)
        company.inputs["revenue"][-1] |= nothing
    codes = company.codes()
    assert codes["revenue", "bad_interval"] == 1 and codes["revenue", "empty_interval"] == 2
    assert codes["revenue", "null_key"] == 1 and codes["revenue", "valid"] == 4
    company.inputs["revenue"][-1]["subscription_id"] = "s1"
    assert company.codes()["revenue", "null_time"] == 1


def test_discount_items():
    company = Company(overlap_policy="truncate").account().period("2024-01-01", None, 100)
    company.period("2024-02-01", "2024-04-01", -30)
    assert closings(company)["2024-02"] == 70 and closings(company)["2024-04"] == 100
    assert ("revenue", "overlapping_period") not in company.codes()


def test_periods_to_the_second():
    company = Company().account().period("2024-01-31 23:59:58", "2024-03-01 00:00:00", 100)
    company.period("2024-03-01 00:00:00", "2024-04-30 12:00:00", 150)
    found = closings(company)
    assert found == {"2024-01": 100, "2024-02": 100, "2024-03": 150, "2024-04": 0}


def test_usage_only_when_asked():
    company = Company(revenue_shape="invoices").account()
    company.line("2024-01-01", "2024-03-01", 200, line_type="usage")
    company.line("2024-01-01", "2024-01-01", 10, line_type="one_time")
    assert company.moves() == {}
    assert ("revenue", "bad_interval") not in company.codes()
    company.config["plr_include_usage_in_mrr"] = True
    assert money(company.moves()["2024-02"]["closing_mrr"]) == 100


def test_snapshots():
    company = Company(revenue_shape="snapshots").account().account("b").other_call()
    for month, mrr in (("2024-01-15", 100), ("2024-02-29", 120), ("2024-03-31", 120)):
        company.snapshot(month, mrr)
    company.snapshot("2024-02-01", 30, account="b").snapshot("2024-03-01", 0, account="b")
    company.event("2024-02-01T09:00", "checkout", account="b")
    moves = company.moves()
    assert "2024-01" not in moves and moves["2024-02"]["movement_type"] == "expansion"
    assert "2024-04" not in moves  # nothing is known after the last loaded month
    assert company.moves("b")["2024-03"]["movement_type"] == "churn"
    found = company.origin("b")
    assert found["first_paid_date"] == date(2024, 2, 29) and found["origin"] == "self_serve"
    assert found["data_confidence"] == "low"  # the CRM feed stopped in June
    assert {str(r["cohort_month"]) for r in company.build()["plr_cohort_nrr"]} == {"2024-02-01"}


def test_cohort_follows_the_first_month():
    company = Company(as_of_date="2024-05-31").account().period("2024-03-10", "2024-04-01", 100)
    company.period("2024-04-01", "2024-05-20", 150)
    rows = [r for r in company.build()["plr_cohort_nrr"] if r["origin"] == "all"]
    assert [(r["months_since"], money(r["nrr"]), money(r["grr"])) for r in rows] == [
        (0, 1, 1),
        (1, 1.5, 1),
        (2, 0, 0),
    ]


def test_product_driven_revenue():
    company = paying(as_of_date="2024-05-31").event("2024-04-20T10:00")
    company.account("b", segment="smb").period("2024-03-01", None, 300, account="b")
    company.call("2024-02-01T10:00", account="b").event("2024-03-05T10:00", account="b")
    rows = {
        (str(r["month"])[:7], r["segment"], r["origin"]): r
        for r in company.build()["plr_product_driven_revenue"]
    }
    total = rows["2024-05", "all", "all"]
    assert total["is_total"] and total["customers"] == 2 and money(total["arr"]) == 4800
    assert money(total["product_driven_share"]) == 0.25
    assert money(total["product_driven_revenue_ttm"]) == 300
    assert money(rows["2024-03", "all", "all"]["restated_mrr"]) == 100
    assert money(rows["2024-04", "all", "all"]["restated_mrr"]) == 0
    part = rows["2024-05", "smb", "sales_originated"]
    assert part["product_driven_share"] is None and money(part["closing_mrr"]) == 300
    assert ("2024-05", "smb", "self_serve") not in rows


def test_first_deal():
    company = paying().other_call().event("2024-02-01T10:00")
    for number, closed in (("o1", "2024-03-05"), ("o2", "2024-06-05")):
        company.add(
            "opportunities",
            opportunity_id=number,
            account_id="a",
            is_won=True,
            amount_mrr=100,
            opportunity_type="new_business",
            created_at=at("2024-02-15T10:00"),
            closed_at=at(closed),
            currency="EUR",
        )
    company.rate("2024-01-01", 1.5)
    deal, _ = company.build()["plr_deal_origin"]
    assert (deal["opportunity_id"], deal["origin"]) == ("o1", "product_driven_sales_assisted")
    assert money(deal["amount_mrr"]) == 150


# ── staging ──────────────────────────────────────────────────────────────────────────────────


def test_codes_and_balance():
    company = paying().account("in", is_internal=True).other_call()
    company.period("2024-01-02", "2024-01-01", -5)
    company.period("2025-01-01", "2025-01-01", 5)  # empty comes before the future
    company.period("2025-01-01", None, 5)
    company.period("2024-01-01", None, 5, account="ghost")
    company.period("2024-01-01", None, 5, account="in")
    company.period("2024-01-01", None, None)
    company.add(
        "revenue",
        subscription_period_id="p9",
        account_id="a",
        subscription_id="s",
        mrr=1,
        currency="USD",
        valid_from=None,
    )
    company.call("2024-01-01T10:00", account="ghost")
    codes = company.codes()
    assert {c: n for (r, c), n in codes.items() if r == "revenue"} == {
        "valid": 1,
        "rejected_money": 3,
        "mrr_without_crm_rows": 1,  # the call was another account's
        "empty_interval": 1,
        "bad_interval": 1,
        "future_dated": 1,
        "unmapped_account": 1,
        "internal": 1,
        "null_key": 1,
        "null_time": 1,
    }
    assert codes["crm_activities", "unmapped_activity"] == 1
    marts = company.build()
    for relation in {r["relation"] for r in marts["plr_data_quality"]}:
        balance = next(r for r in marts["plr_data_quality"] if r["relation"] == relation)
        rejected = sum(r["rows"] for r in marts["plr_quarantine"] if r["relation"] == relation)
        assert balance["rows_in"] == balance["valid_rows"] + rejected


def test_duplicates_keep_the_latest():
    company = Company().account(account_name="old", created_at=at("2024-01-01"))
    company.account(account_name="new", created_at=at("2024-02-01"))
    company.account(account_name="none", created_at=None)
    found = company.origin()
    assert found["account_name"] == "new"
    assert company.codes()["accounts", "duplicate_key"] == 2


def test_repeated_events_count_once():
    company = with_rule(min_events=2)
    for _ in range(3):
        company.event("2024-02-01T10:00", event_id="same")
    assert company.origin()["sequence"] == "none"
    company.config["plr_events_are_unique"] = True
    assert company.origin()["sequence"] == "product_first"


def test_internal_users_come_first():
    company = paying().add("users", user_id="us", account_id="ghost", is_internal=True)
    company.event("2024-02-01T10:00", account=None, user_id="us", event_id=None)
    company.account("in", is_internal=True).add("users", user_id="v", account_id="in")
    company.event("2024-02-01T10:00", account=None, user_id="v")
    assert company.codes()["product_events", "internal"] == 2


def test_activity_falls_back_to_its_opportunity():
    company = paying().event("2024-02-01T10:00")
    company.add(
        "opportunities",
        opportunity_id="o",
        account_id="a",
        opportunity_type="renewal",
        created_at=at("2024-02-20T10:00"),
    )
    found = company.call("2024-01-20T10:00", account="ghost", opportunity_id="o").origin()
    assert found["origin"] == "sales_originated"


def test_no_rules_is_an_error():
    company = paying()
    company.rules = [{**ONE_FIX, "is_active": False}]
    with pytest.raises(InputError, match="no_activity_rules"):
        company.build()


@pytest.mark.parametrize(
    "rule",
    [
        {"rule_id": "r1"},
        {"rule_id": "r1", "rule_group_id": "g2"},
        {"rule_id": "r1", "is_active": False},
        {"rule_id": "r2", "group_operator": "any"},
        {"rule_id": "r2", "min_events": -1},
        {"rule_id": "r2", "within_days": 0},
        {"rule_id": "r2", "anchor": "sign_up"},
        {"rule_id": "r2", "event_name": "role:valu"},
    ],
)
def test_rules_that_mean_nothing_or_two_things_are_errors(rule):
    company = paying()
    company.rules = [ONE_FIX, {**ONE_FIX, **rule}]
    with pytest.raises(InputError, match="rules"):
        company.build()


@pytest.mark.parametrize(
    "cell",
    [
        {"actor_team": "saels"},
        {"actor_team": "any|sdr"},
        {"direction": "in|inbound"},
        {"is_automated": "perhaps"},
        {"purpose": "renewals"},
    ],
)
def test_contact_rules_that_fit_nobody_are_errors(cell):
    rule = {**DEFAULT_CONTACT_RULES[0], **cell}
    with pytest.raises(InputError, match="rules"):
        compute({}, {"plr_activity_rules": [ONE_FIX], "plr_contact_rules": [rule]}, {})


@pytest.mark.parametrize(
    "var",
    [{"tie_policy": "sale_first"}, {"revenue_shape": "monthly"}, {"as_of_date": "2999-01-01"}],
)
def test_a_var_that_it_does_not_take_is_an_error(var):
    with pytest.raises(InputError, match="var_value"):
        paying(**var).build()


def test_words_of_vars_are_brought_into_form():
    assert paying(tie_policy=" Sales-First", reporting_currency="usd ").build()


def test_a_segment_or_channel_named_all_is_an_error():
    for column in ("segment", "acquisition_channel"):
        with pytest.raises(InputError, match="named_all"):
            paying().account("b", **{column: " All"}).build()
    spending = paying()
    spending.add("acquisition_costs", month=date(2024, 1, 1), acquisition_channel="ALL ")
    with pytest.raises(InputError, match="named_all"):
        spending.build()


def test_tracking_break_and_stale_events():
    company = paying()
    for day in range(1, 5):
        company.event(f"2024-09-0{day}T10:00")
    for day in range(1, 3):
        company.event(f"2024-10-0{day}T10:00")
    codes = company.codes()
    assert codes["product_events", "tracking_break"] == 2  # October halves, November is empty
    assert codes["product_events", "stale_feed"] == 1


# ── confidence ───────────────────────────────────────────────────────────────────────────────


def trusted(**settings: Any) -> Company:
    """Feeds that reach the last day, and nothing wrong with any row."""
    company = Company(**settings).account().covered()
    return company.event("2024-12-31T10:00").period("2024-01-01", None, 100, account="a")


def confidence(company: Company, account: str = "a") -> tuple[str, str]:
    found = company.origin(account)
    return found["data_confidence"], found["confidence_reason"]


def test_high_says_that_nothing_is_wrong():
    assert confidence(trusted()) == ("high", "nothing lowers it")


def test_rejected_revenue_weighs_by_its_money():
    def company(lost: int, **row: Any) -> Company:
        row = {"account": "nobody", "subscription_id": "s2", **row}
        built = trusted().period("2024-01-01", None, lost, **row)
        for place in range(98):  # so that a row is no share worth mentioning
            built.period("2024-01-01", None, 0, subscription_id=f"free{place}")
        return built

    def severity(built: Company) -> str:
        return {
            (r["relation"], r["code"]): r["severity"] for r in built.build()["plr_data_quality"]
        }["revenue", "rejected_money"]

    assert severity(company(1)) == "info" and confidence(company(1))[0] == "high"
    assert severity(company(2)) == "warn" and confidence(company(2))[0] == "high"
    assert severity(company(6)) == "warn"
    low = ("low", "revenue: more than 5 % of its money is in rejected rows")
    assert confidence(company(6)) == low
    assert confidence(company(6, account="a", currency=None)) == low
    assert confidence(company(6, account="a", subscription_period_id="p00003"))[0] == "high"
    assert confidence(company(6, is_trial=True))[0] == "high"


def test_revenue_that_is_not_whole_yet():
    company = trusted(revenue_complete_through="2024-11-30")
    company.period("2024-01-01", "2024-12-01", 150, subscription_id="s3")
    company.period("2024-12-01", None, 90, subscription_id="s2")
    assert confidence(company)[0] == "high"
    assert company.codes()["revenue", "future_dated"] == 1
    assert max(company.moves()) == "2024-11"
    assert company.origin()["first_meaningful_activity_at"] == at("2024-12-31T10:00")
    company.config["plr_revenue_complete_through"] = None
    company.inputs["revenue"].pop()
    assert company.codes()["revenue", "revenue_break"] == 1
    reason = "revenue: closing MRR of the last month is under 50 % of the month before"
    assert confidence(company) == ("low", reason)


def test_dunning_ends_where_revenue_is_whole():
    company = Company(revenue_shape="invoices", revenue_complete_through="2024-12-10").account()
    company.line("2024-11-01", "2024-12-01", 100).line("2024-10-01", "2024-11-01", 100)
    company.line("2024-10-01", "2024-10-31", 50, subscription_id="s2")
    assert max(company.moves()) == "2024-11"
    company.config["plr_revenue_complete_through"] = "2025-06-30"
    assert company.moves()["2024-12"]["movement_type"] == "churn"


def test_ends_that_look_inclusive():
    def company(days: int, exact: int, shape: str = "periods") -> Company:
        """So many rows end a day before the next begins, so many with it."""
        built = trusted() if shape == "periods" else Company(revenue_shape=shape).account()
        for place in range(days + exact + 1):
            start = date(2024, 1, 1) + timedelta(days=10 * place)
            length = 9 if place < days else 10
            row = (start.isoformat(), (start + timedelta(days=length)).isoformat(), 10)
            add = built.period if shape == "periods" else built.line
            add(*row, subscription_id="s2")
        return built

    for shape in ("periods", "invoices"):
        assert company(11, 9, shape).codes()["revenue", "ends_look_inclusive"] == 11
        assert ("revenue", "ends_look_inclusive") not in company(10, 10, shape).codes()
        assert ("revenue", "ends_look_inclusive") not in company(19, 0, shape).codes()
    reason = "revenue: its periods seem to end on their last day, where ends are exclusive"
    assert confidence(company(20, 0)) == ("low", reason)


def test_every_period_loaded_twice():
    company = trusted().period("2024-01-01", None, 100)
    codes = {
        (r["relation"], r["code"]): (r["rows"], r["severity"])
        for r in company.build()["plr_data_quality"]
    }
    assert codes["revenue", "overlapping_period"] == (2, "warn")
    reason = "revenue: more than 5 % of its rows overlap another of their subscription"
    assert confidence(company) == ("low", reason)


def test_without_a_crm():
    company = trusted()
    del company.inputs["crm_activities"]
    company.add(
        "opportunities",
        opportunity_id="o",
        account_id="a",
        opportunity_type="renewal",
        created_at=at("2024-02-20T10:00"),
    )
    off = "crm_activities: the feed is off, so nothing can be called product-driven"
    assert confidence(company) == ("low", off)
    assert ("crm_activities", "stale_feed") not in company.codes()
    company.inputs["crm_activities"] = []
    assert confidence(company) == ("low", off.replace("off", "empty", 1))
    assert ("crm_activities", "stale_feed") not in company.codes()


def test_required_feeds_that_are_empty_or_of_the_future():
    company = trusted()
    company.inputs["product_events"] = []
    assert company.codes()["product_events", "empty_feed"] == 1
    assert confidence(company) == ("low", "product_events: it is required and has no valid row")
    early = trusted(as_of_date="2020-06-30")
    assert early.codes()["revenue", "empty_feed"] == 1
    assert confidence(early) == (
        "low",
        "product_events: every valid row is dated after the as-of day",
    )


def test_structural_rejects_of_any_relation():
    company = trusted()
    for place in range(20):
        company.add(
            "opportunities",
            opportunity_id=f"o{place}",
            account_id="a" if place else None,
            opportunity_type="renewal",
            created_at=at("2024-02-20T10:00"),
        )
    text = "opportunities: more than {} % of its rows are structurally broken"
    assert confidence(company) == ("medium", text.format(1))
    company.inputs["opportunities"][1]["account_id"] = None
    assert confidence(company) == ("low", text.format(5))
    severities = {
        (r["relation"], r["code"]): r["severity"] for r in company.build()["plr_data_quality"]
    }
    assert severities["opportunities", "null_key"] == "warn"


# ── what must hold for any company ───────────────────────────────────────────────────────────


def make(name: str) -> tuple[dict[str, list[dict]], Build]:
    """The random companies of a build, and its settings."""
    build = next(build for build in BUILDS if build.name == name)
    return deliver(build, range(1, 9)), build


@pytest.mark.parametrize("name", ["periods", "invoices", "snapshots_complete"])
def test_identities(name):
    inputs, build = make(name)
    marts = compute(inputs, build.rule_tables, build.vars)
    company, before = defaultdict(Decimal), {}
    for row in marts["plr_mrr_movements"]:
        rises = row["new_mrr"] + row["expansion_mrr"] + row["reactivation_mrr"] + row["fx_mrr"]
        falls = row["contraction_mrr"] + row["churn_mrr"]
        assert row["opening_mrr"] + rises - falls == pytest.approx(row["closing_mrr"])
        assert row["opening_mrr"] == before.get(row["account_id"], 0)
        before[row["account_id"]] = row["closing_mrr"]
        company[row["month"]] += row["closing_mrr"]

    parts = defaultdict(Decimal)
    for row in marts["plr_product_driven_revenue"]:
        kind = (row["segment"] == "all", row["origin"] == "all")
        parts[row["month"], kind] += row["closing_mrr"]
    for (month, _), total in parts.items():
        assert total == pytest.approx(company[month])

    starts = defaultdict(lambda: [Decimal(0), Decimal(0), Decimal(0)])
    for row in marts["plr_retention_monthly"]:
        for place, column in enumerate(("starting_mrr", "ending_mrr", "opening_mrr")):
            starts[row["month"], row["scope"]][place] += row[column]
        if row["grr_ttm"] is not None:
            assert row["grr_ttm"] <= 1 and row["grr_ttm"] <= row["nrr_ttm"]
    for (month, _), sums in starts.items():
        assert sums == pytest.approx(starts[month, "company"])


@pytest.mark.parametrize("name", ["periods", "invoices", "motion_every_switch"])
def test_the_order_of_rows_does_not_matter(name):
    inputs, build = make(name)
    expected = compute(inputs, build.rule_tables, build.vars)
    for rows in inputs.values():
        random.Random(1).shuffle(rows)
    assert not compare_all(expected, compute(inputs, build.rule_tables, build.vars))
