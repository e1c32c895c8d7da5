"""The built package against the plain Python reference, on random companies.

Every row and column of every mart has to agree, for each of the builds in companies/builds.py.

    PLR_COMPANIES=500 pytest tests/test_differential.py                  more companies a build
    PLR_SEEDS=17,230 pytest tests/test_differential.py -k invoices_with  only these, after a failure
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

import differences
from companies import BUILDS, Build, deliver
from companies.cases import CASES, cases_of
from differences import ASKED_FOR
from harness import MODELS_ONLY, ROOT, Project, Rows
from reference import compute
from reference.words import ITSELF, LISTED, reading_of

COMPANIES = int(os.environ.get("PLR_COMPANIES", "100"))
SEEDS = os.environ.get("PLR_SEEDS")

compared: dict[str, dict[str, Rows]] = {}  # build → mart → rows on which both agree
delivered: set[str] = set()  # the cases among the inputs


def seeds() -> list[int]:
    """The companies of every build."""
    return [int(seed) for seed in SEEDS.split(",")] if SEEDS else list(range(1, COMPANIES + 1))


@pytest.mark.parametrize("build", BUILDS, ids=lambda build: build.name)
def test_every_row_agrees(build: Build, tmp_path: Path, say: Callable[[str], None]) -> None:
    inputs = deliver(build, seeds())
    expected = compute(inputs, build.rule_tables, build.vars)

    project = Project(tmp_path, inputs, build.vars, build.rule_tables)
    project.build(*MODELS_ONLY)
    found = {mart: project.mart(mart) for mart in expected}

    wrong = differences.compare_all(expected, found)
    assert not wrong, "\n" + differences.report(wrong, inputs, expected)
    compared[build.name] = expected
    delivered.update(cases_of(inputs, build))
    sizes = ", ".join(f"{len(rows):,} {mart}" for mart, rows in expected.items())
    say(f"{build.name}: {len(seeds()):,} companies; rows: {sizes}")


# ── what the companies have to contain, so that agreeing on them means something ─────────────


def words(text: str) -> set[str]:
    """The words of a text."""
    return set(text.split())


KNOWN = words("self_serve product_driven_sales_assisted sales_originated untracked")
ORIGINS = {
    ("self_serve", "activity_no_contact"),
    ("self_serve", "activity_before_contact"),
    ("self_serve", "self_serve_purchase"),
    ("self_serve", "tie"),
    ("product_driven_sales_assisted", "activity_before_contact"),
    ("product_driven_sales_assisted", "tie"),
    ("sales_originated", "contact_before_activity"),
    ("sales_originated", "contact_only"),
    ("sales_originated", "tie"),
    ("untracked", "left_censored"),
    ("untracked", "crm_not_covered"),
    ("untracked", "events_not_covered"),
    ("untracked", "no_evidence"),
}
STRUCTURE = "null_key null_time implausible_time future_dated duplicate_key"
IMPLAUSIBLE = "implausible_amount dropped_value"
CODES = {
    "accounts": "null_key duplicate_key merge_cycle internal dropped_value",
    "account_links": "null_key duplicate_key link_cycle",
    "users": "null_key future_dated duplicate_key bad_interval empty_interval unmapped_account"
    " internal dropped_value",
    "product_events": f"{STRUCTURE} implausible_amount unmapped_account unmapped_user"
    " ambiguous_user anonymous_event internal stale_feed tracking_break empty_feed"
    " times_look_daily",
    "crm_activities": f"{STRUCTURE} unmapped_activity internal contact_unmatched"
    " backdated_activity stale_feed unknown_word dropped_value",
    "opportunities": f"{STRUCTURE} unmapped_account internal unknown_word dropped_value",
    "revenue": f"{STRUCTURE} implausible_amount negative_mrr_row bad_interval empty_interval"
    " nonpositive_rate unmapped_account internal overlapping_period negative_account_mrr"
    " intra_month goodwill_credit rejected_money empty_feed revenue_break ends_look_inclusive"
    " mrr_without_product_rows mrr_without_crm_rows",
    "contracts": f"{STRUCTURE} {IMPLAUSIBLE} negative_mrr_row bad_interval empty_interval bad_share"
    " unmapped_account internal",
    "account_costs": f"{STRUCTURE} implausible_amount negative_mrr_row unmapped_account internal",
    "acquisition_costs": f"{STRUCTURE.replace(' duplicate_key', '')} implausible_amount"
    " negative_mrr_row",
    "company_months": "null_time implausible_time implausible_amount future_dated duplicate_key"
    " nonpositive_rate",
    "fx_rates": f"{STRUCTURE} implausible_amount nonpositive_rate",
    "entitlements": f"{STRUCTURE} {IMPLAUSIBLE} bad_interval empty_interval nonpositive_rate"
    " unmapped_account internal",
}
# what lowers the confidence in a run, each in a build of its own
REASONS = [
    "nothing lowers it",
    "every valid row is dated after the as-of day",
    "product_events: it is required and has no valid row",
    "revenue: it is required and has no valid row",
    "the feed is off",
    "the feed is empty",
    "days behind the as-of day",
    "closing MRR of the last month is under 98 % of the month before",
    "of its money is in rejected rows",
    "of its rows overlap another of their subscription",
    "crm_activities: more than 0.1 % of its rows are structurally broken",
    "its periods seem to end on their last day, where ends are exclusive",
    "of its rows lead to no account",
    "of its rows fit no contact rule",
    "account_links: more than 1 % of its rows are structurally broken",
    "of its rows have a word nobody knows",
    "it comes in snapshots",
]

INITIATIONS = {
    ("acquisition", "product_initiated", None),
    ("acquisition", "human_initiated", None),
    ("acquisition", "unobserved", "crm_not_covered"),
    ("acquisition", "unobserved", "no_evidence"),
    ("retention", "unobserved", "inertia_renewal"),
    ("expansion", "unobserved", "price_or_escalator"),
    ("expansion", "unobserved", "too_small"),
} | {
    (stage, *outcome)
    for stage in ("conversion", "expansion", "reactivation", "retention")
    for outcome in (
        ("product_initiated", None),
        ("product_sourced_human_assisted", None),
        ("human_initiated", None),
        ("unobserved", "crm_not_covered"),
        ("unobserved", "no_evidence"),
    )
}
SIGNALS = {
    "acquisition": "sign_up first_event",
    "conversion": "activity commercial_action",
    "expansion": "limit prompt intent commercial_action earned",
    "reactivation": "value limit prompt intent commercial_action",
    "retention": "value prompt intent commercial_action",
}
# the reasons of each pattern, and the status that each means
PATTERNS: dict[str, dict[str, str]] = {}
with (ROOT / "seeds" / "plr_pattern_reasons.csv").open() as reasons:
    for row in csv.DictReader(reasons):
        PATTERNS.setdefault(row["pattern"], {})[row["reason"]] = row["status"]


def verdicts(pattern: str) -> set[tuple[str, str | None, str | None]]:
    """What a pattern can say, with the severities that go with it."""
    found = {
        (status, reason, severity)
        for reason, status in PATTERNS[pattern].items()
        for severity in {"flagged": ["high", "medium"], "watch": ["low"]}.get(status, [None])
    }
    return found - {("flagged", "unproven_before_renewal", "medium")}  # it asks for a near renewal


def met(mart: str, *columns: str) -> set[Any]:
    """Every combination of values that the compared rows of a mart hold."""
    rows = [row for marts in compared.values() for row in marts[mart]]
    return {
        row[columns[0]] if len(columns) == 1 else tuple(row[c] for c in columns) for row in rows
    }


def test_the_companies_contain_every_case(say: Callable[[str], None]) -> None:
    if SEEDS or len(compared) < len(BUILDS):
        pytest.skip("needs every build, all companies, all agreeing")

    assert delivered == CASES
    assert met("plr_account_origin", "origin", "origin_evidence") == ORIGINS | {(None, "prospect")}
    # a deal ignores what comes after it, so no contact can tie and still be late
    assert met("plr_deal_origin", "origin", "evidence") >= ORIGINS - {("self_serve", "tie")}
    assert met("plr_deal_origin", "opportunity_type") == words(
        "new_business expansion renewal reactivation"
    )
    assert met("plr_account_origin", "sequence") == words(
        "product_first sales_first ambiguous none"
    )
    assert met("plr_account_origin", "origin_is_sensitive") == {True, False}
    assert met("plr_account_origin", "is_product_driven_strict") == {True, False, None}
    assert met("plr_account_origin", "is_contact_backdated") == {True, False}
    assert met("plr_account_origin", "first_contact_source", "contact_precision") == {
        (source, precision)
        for source in ("activity", "opportunity")
        for precision in ("timestamp", "date")
    } | {(None, None)}
    groups = {row["rule_group_id"] for build in BUILDS for row in build.rules.active}
    assert met("plr_account_origin", "meaningful_rule_group") == groups | {None}

    assert met("plr_mrr_movements", "movement_type") == words(
        "new expansion contraction churn reactivation none"
    )
    assert met("plr_product_driven_revenue", "origin") == KNOWN | {"all"}
    assert met("plr_cohort_nrr", "origin") == KNOWN | {"undecided", "all"}
    assert {
        value
        for scope, value in met("plr_retention_monthly", "scope", "scope_value")
        if scope == "origin"
    } == KNOWN | {"undecided"}
    for mart in ("plr_retention_monthly", "plr_index_monthly"):
        channels = {
            value for scope, value in met(mart, "scope", "scope_value") if scope.endswith("channel")
        }
        assert channels > {"unknown"}, mart
    assert met("plr_retention_monthly", "confidence") == {"very_low", "low", "ok"}
    assert met("plr_account_origin", "data_confidence") == {"low", "medium", "high"}
    reasons = "; ".join(met("plr_account_origin", "confidence_reason"))
    assert not [reason for reason in REASONS if reason not in reasons]
    own = {
        (row["data_confidence"], row["confidence_reason"])
        for marts in compared.values()
        for row in marts["plr_board_metrics"]
        if row["confidence_reason"].startswith("the month")
    }
    assert own >= {
        (level, f"the month: more than {share} % of its MRR is untracked")
        for level, share in (("medium", 8), ("low", 3))
    }

    assert met("plr_data_quality", "severity") == {"ok", "info", "warn", "fail"}
    codes_met = met("plr_data_quality", "relation", "code")
    # a company may or may not be like that as a whole: unit tests show it
    assert codes_met - {("revenue", "no_mrr"), ("revenue", "rows_look_doubled")} == {
        (relation, code) for relation, codes in CODES.items() for code in f"valid {codes}".split()
    }

    # words of every column, known and unknown where any may be unknown
    assert met("plr_input_words", "relation", "column_name", "is_known") == {
        (relation, column, is_known)
        for relation, columns in LISTED.items()
        for column in columns
        for is_known in ({True} if reading_of(relation, column)[1] is ITSELF else {True, False})
    }
    assert met("plr_input_words", "word", "read_as") >= {
        ("cancelled", "canceled"),
        ("ae", "sales"),
        ("bdr", "sdr"),
        ("customer_success", "csm"),
        ("day", "date"),
        ("exact", "timestamp"),
        ("held", "completed"),
        ("growth_pod", "unknown"),
        ("back_office", None),
        ("upsell", None),
        ("carrier_pigeon", "carrier_pigeon"),
    }

    _demand_is_complete()
    _candidates_are_complete()
    _motion_is_complete()
    _patterns_are_complete()
    _backtest_is_complete()
    _board_is_complete()
    _renewals_are_complete()
    _growth_is_complete()

    apart = Counter(
        row["first_sales_contact_at"] - row["first_meaningful_activity_at"]
        for marts in compared.values()
        for row in marts["plr_account_origin"]
        if row["first_sales_contact_at"] and row["first_meaningful_activity_at"]
    )
    for microseconds in (-1, 0, 1):
        assert apart[timedelta(microseconds=microseconds)], f"no contact {microseconds} µs apart"

    rows = Counter()
    for marts in compared.values():
        rows.update({mart: len(mart_rows) for mart, mart_rows in marts.items()})
    say(f"in all: {len(BUILDS) * len(seeds()):,} companies, {sum(rows.values()):,} rows")


def _demand_is_complete() -> None:
    """Deals of every end and beginning, and months that are over or not."""
    assert met("plr_deal_origin", "sequence_basis", "sequence_at_open", "is_sequence_covered") == {
        (basis, sequence, is_covered)
        for basis in ("origin", "recent")
        for sequence in words("product_first sales_first ambiguous none")
        for is_covered in (True, False)
    }
    assert met("plr_deal_origin", "is_closed", "is_won") == {
        (True, True),
        (True, False),
        (False, False),
    }
    assert met("plr_pipeline", "is_decided") == {True, False}
    assert met("plr_pipeline", "confidence") == {"very_low", "low", "ok"}
    assert [
        row
        for marts in compared.values()
        for row in marts["plr_pipeline"]
        if row["win_rate"] and row["days_to_close_median"] and row["product_sourced_share"]
    ]
    assert met("plr_pql_funnel", "horizon_days", "is_horizon_over") >= {
        (days, is_over) for days in (30, 90, 180) for is_over in (True, False)
    }
    for column in ("not_covered", "paid_before_signup", "paid_before_value"):
        assert met("plr_pql_funnel", column) >= {0, 1, 2}, column
    for column in ("confidence", "pql_to_paid_confidence", "contact_first_confidence"):
        assert met("plr_pql_funnel", column) == {"very_low", "low", "ok"}, column
    assert "unknown" in met("plr_pql_funnel", "acquisition_channel")
    assert [
        row
        for marts in compared.values()
        for row in marts["plr_pql_funnel"]
        if row["pql_to_paid_rate"]
        and row["contact_first_to_paid_rate"]
        and row["days_to_value_median"] not in (None, row["days_to_value_p90"])
        and row["days_to_paid_median"] not in (None, row["days_to_paid_p90"])
    ]


def _candidates_are_complete() -> None:
    """Candidates that tell something and such that do not, by the package's limits and others."""
    builds = {name: marts[ASKED_FOR] for name, marts in compared.items() if ASKED_FOR in marts}
    assert builds.keys() == {"periods", "periods_every_switch", "invoices"}
    for name in ("periods", "periods_every_switch"):
        rows = builds[name]
        for column in ("candidate_rank", "difference", "days_of_lead_median", "roles"):
            found = {row[column] is None for row in rows}
            assert found == {True, False}, f"{name}.{column}"
        for column in ("paid_in_window", "reached_before_contact", "not_covered"):
            assert max(row[column] for row in rows) > 5, f"{name}.{column}"
        both = [row for row in rows if row["reached_payers"] > 3 and row["rest_payers"] > 3]
        assert [row for row in both if row["reached_retained"] < row["reached_payers"]], name
        assert [row for row in rows if 0 < row["uncontacted_reached"] < row["reached"]], name
    rows = builds["periods_every_switch"]
    assert [row for row in rows if row["difference_ci_low"] and row["difference_ci_low"] > 0]
    assert [row for row in rows if row["difference_ci_high"] and row["difference_ci_high"] < 0]
    assert [row for row in rows if row["uncontacted_difference"] not in (None, row["difference"])]
    assert max(row["candidate_rank"] or 0 for row in rows) > 5


