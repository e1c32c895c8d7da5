"""Each connector delivers the contract's rows of its tool's tables, pitfall by pitfall.

connectors/<tool>.yml has the tables and the cases. All connectors are switched on in one project,
whose tables are the cases' rows; only their models are built. Postgres and Spark build the same in
test_connectors_elsewhere.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from test_inputs import said
from test_third_party import DATA

from connector_cases import (
    ALWAYS_THERE,
    DOMAIN,
    SELECTED,
    TOOLS,
    Tool,
    differences_from_cases,
    linked_by_domain,
    plain,
    with_all_tools,
)
from harness import MODELS_ONLY, ROOT, Project, write_table

MODELS = ROOT / "models" / "staging" / "connectors"
VENDORS = DATA / "vendor"
# what says when, of the tools whose events are read raw
RAW_TIMES = {
    "segment": "timestamp",
    "posthog": "timestamp",
    "amplitude": "event_time",
    "mixpanel": "time",
    "snowplow": "collector_tstamp",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Every connector's models, of the cases' tables."""
    project = with_all_tools(tmp_path_factory.mktemp("connectors"))
    result = project.dbt("build", *MODELS_ONLY, "-s", SELECTED)
    assert result.ok, result.output
    assert result.statuses
    return project


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_what_comes_out_is_what_the_cases_expect(project: Project, tool: Tool) -> None:
    problems = differences_from_cases(project.mart, tool)
    assert not problems, "\n".join(problems)


def test_accounts_of_one_domain_are_linked(tmp_path: Path) -> None:
    project = linked_by_domain(tmp_path)
    result = project.dbt("build", *MODELS_ONLY, "-s", "+base_domain__account_links")
    assert result.ok, result.output
    problems = differences_from_cases(project.mart, DOMAIN)
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="module")
def unset(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The product tools' events as they come where no var of theirs is set."""
    named = {"plr_input_product_events": [f"connector:{tool}" for tool in RAW_TIMES]}
    project = Project(tmp_path_factory.mktemp("unset"), {}, ALWAYS_THERE | named)
    for name in RAW_TIMES:
        TOOLS[name].write(project.database)
    result = project.dbt("build", *MODELS_ONLY, "-s", SELECTED)
    assert result.ok, result.output
    return project


@pytest.mark.parametrize(("tool", "time"), RAW_TIMES.items(), ids=RAW_TIMES)
def test_the_months_to_read_reach_the_raw_events(unset: Project, tool: str, time: str) -> None:
    [plan] = unset.query(
        f"""
        explain select count(*) from base_{tool}__product_events
        where occurred_at >= timestamp '2024-03-01' and occurred_at < timestamp '2024-04-01'
        """
    )
    scan = plan["explain_value"]
    assert re.search(rf"Filters:.*{time} < '2024-04-01", scan, re.DOTALL), scan


# an event of each tool's cases: whose it is where nobody says what holds the account
UNTOLD = {
    "segment": ("t1", "2024-03-01 09:00", "ws_1"),
    "posthog": ("p1", "2024-03-01 09:00", "x"),  # the first type of group
    "amplitude": ("a1", "2024-03-01 09:00", None),
    "mixpanel": ("m1", "2024-03-01 01:00", None),  # as it is told, in UTC
    "snowplow": ("s1", "2024-03-01 09:00", None),
}


def test_events_of_a_tool_that_is_told_nothing(unset: Project) -> None:
    for tool, expected in UNTOLD.items():
        [row] = [
            row
            for row in unset.mart(f"base_{tool}__product_events")
            if row["event_id"] == expected[0]
        ]
        assert (row["event_id"], plain(row["occurred_at"]), row["account_id"]) == expected


# --- what stops a run ----------------------------------------------------------------------------


def test_tables_columns_and_fields_that_a_connector_lacks_are_named(tmp_path: Path) -> None:
    given = {
        "plr_input_accounts": ["connector:segment", "connector:stripe"],
        "plr_input_account_links": "connector:salesforce",
    }
    project = Project(tmp_path, {}, ALWAYS_THERE | given)
    write_table(project.database, "customer", [{"name": "Acme"}], {"name": "text"}, "stripe")
    result = project.dbt("run", "-s", SELECTED)
    output = said(result)
    assert "connector 'segment' needs table groups, and there is no" in output
    assert "connector 'stripe' needs column id, and" in output
    assert "connector 'salesforce' feeds account_links, and var" in output
    assert output.count("Say in var plr_connector_schemas") == 2
    assert set(result.statuses.values()) == {"error"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"plr_input_revenue": "connector:strip"},
            "var plr_input_revenue names 'connector:strip', and there are connectors for",
        ),
        (
            {"plr_input_users": "connector:stripe"},
            "var plr_input_users names 'connector:stripe', and that tool feeds",
        ),
        (
            {"plr_input_account_links": "connector:domain"},
            "names connector:domain, and var plr_input_accounts no tool that tells domains",
        ),
    ],
)
def test_a_connector_that_feeds_nothing_there_is_refused(
    tmp_path: Path, given: dict[str, str], message: str
) -> None:
    result = Project(tmp_path, {}, ALWAYS_THERE | given).dbt("compile", "--no-introspect")
    assert not result.ok
    assert message in said(result)


