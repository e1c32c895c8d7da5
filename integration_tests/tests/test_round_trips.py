"""The demo's rows, rendered into the tables of the tools that keep them, come back as they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import yaml

import salesforce_tables
import segment_tables
from harness import MODELS_ONLY, Rows, run_dbt
from other_dbts import copy_of_demo

# what rests on accounts, CRM and product: an account is named by its CRM, where it has one
OUR_ACCOUNT = "replace(account_id, 'salesforce:001', '')"
SAME_MARTS = {
    "plr_account_origin": "{account}, origin, origin_evidence, first_paid_date, current_mrr",
    "plr_deal_origin": "{account}, created_at, sequence_at_open, initiation, origin, evidence",
    "plr_retention_monthly": "month, scope, scope_value, starting_accounts, nrr_ttm, confidence",
    "plr_hollow_usage": "{account}, month, status, reason",
}


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    """The rows of a query."""
    answer = connection.execute(sql)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def different(connection: duckdb.DuckDBPyConnection, ours: str, theirs: str) -> Rows:
    """Rows of either query that the other has not, or not as often; a few of them."""
    return rows_of(
        connection,
        f"(({ours}) except all ({theirs})) union all (({theirs}) except all ({ours})) limit 5",
    )


def test_the_demo_comes_back_from_salesforce_and_segment(
    built: Path, tmp_path: Path, say: Callable[[str], None]
) -> None:
    """What these tools cannot tell stays in the demo's own feeds, beside theirs."""
    folder = copy_of_demo(built, tmp_path / "tools")
    config = yaml.safe_load((folder / "dbt_project.yml").read_text())
    given = config["vars"]["product_led_revenue"]
    left = {
        "accounts": ("salesforce", "true"),
        "users": ("segment", segment_tables.USERS_LEFT),
        "product_events": ("segment", segment_tables.EVENTS_LEFT),
        "crm_activities": ("salesforce", salesforce_tables.ACTIVITIES_LEFT),
        "opportunities": ("salesforce", salesforce_tables.DEALS_LEFT),
    }
    for relation, (tool, condition) in left.items():
        name = f"plr_input_{relation}"
        given[name] = [given[name], f"connector:{tool}"]
        model = folder / "models" / f"{relation}_for_plr.sql"
        model.write_text(f"{model.read_text()}where {condition}\n")
    given |= {
        "plr_input_account_links": "connector:salesforce",
        "plr_connector_account_fields": {"salesforce": "workspace_c"},
        "plr_connector_segment_fields": {"salesforce": "size_c"},
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(config))
    database = folder / built.name
    with duckdb.connect(str(database)) as connection:
        for tool in (salesforce_tables, segment_tables):
            tool.write(connection, built.parent / "data")
    result = run_dbt(folder, "build", *MODELS_ONLY, "-s", *(f"+{mart}" for mart in SAME_MARTS))
    assert result.ok, result.output

    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute(f"set file_search_path = '{built.parent}'")
        connection.execute(f"attach '{built}' as demo (read_only)")
        for mart, columns in SAME_MARTS.items():
            # leads that nobody ever converted are prospects of Salesforce alone
            problems = different(
                connection,
                f"select {columns.format(account=OUR_ACCOUNT)} from {mart}"
                + (" where account_id not like '%:00Qnobody%'" if "{account}" in columns else ""),
                f"select {columns.format(account='account_id')} from demo.{mart}",
            )
            assert not problems, f"{mart}: {problems}"

        names = ", ".join(rows_of(connection, f"{salesforce_tables.ACTIVITIES} limit 1")[0])
        # what is open or went to a lead that led nowhere was no contact of an account
        assert not different(
            connection,
            f"select {names} from base_salesforce__crm_activities"
            " where not regexp_matches(activity_id, ':00T(open|cadence)')",
            salesforce_tables.ACTIVITIES,
        )
        # a membership that the demo tells twice is one group call
        for relation, names in {
            "product_events": "event_id, occurred_at, event_name, account_id, user_id",
            "users": "distinct user_id, account_id, valid_from",
        }.items():
            assert not different(
                connection,
                f"select {names} from base_segment__{relation}"
                f" union all select {names} from {relation}_for_plr",
                f"select {names} from demo.{relation}_for_plr",
            )
        [counts] = rows_of(
            connection,
            "select (select count(*) from salesforce.sold) as activities, "
            "(select count(*) from base_salesforce__opportunities) as deals, "
            "(select count(*) from base_segment__product_events) as events",
        )
    assert min(counts.values()) > 100, counts
    told = ", ".join(f"{number:,} {what}" for what, number in counts.items())
    say(f"of Salesforce and Segment come back {told}; {', '.join(SAME_MARTS)} as before")