def _motion_is_complete() -> None:
    """Every way a revenue event can start, at the edges of its window too."""
    assert met("plr_revenue_events", "stage", "initiation", "unobserved_reason") == INITIATIONS
    assert met("plr_revenue_events", "stage", "product_signal_role") == {
        (stage, role) for stage, roles in SIGNALS.items() for role in [*roles.split(), None]
    }
    assert met("plr_revenue_events", "date_precision") == {"day", "month"}
    assert None in met("plr_revenue_events", "amount_mrr")
    fallen = met("plr_mrr_movements", "movement_type", "fallen_subscriptions")
    assert fallen >= {("contraction", number) for number in (1, 2)}
    for at in ("first_commercial_touch_at", "product_signal_at"):  # under its own date
        assert [
            row
            for marts in compared.values()
            for row in marts["plr_revenue_events"]
            if row[at] and row["window_start"] and row[at].date() < row["window_start"]
        ], at
    index = {
        (row["stages_weighed"], row["plr_index"] is not None)
        for marts in compared.values()
        for row in marts["plr_index_monthly"]
        if row["stage"] == "all"
    }
    stages = met("plr_index_monthly", "weighed_stages")
    assert {len(found.split(", ")) for found in stages if found} == {1, 2, 3, 4}
    thinly_covered = (4, False)
    assert index >= {(stages, stages > 1) for stages in range(5)} | {thinly_covered}
    for scope in ("company", "segment"):
        assert {
            row["plr_index"] is not None
            for marts in compared.values()
            for row in marts["plr_index_monthly"]
            if (row["scope"], row["stage"], row["stages_weighed"]) == (scope, "all", 4)
        } == {True, False}, scope
    edges = Counter(
        at - datetime.combine(row[bound], time.min)
        for marts in compared.values()
        for row in marts["plr_revenue_events"]
        for at in (row["product_signal_at"], row["first_commercial_touch_at"])
        for bound in ("window_start", "window_end")
        if at and row[bound]
    )
    for microseconds in (-1, 0, 1):
        assert edges[timedelta(microseconds=microseconds)], f"none {microseconds} µs off an edge"


