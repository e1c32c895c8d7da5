"""README, Connect a tool: a smaller company's block leads to the first number."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from test_connectors import TOOLS, invoices, write_tables

from harness import ROOT, Project, Row, Rows


def test_stripe_hubspot_and_posthog_lead_to_the_first_number(tmp_path: Path) -> None:
    """Acme used the product, paid, then was called; Birch was called first. Ids do not meet in
    HubSpot: its companies have the domains of what Stripe's customers write from."""
    readme = (ROOT / "README.md").read_text().partition("## Connect a tool")[2]
    [_, block, *_] = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    given = yaml.safe_load(block)["vars"]["product_led_revenue"]
    rule = {"rule_group_id": "core", "rule_id": "value", "group_operator": "all"}
    rule |= {"event_name": "role:value", "min_events": 3, "min_distinct_days": 2}
    rule |= {"within_days": 30, "anchor": "rolling", "is_active": True}
    project = Project(
        tmp_path,
        {},
        given | {"plr_as_of_date": "2024-12-31"},
        {
            "plr_activity_rules": [rule],
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
