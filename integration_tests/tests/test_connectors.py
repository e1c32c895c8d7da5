"""Each connector delivers the contract's rows of its tool's tables, pitfall by pitfall.

connectors/<tool>.yml has the tables and the cases. All connectors are switched on in one project,
whose tables are the cases' rows; only their models are built. Postgres and Spark build the same in
test_connectors_elsewhere.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml
from test_inputs import said
from test_third_party import DATA

import hubspot_tables
import stripe_tables
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
from harness import MODELS_ONLY, ROOT, Project, Row, Rows, run_dbt, write_table
from other_dbts import copy_of_demo

MODELS = ROOT / "models" / "staging" / "connectors"
VENDORS = DATA / "vendor"
AS_OF = date(2025, 12, 31)  # of the demo
# what says when, of the tools whose events are read raw
RAW_TIMES = {
    "segment": "timestamp",
    "posthog": "timestamp",
    "amplitude": "event_time",
    "mixpanel": "time",
    "snowplow": "collector_tstamp",
}


def write_tables(
    database: Path, schema: str, types: dict[str, dict[str, str]], filled: dict[str, Rows]
) -> None:
    """Write a tool's tables into a schema of their own."""
    for table, rows in filled.items():
        write_table(database, table, rows, types[table], schema)


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


# --- from the README to the first number ---------------------------------------------------------


def invoices(customer: str, first_month: int, cents: int) -> dict[str, Rows]:
    """A subscription of Stripe, billed each month of 2024 from one on."""
    made: dict[str, Rows] = {"invoice": [], "invoice_line_item": []}
    for month in range(first_month, 13):
        number = f"in_{customer}_{month}"
        paid = {"id": number, "customer_id": customer, "status": "paid", "total": cents}
        made["invoice"].append(paid)
        made["invoice_line_item"].append(
            {
                "id": f"il_{number}",
                "unique_id": f"il_{number}",
                "invoice_id": number,
                "subscription_item_id": f"si_{customer}",
                "type": "subscription",
                "currency": "usd",
                "amount": cents,
                "period_start": f"2024-{month:02}-01",
                "period_end": f"{2024 + month // 12}-{month % 12 + 1:02}-01",
            }
        )
    return made