def _patterns_are_complete() -> None:
    """Every verdict of every pattern, for accounts and for segments."""
    for pattern in PATTERNS:
        found = met(f"plr_{pattern}", "status", "reason", "severity")
        assert found == verdicts(pattern), pattern
        assert met("plr_pattern_flags", "pattern", "status", "reason", "severity") >= {
            (pattern, *verdict) for verdict in found
        }, pattern
    assert met("plr_pattern_flags", "entity_type") == {"account", "segment", "company"}
    assert met("plr_pattern_flags", "amount_unit") == {"mrr", "fte"}
    motions = words("touch opportunity prompt intent commercial_action movement")
    assert met("plr_expansion_orphans", "last_motion_type") == motions | {None}
    for column in ("is_capacity_reached", "is_usage_up", "is_users_up", "is_breadth_new"):
        assert met("plr_expansion_orphans", column) == {True, False, None}, column
    # growth is unknown in a ramp, and what was hit before an expansion does not count after it
    assert [
        row
        for row in compared["periods"]["plr_expansion_orphans"]
        if row["status"] == "clear" and row["is_users_up"] is None
    ]
    assert _limits_before_an_expansion()
    assert met("plr_hollow_usage", "is_renewal_value_down") >= {True, False}
    assert met("plr_architecture_drift", "gap") >= {0, 1, 2}
    assert 1 in met("plr_hollow_usage", "value_now")
    # value that an account shares, and that another of its family pays for
    family = compared["periods_every_switch"]
    proven = Counter(
        (row["ultimate_parent_id"], row["first_meaningful_activity_at"])
        for row in family["plr_account_origin"]
        if row["first_meaningful_activity_at"]
    )
    assert max(proven.values()) > 1
    prospects = {row["account_id"] for row in family["plr_account_origin"] if row["origin"] is None}
    assert [
        row
        for row in family["plr_conversion_black_holes"]
        if row["reason"] == "paid" and row["account_id"] in prospects
    ]
    # no motion, as far as a CRM goes back that began within the quiet days
    assert [
        row
        for row in compared["crm_starts_late"]["plr_expansion_orphans"]
        if row["reason"] == "crm_not_covered" and row["earned_streak"] >= 2
    ]
    # two segments in the same months, or one streak could be told by another's
    flagged = Counter(
        (name, row["month"])
        for name, marts in compared.items()
        for row in marts["plr_product_passive_growth"]
        if row["scope"] == "segment" and row["months_flagged_streak"] > 1
    )
    assert max(flagged.values()) > 1


