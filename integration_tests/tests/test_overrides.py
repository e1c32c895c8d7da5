"""A definition is replaced by a macro of the user's own, which may ask the package's; a reason of
his own needs a status, or the build stops.

One project overrides every dispatched definition at once. Each of its macros says a word that the
package never says, where its arguments hold what they are called.
"""

from __future__ import annotations

import csv
import json
import re

import pytest

from companies import BUILDS, deliver
from harness import MODELS_ONLY, ROOT, Project

OURS = ROOT / "seeds" / "plr_pattern_reasons.csv"

# definition → when its own word is said, the word, and the mart's column that shows it
OVERRIDES = {
    "plr_movement_type_of(opening_mrr, closing_mrr, organic_mrr, is_first_paid_month)": (
        "{opening_mrr} > 0 and {closing_mrr} = 0 and {organic_mrr} < 0"
        " and not {is_first_paid_month}",
        "left_us",
        "plr_mrr_movements.movement_type",
    ),
    "plr_sequence_of(activity_lo_us, activity_hi_us, contact_lo_us, contact_hi_us)": (
        "{activity_hi_us} >= {activity_lo_us} and {contact_hi_us} is null"
        " and {contact_lo_us} is null",
        "product_only",
        "plr_account_origin.sequence",
    ),
    "plr_origin_of(is_paying, sequence, is_purchase_first, is_contact_after_payment, tie_policy)": (
        "{is_paying} and {sequence} = 'sales_first' and not {is_purchase_first}"
        " and not {is_contact_after_payment} and {tie_policy} = 'sales_first'",
        "outbound",
        "plr_account_origin.origin",
    ),
    "plr_origin_evidence_of(is_paying, sequence, is_purchase_first, activity_lo_us,"
    " contact_lo_us)": (
        "{is_paying} and {sequence} = 'sales_first' and not {is_purchase_first}"
        " and {contact_lo_us} < {activity_lo_us}",
        "they_called_first",
        "plr_account_origin.origin_evidence",
    ),
    "plr_initiation_of(is_covered, is_too_small, signal_lo_us, signal_hi_us, commercial_lo_us,"
    " human_lo_us, is_auto_renew, has_value_event, is_price_rise)": (
        "{is_covered} and not {is_too_small} and {signal_lo_us} <= {signal_hi_us}"
        " and {commercial_lo_us} is null and {human_lo_us} is null"
        " and not coalesce({is_auto_renew} and {has_value_event}, false)"
        " and not coalesce({is_price_rise}, false)",
        "untouched",
        "plr_revenue_events.initiation",
    ),
    "plr_unobserved_reason_of(is_covered, is_too_small, is_auto_renew, is_price_rise)": (
        "{is_covered} and not {is_too_small}"
        " and not coalesce({is_auto_renew} or {is_price_rise}, false)",
        "silence",
        "plr_revenue_events.unobserved_reason",
    ),
    "plr_expansion_orphans_reason(is_eligible, is_earned, is_input_missing, earned_streak,"
    " days_since_motion, hollow_status, month_end_us, crm_start_us, stale_from_us)": (
        "{is_eligible} and {is_earned} and not {is_input_missing} and {earned_streak} = 1"
        " and {days_since_motion} >= 0 and {hollow_status} <> 'flagged'"
        " and {month_end_us} > {crm_start_us} and coalesce({stale_from_us} > {crm_start_us}, true)",
        "earned_lately",
        "plr_expansion_orphans.reason",
    ),
    "plr_conversion_black_holes_reason(has_paid, has_activity, has_value_role, activity_lo_us,"
    " days_waiting, value_events, last_motion_us, month_end_us, crm_start_us, stale_from_us)": (
        "not {has_paid} and {has_activity} and {has_value_role} and {days_waiting} >= 300"
        " and {value_events} = 0 and {month_end_us} > {activity_lo_us}"
        " and coalesce({last_motion_us} > 0, true) and {crm_start_us} < {month_end_us}"
        " and coalesce({stale_from_us} > {crm_start_us}, true)",
        "given_up",
        "plr_conversion_black_holes.reason",
    ),
    "plr_conversion_black_holes_segment_reason(n_observed, n_human)": (
        "{n_observed} >= 1 and {n_human} <= {n_observed} and {n_human} >= 1",
        "somebody_converts",
        "plr_conversion_black_holes.reason",
    ),
    "plr_hollow_usage_reason(closing_mrr, has_value_role, is_tracking_broken, usage_now,"
    " usage_before, value_now, value_before, is_renewal_value_down, is_unproven,"
    " is_renewal_near)": (
        "{closing_mrr} > 0 and {has_value_role} and not {is_tracking_broken}"
        " and {usage_now} > {usage_before} and {value_now} >= {value_before}"
        " and not {is_unproven} and not {is_renewal_near} and not {is_renewal_value_down}",
        "all_is_well",
        "plr_hollow_usage.reason",
    ),
    "plr_borrowed_nrr_reason(months_of_history, nrr_ttm, nrr_ttm_6m_ago, gross_margin_ttm,"
    " gross_margin_ttm_6m_ago, is_holding, is_raw, is_raw_3m_ago)": (
        "{months_of_history} >= 22 and {nrr_ttm} > 0 and {nrr_ttm_6m_ago} > 0"
        " and {gross_margin_ttm} < {gross_margin_ttm_6m_ago} and not {is_holding}"
        " and not {is_raw} and coalesce(not {is_raw_3m_ago}, true)",
        "margin_falls",
        "plr_borrowed_nrr.reason",
    ),
    "plr_architecture_drift_reason(gap, n_metrics, months_in_gap, months_in_stage)": (
        "{gap} < 1 and {n_metrics} = 2 and {months_in_gap} = 0 and {months_in_stage} >= 1",
        "in_place",
        "plr_architecture_drift.reason",
    ),
    "plr_product_passive_growth_reason(n_observed, coverage_share, arr_growth, has_value_role,"
    " human_started_share, value_active_share)": (
        "{n_observed} >= 1 and {coverage_share} > 0 and {arr_growth} > 0 and {has_value_role}"
        " and {human_started_share} >= 0 and {value_active_share} >= 0",
        "growing",
        "plr_product_passive_growth.reason",
    ),
    "plr_severity_of(status, months_flagged_streak, is_high)": (
        "{status} = 'flagged' and {months_flagged_streak} >= 1 and not coalesce({is_high}, false)",
        "so_so",
        "plr_pattern_flags.severity",
    ),
    "plr_co_movement_state_of(first, second, third)": (
        "{first} is not null and {second} is not null and {third} is not null",
        "all_known",
        "plr_board_metrics.co_movement_state",
    ),
}
# reason of our own → pattern and the status it means
OWN_REASONS = {
    "earned_lately": ("expansion_orphans", "watch"),
    "given_up": ("conversion_black_holes", "not_eligible"),
    "somebody_converts": ("conversion_black_holes", "flagged"),
    "all_is_well": ("hollow_usage", "clear"),
    "margin_falls": ("borrowed_nrr", "watch"),
    "in_place": ("architecture_drift", "insufficient_data"),
    "growing": ("product_passive_growth", "flagged"),
}
# a customer that returns is new to us: the word decides in which column the amount stands
RETURNS_ARE_NEW = """
{% macro default__plr_movement_of(opening_mrr, closing_mrr, organic_mrr, is_first_paid_month) %}
    case
        when {{ opening_mrr }} = 0 then 'new'
        else {{ product_led_revenue.default__plr_movement_of(
            opening_mrr, closing_mrr, organic_mrr, is_first_paid_month
        ) }}
    end
{% endmacro %}
"""


