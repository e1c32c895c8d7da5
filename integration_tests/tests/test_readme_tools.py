"""README, Connect a tool: each of its blocks leads to the first number."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from connector_cases import TOOLS, write_tables
from harness import ROOT, Project, Row, Rows

RULE = {
    "rule_group_id": "core",
    "rule_id": "value",
    "group_operator": "all",
    "event_name": "role:value",
    "min_events": 3,
    "min_distinct_days": 2,
    "within_days": 30,
    "anchor": "rolling",
    "is_active": True,
}


def block(number: int) -> dict[str, Any]:
    """The vars of one of the section's blocks."""
    section = (ROOT / "README.md").read_text().partition("## Connect a tool")[2]
    blocks = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    return yaml.safe_load(blocks[number])["vars"]["product_led_revenue"]


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


def test_stripe_salesforce_and_segment_lead_to_the_first_number(tmp_path: Path) -> None:
    """Acme used the product, then paid, then got a call; Birch was mailed to as a lead."""
    given = block(0)
    roles = {"report_shared": "value", "stripe_checkout": "commercial_action"}
    project = Project(
        tmp_path,
        {},
        given | {"plr_as_of_date": "2024-12-31"},
        {
            "plr_activity_rules": [RULE],
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


def test_stripe_hubspot_and_posthog_lead_to_the_first_number(tmp_path: Path) -> None:
    """Acme used the product, paid, then was called; Birch was called first. Ids do not meet in
    HubSpot: its companies have the domains of what Stripe's customers write from."""
    given = block(1)
    project = Project(
        tmp_path,
        {},
        given | {"plr_as_of_date": "2024-12-31"},
        {
            "plr_activity_rules": [RULE],
            "plr_event_roles": [{"event_name": "report shared", "role": "value"}],
        },
    )

    def event(user: str, workspace: str, day: str, **said: str) -> Row:
        properties = f'{{"$groups": {{"company": "{workspace}"}}, "$is_identified": true}}'
        row = {"uuid": f"{user}_{day}", "event": "report shared", "distinct_id": user}
        return row | {"timestamp": f"{day} 09:00", "properties": properties} | said

    def group(user: str, workspace: str, day: str) -> Row:
        called = (
            f'{{"$group_type": "company", "$group_key": "{workspace}", "$is_identified": true,'
            f' "$group_set": {{"name": "{workspace}"}}}}'
        )
        named = {"uuid": f"g_{user}", "event": "$groupidentify"}
        return event(user, workspace, day) | named | {"properties": called}

    def customer(id_of_stripe: str, email: str, workspace: str) -> Row:
        return {
            "id": id_of_stripe,
            "email": email,
            "metadata": f'{{"workspace_id": "{workspace}"}}',
        }

    def call(number: int, day: str) -> Row:
        times = {f"property_hs_{name}": f"{day} 10:00" for name in ("timestamp", "createdate")}
        return {"engagement_id": number, "property_hubspot_owner_id": "7"} | times

    first, second = invoices("cus_1", 2, 5000), invoices("cus_2", 3, 20000)
    days = ("2024-01-03", "2024-01-04", "2024-01-05")
    later = ("2024-02-03", "2024-02-04", "2024-02-05")
    tables: dict[str, dict[str, Rows]] = {
        "posthog": {
            "events": [
                *(event("u0", "ws_0", day) for day in ("2023-12-02", "2024-12-30")),
                *(event("u1", "ws_1", day) for day in days),
                *(event("u2", "ws_2", day) for day in later),
                *(
                    event("u1", "ws_1", "2024-01-02", event="$autocapture", uuid=f"a{n}")
                    for n in range(9)
                ),
                group("u0", "ws_0", "2023-12-01"),
                group("u1", "ws_1", "2024-01-02"),
                group("u2", "ws_2", "2024-02-01"),
            ]
        },
        "stripe": {
            "customer": [
                customer("cus_1", "ann@acme.example", "ws_1"),
                customer("cus_2", "bo@birch.example", "ws_2"),
            ],
            "invoice": first["invoice"] + second["invoice"],
            "invoice_line_item": first["invoice_line_item"] + second["invoice_line_item"],
            "price": [],
            "checkout_session": [],
        },
        "hubspot": {
            "company": [
                {"id": 1, "property_name": "Acme", "property_domain": "acme.example"},
                {"id": 2, "property_name": "Birch", "property_domain": "birch.example"},
                {"id": 3, "property_name": "Zelkova"},
            ],
            "engagement_call": [
                call(10, "2023-12-01"),
                call(11, "2024-03-15"),
                call(12, "2024-01-15"),
                call(13, "2024-12-30"),
            ],
            "engagement_company": [
                {"engagement_id": number, "company_id": company}
                for number, company in {10: 3, 11: 1, 12: 2, 13: 3}.items()
            ],
            "owner": [{"owner_id": "7"}],
            "deal": [],
            "deal_company": [],
        },
    }
    for name, filled in tables.items():
        types = {table: dict(TOOLS[name].said["tables"][table]) for table in filled}
        types.get("customer", {})["email"] = "text"
        types.get("company", {})["property_domain"] = "text"
        write_tables(project.database, name, types, filled)
    output = project.build().output

    found = {row["account_name"]: row for row in project.mart("plr_account_origin")}
    told = {name: (row["origin"], row["current_mrr"]) for name, row in found.items()}
    assert told["Acme"] == ("self_serve", 50)
    assert told["Birch"] == ("sales_originated", 200)
    assert set(told) == {"Acme", "Birch", "Zelkova", "ws_0"}
    assert "mrr_without" not in output