def _backtest_is_complete() -> None:
    """Flags that came true and that did not, acted on and left alone, seen before or not."""
    payers = ("churn", "contraction_or_churn", "expansion")
    asked = {("expansion_orphans", outcome) for outcome in payers} | {
        ("hollow_usage", outcome) for outcome in payers
    }
    asked.add(("conversion_black_holes", "conversion"))
    kinds = {
        (pattern, status, reason, outcome)
        for pattern, outcome in asked
        for reason, status in PATTERNS[pattern].items()
        if status in ("flagged", "watch", "clear")
        and reason not in ("people_convert", "product_converts")
    }
    assert met("plr_pattern_backtest", "pattern", "status", "reason", "outcome") == kinds
    assert met("plr_pattern_backtest", "horizon_months") == {3, 6, 12, 1, 4, 60}
    assert met("plr_pattern_backtest", "confidence") == {"very_low", "low", "ok"}
    rows = [row for marts in compared.values() for row in marts["plr_pattern_backtest"]]
    for pattern, outcome in sorted(asked):
        flagged = [
            row
            for row in rows
            if (row["pattern"], row["outcome"], row["status"]) == (pattern, outcome, "flagged")
        ]
        for has in (
            lambda row: 0 < row["acted_on_outcomes"] < row["outcomes"] < row["episodes"],
            lambda row: row["acted_on_episodes"] - row["acted_on_outcomes"] > 0,
            lambda row: row["accounts"] < row["episodes"] and row["open_episodes"],
            lambda row: row["recall"] is not None and 0 < row["recall"] < 1,
        ):
            assert any(map(has, flagged)), (pattern, outcome, has.__code__.co_firstlineno)
    assert met("plr_pattern_backtest", "status", "is_horizon_over") == {
        (status, is_over) for status in ("flagged", "watch", "clear") for is_over in (True, False)
    }
    lifts = [row["lift"] for row in rows if row["status"] == "flagged" and row["lift"]]
    assert min(lifts) < 0.8 < 1.25 < max(lifts)
    # a month in which nobody was clear has no base
    assert [row for row in rows if 0 < row["base_episodes"] < row["episodes"]]