def test_the_readme_leads_to_the_first_number(tmp_path: Path) -> None:
    """Acme used the product, then paid, then got a call; Birch was mailed to as a lead."""
    readme = (ROOT / "README.md").read_text().partition("## Connect a tool")[2]
    block = re.search(r"```yaml\n(.*?)```", readme, re.DOTALL)
    assert block
    given = yaml.safe_load(block[1])["vars"]["product_led_revenue"]
    rule = {"rule_group_id": "core", "rule_id": "value", "group_operator": "all"}
    rule |= {"event_name": "role:value", "min_events": 3, "min_distinct_days": 2}
    rule |= {"within_days": 30, "anchor": "rolling", "is_active": True}
    roles = {"report_shared": "value", "stripe_checkout": "commercial_action"}
    project = Project(
        tmp_path,
        {},
        given | {"plr_as_of_date": "2024-12-31"},
        {
            "plr_activity_rules": [rule],
            "plr_event_roles": [{"event_name": e, "role": r} for e, r in roles.items()],
        },
    )

    def group(user: str, workspace: str, name: str, day: str) -> Row:
        return {"id": user, "user_id": user, "group_id": workspace, "name": name, "timestamp": day}

    def shared(user: str, *days: str) -> Rows:
        names = {"event": "report_shared", "user_id": user}
        return [names | {"id": f"{user}_{day}", "timestamp": f"{day} 09:00"} for day in days]

    acme, birch = invoices("cus_1", 2, 5000), invoices("cus_2", 3, 20000)
    task = {"OwnerId": "u_ae", "IsClosed": True}
    tables: dict[str, dict[str, Rows]] = {
        "segment": {
            "groups": [
                group("u0", "ws_0", "Oak", "2023-12-01"),
                group("u1", "ws_1", "Acme", "2024-01-02"),
                group("u2", "ws_2", "Birch", "2024-02-01"),
            ],
            "tracks": [
                *shared("u0", "2023-12-02", "2024-12-30"),
                *shared("u1", "2024-01-03", "2024-01-04", "2024-01-05"),
                *shared("u2", "2024-02-03", "2024-02-04", "2024-02-05"),
            ],
        },
        "stripe": {
            "customer": [
                {"id": "cus_1", "metadata": '{"workspace_id": "ws_1"}'},
                {"id": "cus_2", "metadata": '{"workspace_id": "ws_2"}'},
            ],
            "invoice": acme["invoice"] + birch["invoice"],
            "invoice_line_item": acme["invoice_line_item"] + birch["invoice_line_item"],
            "price": [],
            "checkout_session": [],
        },
        "salesforce": {
            "account": [
                {"id": "001A", "name": "Acme Inc", "workspace_id__c": "ws_1"},
                {"id": "001B", "name": "Birch Ltd", "workspace_id__c": "ws_2"},
                {"id": "001Z", "name": "Zelkova"},
            ],
            "lead": [{"Id": "00QB", "Company": "Birch", "ConvertedAccountId": "001B"}],
            "contact": [],
            "task": [
                task | {"Id": "t0", "AccountId": "001Z", "ActivityDate": "2023-12-01"},
                task | {"Id": "t1", "AccountId": "001A", "ActivityDate": "2024-03-15"},
                task
                | {"Id": "t2", "WhoId": "00QB", "ActivityDate": "2024-01-15"}
                | {"TaskSubtype": "Cadence"},
                task | {"Id": "t3", "AccountId": "001Z", "ActivityDate": "2024-12-30"},
            ],
            "user": [{"id": "u_ae", "title": "Account Executive", "user_type": "Standard"}],
            "opportunity": [],
        },
    }
    for row in tables["salesforce"]["task"]:
        row["CreatedDate"] = row["ActivityDate"]
    for name, filled in tables.items():
        types = {table: dict(TOOLS[name].said["tables"][table]) for table in filled}
        if name == "salesforce":
            types["account"]["workspace_id__c"] = "text"
        schema = given["plr_connector_schemas"].get(name, name)
        write_tables(project.database, schema, types, filled)
    project.build()

    found = {row["account_name"]: row for row in project.mart("plr_account_origin")}
    told = {name: (row["origin"], row["current_mrr"]) for name, row in found.items()}
    assert told["Acme Inc"] == ("self_serve", 50)
    assert told["Birch Ltd"] == ("sales_originated", 200)
    assert set(told) == {"Acme Inc", "Birch Ltd", "Oak", "Zelkova"}
    [month] = project.query(
        "select product_driven_share, closing_mrr from plr_product_driven_revenue "
        "where is_total and segment = 'all' and month = date '2024-12-01'"
    )
    assert (float(month["product_driven_share"]), month["closing_mrr"]) == (0.2, 250)


# --- there and back -------------------------------------------------------------------------------

# it ended five days before the as-of day: of invoices nobody can tell yet whether that is dunning
LAPSED = "ws_0260"
# what billing and CRM tell of: the same columns, and amounts that may differ by a cent, as
# prorations do
SAME_MARTS = {
    "plr_mrr_movements": ("account_id, month, movement_type", ["opening_mrr", "closing_mrr"]),
    "plr_account_origin": (
        "account_id, origin, origin_evidence, first_paid_date",
        ["current_mrr"],
    ),
    "plr_retention_monthly": ("month, scope, scope_value, starting_accounts", ["starting_mrr"]),
}


def as_told(lines: Rows) -> set[tuple[str, ...]]:
    """Lines as they are compared: times to the second, amounts to a hundredth of a cent."""
    told = set()
    for line in lines:
        values = {name: line[name] for name in sorted(line)} | {
            "amount": round(Decimal(line["amount"]), 4).normalize() + 0,
            "service_start": str(line["service_start"])[:10],
            "service_end": str(line["service_end"])[:10],
        }
        told.add(tuple(str(value) for value in values.values()))
    assert len(told) == len(lines)
    return told


def found_rows(connection: duckdb.DuckDBPyConnection, query: str) -> Rows:
    """What a query finds, each row by its columns."""
    found = connection.sql(query)
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def same_rows(delivered: Rows, expected: Rows) -> bool:
    """Whether two lots of rows are the same in the columns that are expected."""
    names = sorted(expected[0])
    ours, theirs = (
        sorted(str([plain(row[name]) for name in names]) for row in rows)
        for rows in (delivered, expected)
    )
    different = [pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]][:3]
    assert not different, f"{names}: {different}"
    return len(ours) == len(theirs)