# --- rows of the tools' own shape, from others ---------------------------------------------------


def vendor_file(name: str) -> Path:
    """A file of the data handed over, or a test skipped for want of it."""
    file = VENDORS / name
    if not file.exists():
        pytest.skip(f"no {file}: set PLR_THIRD_PARTY_DATA to the folder above vendor/")
    return file


@pytest.fixture(scope="module")
def kittycorn(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A made-up company's Salesforce, of Google's Cortex: 171,638 activities, but no leads."""
    folder = vendor_file("salesforce/kittycorn")
    relations = ("accounts", "crm_activities", "fx_rates")
    named = {f"plr_input_{relation}": "connector:salesforce" for relation in relations}
    project = Project(tmp_path_factory.mktemp("kittycorn"), {}, ALWAYS_THERE | named)
    with duckdb.connect(str(project.database)) as connection:
        connection.execute("create schema salesforce")
        for name in ("account", "contact", "task", "event", "user", "dated_conversion_rate"):
            file = folder / f"{''.join(part.title() for part in name.split('_'))}.parquet"
            connection.execute(f"create table salesforce.\"{name}\" as from '{file}'")
    result = project.dbt("build", *MODELS_ONLY, "-s", SELECTED)
    assert result.ok, result.output
    return project


def test_every_activity_of_kittycorn_is_delivered_or_left_out_for_a_reason(
    kittycorn: Project, say: Callable[[str], None]
) -> None:
    [rows_in] = kittycorn.query(
        """
        select
            (select count(*) from salesforce.task) as tasks,
            (select count(*) from salesforce.task where "IsRecurrence") as series_of_tasks,
            (select count(*) from salesforce.event) as events,
            (select count(*) from salesforce.event where "IsRecurrence") as series,
            (select count(*) from salesforce.event where "IsChild" and not "IsRecurrence") as copies
        """
    )
    assert (rows_in["tasks"], rows_in["events"]) == (82117, 89521)
    [out] = kittycorn.query(
        """
        select
            count(*) as delivered,
            count(distinct activity_id) as different,
            count(*) filter (status = 'completed') as completed_tasks,
            count(*) filter (status = 'scheduled') as open_tasks,
            count(*) filter (status = 'scheduled' and account_id like 'salesforce:00Q%')
                as tasks_of_leads,
            count(*) filter (status is null and account_id like 'salesforce:00Q%')
                as events_of_leads,
            count(*) filter (status is null) as events,
            count(*) filter (account_id is null) as of_nobody,
            count(*) filter (actor_team = 'system') as by_systems
        from base_salesforce__crm_activities
        """
    )
    left_out = rows_in["series_of_tasks"] + rows_in["series"] + rows_in["copies"]
    assert out["delivered"] == rows_in["tasks"] + rows_in["events"] - left_out
    assert out["different"] == out["delivered"]
    # no task of theirs was ever ticked, so none is contact
    assert out["completed_tasks"] == 0
    assert round(out["tasks_of_leads"] / out["open_tasks"], 2) == 0.26
    assert round(out["events_of_leads"] / out["events"], 2) == 0.47
    say(f"kittycorn: {out['delivered']:,} activities delivered, {left_out:,} left out")


def test_rates_of_kittycorn_are_turned_round(kittycorn: Project) -> None:
    rates = {
        (row["currency"], row["month"].isoformat()): float(row["rate"])
        for row in kittycorn.mart("base_salesforce__fx_rates")
    }
    assert rates and all(rate > 0 for rate in rates.values())
    [given] = kittycorn.query(
        """
        select "IsoCode" as currency, "ConversionRate" as rate
        from salesforce.dated_conversion_rate
        where "IsoCode" = 'EUR' and "NextStartDate" > date '2024-12-31'
        """
    )
    assert rates[given["currency"], "2024-12-01"] == pytest.approx(1 / given["rate"])


@pytest.fixture(scope="module")
def hubspot_samples(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Rows of HubSpot from Fivetran's package, without most of the tables that may be missing."""
    folder = vendor_file("hubspot/fivetran")
    relations = ("accounts", "crm_activities", "opportunities")
    named = {f"plr_input_{relation}": "connector:hubspot" for relation in relations}
    project = Project(tmp_path_factory.mktemp("hubspot"), {}, ALWAYS_THERE | named)
    tables = "company deal deal_company merged_deal deal_pipeline_stage engagement_meeting"
    with duckdb.connect(str(project.database)) as connection:
        connection.execute("create schema hubspot")
        for name in (*tables.split(), "engagement_company"):
            file = folder / f"{name}_data.csv"
            connection.execute(f"create table hubspot.{name} as from '{file}'")
    result = project.dbt("build", *MODELS_ONLY, "-s", SELECTED)
    assert result.ok, result.output
    return project


def test_hubspots_samples_are_delivered_or_left_out_for_a_reason(
    hubspot_samples: Project, say: Callable[[str], None]
) -> None:
    """All meetings of its samples are past and have no outcome; 7 of 100 are of 1970."""
    [rows_in] = hubspot_samples.query(
        """
        select
            (select count(*) from hubspot.engagement_meeting) as meetings,
            (select count(*) from hubspot.company where not is_deleted) as companies,
            (select count(*) from hubspot.deal where not is_deleted) as deals,
            (select count(distinct deal_id) from hubspot.deal
            where not is_deleted and deal_id in (select merged_deal_id from hubspot.merged_deal))
                as merged_deals
        """
    )
    [out] = hubspot_samples.query(
        """
        select
            count(*) as meetings,
            count(*) filter (status = 'completed') as held,
            count(*) filter (occurred_at < timestamp '1990-01-01') as of_1970,
            (select count(*) from base_hubspot__accounts) as companies,
            (select count(*) from base_hubspot__opportunities) as deals
        from base_hubspot__crm_activities
        """
    )
    assert (rows_in["meetings"], out["meetings"], out["held"], out["of_1970"]) == (100, 100, 100, 7)
    assert out["companies"] == rows_in["companies"] > 0
    assert out["deals"] == rows_in["deals"] - rows_in["merged_deals"] > 0
    say(f"HubSpot's samples: 100 meetings, {out['companies']} companies, {out['deals']} deals")


def test_every_event_of_snowplow_is_delivered_or_left_out_for_a_reason(
    unset: Project, say: Callable[[str], None]
) -> None:
    """Snowplow's own 160 events, of which three were sent twice: one of them at another time."""
    file = vendor_file("snowplow/web_apache/snowplow_web_events.csv")
    names = "event, event_name, event_id, user_id, collector_tstamp, se_category, se_action"
    with duckdb.connect(str(unset.database)) as connection:
        connection.execute(f"create table snowplow.theirs as select {names} from '{file}'")
        connection.execute("insert into snowplow.events by name from snowplow.theirs")
    [rows_in] = unset.query(
        """
        select
            count(*) as events,
            count(distinct event_id) as different,
            count(*) filter (is_left_out) as left_out,
            count(distinct event_id) filter (is_left_out) as left_out_different
        from (
            select *, event_name in ('page_ping', 'page_view') as is_left_out
            from snowplow.theirs
        )
        """
    )
    assert (rows_in["events"], rows_in["different"], rows_in["left_out"]) == (160, 157, 58)
    [out] = unset.query(
        """
        select
            count(*) as delivered,
            count(distinct event_id) as different,
            count(distinct (event_id, occurred_at)) as events_of_the_door,
            count(*) filter (event_name = 'authentication:login') as logins
        from base_snowplow__product_events
        where event_id in (select event_id from snowplow.theirs)
        """
    )
    assert out["delivered"] == rows_in["events"] - rows_in["left_out"]
    assert out["different"] == rows_in["different"] - rows_in["left_out_different"]
    assert out["events_of_the_door"] == out["different"] + 1
    assert out["logins"] == 6
    say(f"Snowplow: {out['delivered']} events delivered, {rows_in['left_out']} left out")


# --- every column asked for is one that the loader has --------------------------------------------

ASKED = re.compile(r"plr_vendor\('(\w+)', '(\w+)', \{(.*?)\n    \}", re.DOTALL)
COLUMN = re.compile(r"'(\w+)': (?:'[^']*'|\[([^]]*)\])")
USERS_OWN = re.compile(r"var\('\w+'\)\.get\('\w+'\)")
# not in the loader's sample rows, but in its documentation or the tool's
DOCUMENTED = {
    ("mixpanel", "event", "user_id"),  # Mixpanel's $user_id, of events that carry it
    ("stripe", "invoice_line_item", "price_id"),  # of lines since prices took the place of plans
    ("recurly", "line_item_history", "tax_inclusive"),  # of sites with prices that include tax
    ("salesforce", "opportunity", "created_by_id"),
    ("salesforce", "opportunity", "currency_iso_code"),  # of companies with several currencies
    # the loader marks what was deleted in every table of objects
    ("hubspot", "company", "_fivetran_deleted"),
    ("hubspot", "deal", "_fivetran_deleted"),
    ("hubspot", "engagement_meeting", "_fivetran_deleted"),
    # a column property_<name> of each property that is synced; these are HubSpot's own
    *(
        ("hubspot", table, f"property_{name}")
        for table, names in {
            "company": "domain website hs_parent_company_id hs_merged_object_ids"
            " hs_analytics_source",
            "contact": "associatedcompanyid",
            "deal": "hs_created_by_user_id dealtype deal_currency_code hs_mrr hs_is_closed"
            " hs_is_closed_won",
            "engagement_call": "hubspot_owner_id hubspot_team_id hs_call_direction"
            " hs_call_duration",
            "engagement_email": "hs_email_direction hs_sequence_id",
            "engagement_meeting": "hubspot_owner_id hubspot_team_id hs_timestamp hs_createdate"
            " hs_meeting_start_time hs_meeting_end_time hs_meeting_outcome",
            "engagement_communication": "hubspot_owner_id hubspot_team_id"
            " hs_communication_channel_type",
        }.items()
        for name in names.split()
    ),
}


def headers(tool: str, table: str) -> set[str]:
    """The columns that the sample files of a tool's table have, as they are compared."""
    camel = "".join(part.title() for part in table.split("_"))
    names = (
        *(f"{table}_data.csv", f"sf_{table}_data.csv", f"{tool}_{table}_data.csv"),
        *(f"{table}.csv", f"{tool}_web_{table}.csv", f"{camel}.parquet"),
    )
    files = [file for name in names for file in (VENDORS / tool).rglob(name)]
    found = [row[0] for file in files for row in duckdb.sql(f"describe from '{file}'").fetchall()]
    return {name.lower().replace("_", "") for name in found}


def test_no_column_is_asked_for_that_the_loaders_do_not_have(say: Callable[[str], None]) -> None:
    vendor_file("stripe")
    missing: set[tuple[str, str, str]] = set()
    asked = 0
    for file in sorted(MODELS.rglob("*.sql")):
        for tool, table, columns in ASKED.findall(file.read_text()):
            header = headers(tool, table)
            for name, given in COLUMN.findall(USERS_OWN.sub("", columns)):
                names = re.findall(r"'(\w+)'", given)[1:] if given else [name]
                asked += bool(header)
                if header and names and not {each.replace("_", "") for each in names} & header:
                    missing.add((tool, table, names[0]))
    assert asked > 50
    assert missing == DOCUMENTED
    say(f"{asked} columns of the tools' tables looked up")