def _limits_before_an_expansion() -> list[Any]:
    """Expansions after limits were hit, of which the month's row counts none any more."""
    return [
        event["event_id"]
        for marts in compared.values()
        for without in [
            {
                (row["account_id"], row["month"])
                for row in marts["plr_expansion_orphans"]
                if row["limit_events"] == 0 and row["status"] != "not_eligible"
            }
        ]
        for event in marts["plr_revenue_events"]
        if (event["stage"], event["product_signal_role"]) == ("expansion", "limit")
        and (event["account_id"], event["month"]) in without
        and event["product_signal_at"].date() < event["event_date"]
        and event["product_signal_at"].date() >= event["month"] + timedelta(days=11)
    ]


def _board_is_complete() -> None:
    """Every state of the board, every answer of the quick test, every group compared."""
    assert met("plr_board_metrics", "co_movement_state") == words(
        "rising_together falling_together drifting_apart steady insufficient_data"
    )
    answers = met("plr_quick_test", "question_no", "points", "verdict")
    assert answers >= {
        (question, points, verdict)
        for question in range(1, 8)
        for points, verdict in ((None, "unanswered"), (0, "weak"), (1, "mixed"), (2, "strong"))
    }
    assert {verdict for question, _, verdict in answers if question == 0} == words(
        "weak mixed strong insufficient_data"
    )
    # question 5 is seldom the worst alone; the package's unit tests have that case
    assert met("plr_quick_test", "heaviest_pattern") >= {*PATTERNS, None} - {"borrowed_nrr"}
    assert met("plr_origin_comparison", "origin_group", "confidence") == {
        (group, confidence)
        for group in KNOWN | {"product_driven", "undecided", "difference"}
        for confidence in ("suppressed", "low", "ok")
    }
    adjusted = {
        (row["origin_group"], row["metric"], row["adjusted_value"] is not None)
        for marts in compared.values()
        for row in marts["plr_origin_comparison"]
        if row["common_support_share"] is not None
    }
    assert adjusted == {
        (group, metric, is_adjusted)
        for group in ("product_driven", "sales_originated", "difference")
        for metric in ("nrr", "grr", "logo_retention", "expansion_rate")
        for is_adjusted in (True, False)
    }
    differences = {
        (row["metric"], row["adjusted_value"] is not None, row["adjusted_ci_low"] is not None)
        for marts in compared.values()
        for row in marts["plr_origin_comparison"]
        if row["origin_group"] == "difference"
    }
    # nothing varies where every logo stayed
    assert differences >= {(m, True, True) for m in words("nrr grr expansion_rate")} | {
        ("logo_retention", True, False)
    }
    assert len(met("plr_origin_comparison", "segments_left_out")) > 1
    groups = {row["rule_group_id"] for build in BUILDS for row in build.rules.active}
    leads = {"lead_time_7", "lead_time_14", "lead_time_30", "lead_time_2"}
    scenarios = words(
        "headline strict ties_to_sales ties_to_product logged_contact_time purchase_only_excluded"
        " contact_wider contact_narrower value_threshold_looser value_threshold_stricter"
    )
    assert met("plr_origin_sensitivity", "scenario") == scenarios | leads | {
        f"without_{group}" for group in groups
    }
    flipped = {
        row["scenario"]
        for marts in compared.values()
        for row in marts["plr_origin_sensitivity"]
        if row["accounts_flipped"]
    }
    assert flipped >= (scenarios | leads) - {"headline"}