def test_the_demo_comes_back_from_stripe_and_hubspot(
    built: Path, tmp_path: Path, say: Callable[[str], None]
) -> None:
    """Billed by Stripe and sold through HubSpot: the contract's rows, and the demo's marts."""
    with duckdb.connect(str(built), read_only=True) as connection:
        connection.execute(f"set file_search_path = '{built.parent}'")
        periods = found_rows(
            connection,
            "select delivered.*, greatest(raw.interval_months, 1) as interval_months "
            "from stg_plr__revenue as delivered "
            "inner join (select distinct version_id, interval_months from 'data/revenue.parquet')"
            " as raw "
            "on delivered.subscription_period_id = raw.version_id "
            "where delivered.reject_code is null order by delivered.subscription_period_id",
        )
        accounts, activities, deals = (
            found_rows(
                connection, f"from stg_plr__{relation} where reject_code is null order by {key}"
            )
            for relation, key in {
                "accounts": "account_id",
                "crm_activities": "activity_id",
                "opportunities": "opportunity_id",
            }.items()
        )
    for period in periods:
        for name in ("valid_from", "valid_to"):
            period[name] = period[name] and period[name].date()
    tables, lines = stripe_tables.billed(periods, AS_OF)
    portal, told = hubspot_tables.kept(accounts, activities, deals)

    folder = copy_of_demo(built, tmp_path / "both")
    config = yaml.safe_load((folder / "dbt_project.yml").read_text())
    given = config["vars"]["product_led_revenue"]
    tools = ["connector:stripe", "connector:hubspot"]
    given |= {
        "plr_input_accounts": [given["plr_input_accounts"], *tools],
        "plr_input_account_links": tools,
        "plr_input_revenue": "connector:stripe",
        "plr_input_crm_activities": "connector:hubspot",
        "plr_input_opportunities": "connector:hubspot",
        "plr_revenue_shape": "invoices",
        "plr_connector_account_fields": {
            "stripe": "workspace_id",
            "hubspot": "property_workspace_id",
        },
        "plr_connector_segment_fields": {"hubspot": "property_size"},
        "plr_stripe_seat_prices": ["price_seats"],
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(config))
    database = folder / built.name
    write_tables(database, "stripe", stripe_tables.TYPES, tables)
    write_tables(database, "hubspot", hubspot_tables.TYPES, portal)
    result = run_dbt(folder, "build", *MODELS_ONLY, "-s", *(f"+{mart}" for mart in SAME_MARTS))
    assert result.ok, result.output

    with duckdb.connect(str(database), read_only=True) as connection:
        delivered = found_rows(connection, "from base_stripe__revenue")
        contacts = found_rows(connection, "from base_hubspot__crm_activities")
        opened = found_rows(connection, "from base_hubspot__opportunities")
        connection.execute(f"attach '{built}' as demo (read_only)")
        # an account is known by its CRM's id now, which has the number of its own
        for mart, (columns, amounts) in SAME_MARTS.items():
            ours = mart
            if columns.startswith("account_id"):
                ours = (
                    "(select * replace (regexp_replace(printf('ws_%04d', "
                    f"split_part(account_id, ':', 2)::int), '^ws_{hubspot_tables.AGENCY}$', "
                    f"'agency') as account_id) from {mart})"
                )
            apart = " or ".join(f"abs(ours.{name} - theirs.{name}) > 0.01" for name in amounts)
            what = f"select ({columns})::text as told, *"
            who = columns.split(", ")[0] if columns.startswith("account_id") else "scope_value"
            different = connection.sql(
                f"select ours, theirs from ({what} from {ours}) as ours "
                f"full join ({what} from demo.{mart}) as theirs on ours.told = theirs.told "
                f"where (ours.told is null or theirs.told is null or {apart}) "
                f"and coalesce(ours.{who}, theirs.{who}) not in ('{LAPSED}', 'agency') limit 5"
            ).fetchall()
            assert not different, f"{mart}: {different}"
    assert as_told(delivered) == as_told(lines)
    assert same_rows(contacts, told["crm_activities"])
    assert same_rows(opened, told["opportunities"])
    say(
        f"{len(lines):,} lines of Stripe, {len(contacts):,} activities and {len(opened):,} deals of"
        f" HubSpot come back; {', '.join(SAME_MARTS)} as before"
    )


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