def macro(definition: str, condition: str, word: str) -> str:
    """An override that says a word where a condition holds, and asks the package's definition."""
    name, arguments = definition.rstrip(")").split("(")
    names = {argument: f"{{{{ {argument} }}}}" for argument in arguments.split(", ")}
    return (
        f"{{% macro default__{name}({arguments}) %}}\n"
        f"    case\n        when {condition.format(**names)} then '{word}'\n"
        f"        else {{{{ product_led_revenue.default__{name}({arguments}) }}}}\n    end\n"
        "{% endmacro %}\n"
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A consumer with definitions and reasons of his own, built."""
    build = next(build for build in BUILDS if build.name == "periods")
    with OURS.open() as file:
        reasons = list(csv.DictReader(file))
    reasons += [
        {"pattern": pattern, "reason": reason, "status": status}
        for reason, (pattern, status) in OWN_REASONS.items()
    ]
    project = Project(
        tmp_path_factory.mktemp("overrides"),
        deliver(build, range(1, 61)),
        build.vars,
        build.rule_tables | {"plr_pattern_reasons": reasons},
        config={
            "dispatch": [
                {
                    "macro_namespace": "product_led_revenue",
                    "search_order": ["consumer", "product_led_revenue"],
                }
            ]
        },
    )
    macros = [macro(definition, *said[:2]) for definition, said in OVERRIDES.items()]
    project.write("macros/definitions.sql", "\n".join([RETURNS_ARE_NEW, *macros]))
    project.build(*MODELS_ONLY)
    return project


def test_every_definition_is_overridden_here() -> None:
    files = (ROOT / "macros" / "definitions").glob("*.sql")
    dispatched = {
        name for file in files for name in re.findall(r"dispatch\('(\w+)'", file.read_text())
    }
    names = {definition.split("(")[0] for definition in OVERRIDES} | {"plr_movement_of"}
    assert names == dispatched


@pytest.mark.parametrize("definition", OVERRIDES, ids=lambda definition: definition.split("(")[0])
def test_an_override_speaks_in_its_mart(definition: str, project: Project) -> None:
    _, word, shown = OVERRIDES[definition]
    mart, column = shown.split(".")
    said = {row[column] for row in project.query(f"select distinct {column} from {mart}")}
    assert word in said
    assert said - {word, None}, "the package's own definition is not asked"


def test_an_overridden_movement_moves_its_amount(project: Project) -> None:
    columns = "account_id, sum(reactivation_mrr) as reactivation, count(nullif(new_mrr, 0)) as n"
    rows = project.query(f"select {columns} from plr_mrr_movements group by 1")
    assert {row["reactivation"] for row in rows} == {0}
    assert max(row["n"] for row in rows) > 1


def test_a_reason_of_his_own_means_what_his_table_says(project: Project) -> None:
    found = project.query("select distinct pattern, reason, status from plr_pattern_flags")
    own = {row["reason"]: (row["pattern"], row["status"]) for row in found}
    assert {reason: own[reason] for reason in OWN_REASONS} == OWN_REASONS


def test_an_unknown_reason_stops_the_build(project: Project) -> None:
    """In every pattern that is asked; Expansion Orphans wait for Hollow Usage in vain."""
    package = {"plr_pattern_reasons": "product_led_revenue.plr_pattern_reasons"}
    models = [file.stem for file in ROOT.glob("models/intermediate/patterns/*_verdicts.sql")]
    rules = ["plr_pattern_reasons", "stg_plr__pattern_reasons"]
    result = project.dbt(
        "build",
        "--exclude-resource-type",
        "test",
        "--vars",
        json.dumps(package),
        "--select",
        *rules,
        *models,
    )
    output = " ".join(result.output.split())
    statuses = {node.split(".")[2]: status for node, status in result.statuses.items()}
    assert statuses == {
        **dict.fromkeys(rules, "success"),
        **dict.fromkeys(models, "error"),
        "int_plr__expansion_orphans_verdicts": "skipped",
    }
    for reason, (pattern, _) in OWN_REASONS.items():
        if pattern != "expansion_orphans":
            assert (
                f"pattern {pattern} came to reason {reason}, which the table of var"
                " plr_pattern_reasons does not list. Add a row to the table of var"
            ) in output
