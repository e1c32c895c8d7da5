"""What stops a run before anything is built, what it says, and the page that lists it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_inputs import AS_OF, RULES, said

import write_messages
from harness import MODELS_ONLY, ROOT, Project, Result, column_types, write_table

VARS: dict[str, Any] = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
TODAY = datetime.now(timezone.utc).date()
REQUIRED: dict[str, list[dict[str, Any]]] = {"accounts": [], "product_events": [], "revenue": []}
RULE = RULES["plr_activity_rules"][0]

# --- vars -----------------------------------------------------------------------------------------


def test_every_var_is_in_the_table_once() -> None:
    listed = [
        name for names in write_messages.table("vars.sql", "plr_vars").values() for name in names
    ]
    assert sorted(listed) == sorted(VARS)


TAKEN: list[tuple[str, Any]] = [
    *((name, value) for name, value in VARS.items()),
    ("plr_revenue_shape", " Invoices"),
    ("plr_tie_policy", "Product-First"),
    ("plr_tie_policy", "product first"),
    ("plr_cogs_cost_types", ["Hosting", "customer success"]),
    ("plr_cogs_cost_types", []),
    ("plr_index_weights", {"Acquisition": 1}),
    ("plr_quick_test_limits", {1: [0, 1]}),
    ("plr_revenue_history_is_complete", False),
    ("plr_event_tracking_start", "2024-02-29"),
    ("plr_as_of_date", f"{TODAY - timedelta(days=1)}"),
    ("plr_reporting_currency", " eur"),
    ("plr_crm_utc_offset_minutes", -330),
    ("plr_crm_utc_offset_minutes", [120, 60]),
    ("plr_conversion_window_days", 180),
    ("plr_funnel_horizons", [14]),
    ("plr_gap_grace_days", 15.0),
    ("plr_assisted_weight", 1),
    ("plr_orphan_usage_ratio", 1.3),
    ("plr_input_users", "users"),
    ("plr_input_users", "project.users"),
    ("plr_input_users", "source:raw.users"),
    ("plr_input_users", "connector:segment"),
    ("plr_input_users", ["users", "source:raw.users", "connector:segment"]),
    ("plr_connector_schemas", {"stripe": "billing"}),
    ("plr_connector_sources", {"stripe": ["stripe_us", "stripe_eu"]}),
    ("plr_connector_utc_offset_minutes", {"mixpanel": -480}),
    ("plr_stripe_seat_prices", ["price_1"]),
]
REFUSED: list[tuple[str, Any]] = [
    ("plr_revenue_shape", "monthly"),
    ("plr_revenue_shape", None),
    ("plr_tie_policy", "sale_first"),
    ("plr_tie_policy", ["sales_first"]),
    ("plr_contact_scope", "families"),
    ("plr_overlap_policy", True),
    ("plr_cogs_cost_types", ["hosting", "rent"]),
    ("plr_cogs_cost_types", "hosting"),
    ("plr_index_weights", {"conversions": 1}),
    ("plr_index_weights", {"conversion": "1"}),
    ("plr_index_weights", 0.25),
    ("plr_quick_test_limits", {"5": [0, 1]}),
    ("plr_quick_test_limits", {"1": [0]}),
    ("plr_opportunity_is_contact", "false"),
    ("plr_opportunity_is_contact", 0),
    ("plr_include_usage_in_mrr", None),
    ("plr_crm_tracking_start", "2024-02-30"),
    ("plr_crm_tracking_start", "2023-02-29"),
    ("plr_crm_tracking_start", "01.02.2024"),
    ("plr_as_of_date", f"{TODAY + timedelta(days=2)}"),
    ("plr_as_of_date", 20240630),
    ("plr_reporting_currency", " "),
    ("plr_crm_utc_offset_minutes", 0.5),
    ("plr_crm_utc_offset_minutes", [60]),
    ("plr_crm_utc_offset_minutes", "60"),
    ("plr_gap_grace_days", "15"),
    ("plr_funnel_horizons", 30),
    ("plr_funnel_horizons", "30"),
    ("plr_funnel_horizons", []),
    ("plr_funnel_horizons", [30, 30]),
    ("plr_funnel_horizons", [0, 30]),
    ("plr_funnel_horizons", [30, "90"]),
    ("plr_funnel_horizons", [30.5]),
    ("plr_gap_grace_days", -1),
    ("plr_gap_grace_days", True),
    ("plr_gap_grace_days", 1.5),
    ("plr_assisted_weight", 50),
    ("plr_orphan_usage_ratio", "1.3"),
    ("plr_input_users", "one.two.three"),
    ("plr_input_users", "source:users"),
    ("plr_input_users", "source:raw.users.all"),
    ("plr_input_users", []),
    ("plr_input_users", 5),
    ("plr_input_users", ["users", 5]),
    ("plr_input_users", ["users", "users"]),
    ("plr_input_users", "connector:stripe.users"),
    ("plr_input_users", "tool:segment"),
    ("plr_event_roles", ["roles"]),
    ("plr_event_roles", "connector:segment"),
    ("plr_connector_schemas", "billing"),
    ("plr_connector_schemas", {"strip": "billing"}),
    ("plr_connector_schemas", {"stripe": 5}),
    ("plr_connector_mrr_fields", {"stripe": "mrr"}),
    ("plr_connector_sources", {"stripe": "stripe_us"}),
    ("plr_connector_sources", {"stripe": []}),
    ("plr_connector_utc_offset_minutes", {"mixpanel": "-8"}),
    ("plr_stripe_seat_prices", "price_1"),
    ("plr_input_users", ""),
]


def test_a_var_takes_its_words_and_kind_and_nothing_else() -> None:
    macros = write_messages.macros("vars.sql")
    kinds = macros["plr_vars"]()

    def is_taken(name: str, value: Any) -> bool:
        [kind] = [kind for kind, names in kinds.items() if name in names]
        words = kinds[kind][name] if isinstance(kinds[kind], dict) else []
        return macros["plr_is_taken"](value, kind, words)

    assert [one for one in TAKEN if not is_taken(*one)] == []
    assert [one for one in REFUSED if is_taken(*one)] == []


def test_the_nearest_name_is_found() -> None:
    nearest = write_messages.macros("vars.sql")["plr_nearest"]
    for wrong, right in [
        ("plr_input_crm_activites", "plr_input_crm_activities"),
        ("plr_tie_polcy", "plr_tie_policy"),
        ("plr_input_opportunity", "plr_input_opportunities"),
        ("plr_asof_date", "plr_as_of_date"),
    ]:
        assert nearest(wrong, VARS) == right


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "plr_input_crm_activites",
            "activities",
            "var plr_input_crm_activites is none of the package's; the nearest is"
            " plr_input_crm_activities. Mend its name.",
        ),
        (
            "plr_tie_policy",
            "sale_first",
            "var plr_tie_policy is 'sale_first'; it takes one of sales_first, product_first. Mend",
        ),
        (
            "plr_as_of_date",
            f"{TODAY + timedelta(days=2)}",
            f"var plr_as_of_date is '{TODAY + timedelta(days=2)}'; it takes a date as YYYY-MM-DD,"
            " not after today, or null. Mend",
        ),
        (
            "plr_input_revenue",
            "connector:stripe",
            "var plr_input_revenue names 'connector:stripe', which delivers revenue as invoices,"
            " and var plr_revenue_shape is periods. Name one that does",
        ),
    ],
)
def test_a_var_that_stops_is_named(tmp_path: Path, name: str, value: str, message: str) -> None:
    result = Project(tmp_path, REQUIRED, AS_OF | {name: value}).dbt("parse")
    assert not result.ok
    assert f"product_led_revenue: {message}" in said(result)


def test_a_var_set_where_the_package_cannot_see_it_is_named(tmp_path: Path) -> None:
    own = {"product_led_revenue": AS_OF, "product_lead_revenue": {"plr_tie_policy": "sales_first"}}
    result = Project(tmp_path, {}, config={"vars": own}).dbt("parse")
    assert not result.ok
    assert (
        "var plr_tie_policy is set under vars: product_lead_revenue, where the package cannot see"
        in said(result)
    )


# --- rules, and inputs that stop ------------------------------------------------------------------


def built(result: Result) -> list[str]:
    """The package's models that a run built."""
    return sorted(
        node.split(".")[-1]
        for node, status in result.statuses.items()
        if node.startswith("model.product_led_revenue") and status == "success"
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Rules that are there twice; a segment named `all`; a source and a model without a table."""
    return Project(
        tmp_path_factory.mktemp("stopped"),
        REQUIRED | {"accounts": [{"account_id": "a", "segment": " All", "signup_at": "May"}]},
        AS_OF
        | {"plr_input_fx_rates": "source:raw.nowhere", "plr_tie_policy": "Product First"}
        | {"plr_input_company_months": "not_yet"},
        {
            **RULES,
            "plr_activity_rules": [RULE, RULE | {"rule_group_id": "h"}],
            "plr_contact_rules": [RULES["plr_contact_rules"][0] | {"is_automated": False}],
        },
        {"not_yet.sql": "select cast('2024-01-01' as date) as month"},
        types={
            "accounts": {"signup_at": "text"},
            "plr_contact_rules": {"is_automated": "boolean"},
        },
    )


def stopped(project: Project, rules: list[dict[str, Any]], **types: str) -> Result:
    """What a run says that has these activity rules."""
    own = column_types("plr_activity_rules") | types
    write_table(project.database, "plr_activity_rules", rules, own)
    sources = project.folder / "models" / "sources.yml"
    if "nowhere" not in sources.read_text():
        sources.write_text(sources.read_text() + "  - name: nowhere\n")
    result = project.dbt(
        *("build", *MODELS_ONLY, "--select"),
        *("+stg_plr__accounts", "+stg_plr__fx_rates", "stg_plr__company_months"),
    )
    assert not result.ok
    return result


def test_rules_stop_the_run_before_any_input_is_read(project: Project) -> None:
    result = stopped(project, [RULE, RULE | {"rule_group_id": "h"}])
    assert (
        "product_led_revenue: rules that cannot be used: 1. plr_activity_rules: r: it is there 2"
        " times. Mend these rows" in said(result)
    )
    assert not [
        name
        for name in built(result)
        if not name.endswith(("_rules", "_roles"))
        and not name.endswith(("_reasons", "_expectations"))
    ]


def test_a_rule_table_of_a_wrong_type_stops_before_any_input_is_read(project: Project) -> None:
    result = stopped(project, [RULE | {"is_active": "yes"}], is_active="text")
    assert "column is_active: expected boolean, found" in said(result)
    assert not [name for name in built(result) if name in ("stg_plr__accounts", "stg_plr__users")]
    assert "stg_plr__rule_problems" not in built(result)


def test_inputs_that_stop_are_named_and_the_run_says_what_is_on(project: Project) -> None:
    result = stopped(project, [RULE])
    assert (
        "product_led_revenue: as of 2024-06-30, revenue as periods; on: accounts, product_events,"
        " revenue, company_months, fx_rates; off: account_links, users, crm_activities,"
        " opportunities, contracts, account_costs, acquisition_costs, entitlements" in said(result)
    )
    assert (
        "input accounts (var plr_input_accounts): segment of account a is named All. Rename it"
        in said(result)
    )
    assert (
        "var plr_input_fx_rates names 'source:raw.nowhere', a source declared without its table"
        in said(result)
    )
    assert (
        "var plr_input_company_months names 'not_yet', a model or seed that is not built"
        in said(result)
    )
    assert (
        "input accounts (var plr_input_accounts) has columns that are not read: signup_at; these"
        " are missing, so they count as unknown: account_name, parent_account_id," in said(result)
    )
    assert project.query("select is_automated from stg_plr__contact_rules") == [
        {"is_automated": "false"}
    ]


# --- the page -------------------------------------------------------------------------------------


def test_the_page_of_messages_is_current() -> None:
    assert write_messages.PAGE.read_text() == write_messages.page(), (
        "write it anew: .venv/bin/python scripts/write_messages.py"
    )