def _renewals_are_complete() -> None:
    """Every way a term can end, proven or not, and what is known of it."""
    outcomes = words("renewed rolled_over churned open")
    assert met("plr_renewals", "outcome", "has_recent_value") == {
        (outcome, has_value) for outcome in outcomes for has_value in (True, False, None)
    }
    assert met("plr_renewals", "first_mover", "outcome") >= {
        (mover, outcome) for mover in ("product", "person", "none") for outcome in outcomes
    } | {(None, "renewed")}
    assert met("plr_renewals", "is_at_risk") == {True, False, None}
    assert len(met("plr_renewals", "first_mover_team")) > 4
    late = {
        (row["outcome"], row["late_successor_id"] is not None)
        for marts in compared.values()
        for row in marts["plr_renewals"]
    }
    assert late >= {("rolled_over", True), ("churned", True), ("renewed", False)}
    # value is looked for before notice, before the as-of day's end, and in the first term only
    bounds = {
        (row["value_until_date"] == row["notice_date"], row["value_from_date"] == row["term_start"])
        for marts in compared.values()
        for row in marts["plr_renewals"]
    }
    assert bounds == {(True, True), (True, False), (False, True), (False, False)}
    for column in (
        "renewals_with_value_share",
        "retained_with_value_share",
        "retained_without_value_share",
    ):
        found = {row is None for row in met("plr_board_metrics", column)}
        assert found == {True, False}, column


def _growth_is_complete() -> None:
    """Every group and channel, told and not told, and for each reason."""
    groups, channels = words("company product_led sales_led"), words("all referral search outbound")
    assert met("plr_growth_efficiency", "growth_group", "acquisition_channel") == {
        (group, channel) for group in groups for channel in channels
    }
    told = {
        (row["growth_group"], row["acquisition_channel"] == "all", row["cac"] is not None)
        for marts in compared.values()
        for row in marts["plr_growth_efficiency"]
        if row["acquisition_channel"] != "outbound"
    }
    assert told == {
        (group, is_all, is_told)
        for group in groups
        for is_all in (True, False)
        for is_told in (True, False)
    }
    found = {
        (row["customers_won"] >= 10, row["months_without_cost"] > 0, row["payback_months"] is None)
        for marts in compared.values()
        for row in marts["plr_growth_efficiency"]
    }
    assert found == {
        (True, False, False),
        (True, False, True),
        (True, True, True),
        (False, False, True),
        (False, True, True),
    }
