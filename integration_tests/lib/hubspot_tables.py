"""Contacts and deals as a portal of HubSpot keeps them, in the tables that Fivetran makes of it.

    tables, rows = kept(accounts, activities, deals)

Each account is a company that carries its id, those merged away too. Each activity is an
engagement, linked to its company by two labels, to its deal, or to a contact of the company only;
every thirtieth is of an agency, too. Teams are those of owners, or kept by the engagement. Beside
lie deleted engagements, meetings that start in 1970, outcomes that nobody kept, and deals merged
into others. `rows` are the contract's rows of it all.

What HubSpot cannot keep is left out: marketing's mail, which are no engagements, and plans that are
past, which are held by then.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from harness import Row, Rows

TEXT, NUMBER, TIME, FLAG, ID = "text", "double", "timestamp", "boolean", "bigint"
VARS = {
    "plr_connector_account_fields": {"hubspot": "property_workspace_id"},
    "plr_connector_segment_fields": {"hubspot": "property_size"},
}
NOTED = {
    "engagement_id": ID,
    "property_hubspot_owner_id": TEXT,
    "property_hubspot_team_id": ID,
    "property_hs_timestamp": TIME,
    "property_hs_createdate": TIME,
    "_fivetran_deleted": FLAG,
}
TYPES = {
    "company": {
        "id": ID,
        "property_name": TEXT,
        "property_hs_parent_company_id": NUMBER,
        "property_hs_merged_object_ids": TEXT,
        "property_hs_analytics_source": TEXT,
        "property_workspace_id": TEXT,
        "property_size": TEXT,
        "property_createdate": TIME,
        "is_deleted": FLAG,
    },
    "contact": {"id": ID, "property_associatedcompanyid": NUMBER},
    "engagement_call": NOTED
    | {"property_hs_call_direction": TEXT, "property_hs_call_duration": NUMBER},
    "engagement_email": NOTED
    | {"property_hs_email_direction": TEXT, "property_hs_sequence_id": NUMBER},
    "engagement_meeting": NOTED
    | {
        "property_hs_meeting_start_time": TIME,
        "property_hs_meeting_end_time": TIME,
        "property_hs_meeting_outcome": TEXT,
    },
    "engagement_communication": NOTED | {"property_hs_communication_channel_type": TEXT},
    "engagement_company": {"engagement_id": ID, "company_id": ID, "type_id": ID},
    "engagement_contact": {"engagement_id": ID, "contact_id": ID},
    "engagement_deal": {"engagement_id": ID, "deal_id": ID},
    "deal": {
        "deal_id": ID,
        "deal_pipeline_id": TEXT,
        "deal_pipeline_stage_id": TEXT,
        "property_hs_created_by_user_id": NUMBER,
        "property_dealtype": TEXT,
        "property_deal_currency_code": TEXT,
        "property_createdate": TIME,
        "property_closedate": TIME,
        "property_amount": NUMBER,
        "property_hs_mrr": NUMBER,
        "property_hs_is_closed": FLAG,
        "property_hs_is_closed_won": FLAG,
    },
    "deal_company": {"deal_id": ID, "company_id": ID, "type_id": ID},
    "deal_pipeline_stage": {
        "stage_id": TEXT,
        "pipeline_id": TEXT,
        "probability": NUMBER,
        "closed_won": FLAG,
    },
    "merged_deal": {"deal_id": ID, "merged_deal_id": ID},
    "owner": {"owner_id": ID, "active_user_id": ID},
    "team": {"id": ID, "name": TEXT},
    "users": {"id": ID, "primary_team_id": ID},
}
AGENCY = 99999
MERGED = 500000  # added to the id of a deal that was merged into it
TEAMS = {
    "sales": "Inside Sales",
    "sdr": "SDR",
    "am": "Account Management",
    "partner": "Partners",
    "csm": "Customer Success",
    "support": "Support",
}
DEAL_TYPES = {"new_business": "newbusiness", "expansion": "existingbusiness"}
KINDS = {"call": "call", "email": "email", "meeting": "meeting", "demo": "meeting"}
Tables = dict[str, Rows]


def number_of(account: str | None) -> int | None:
    """A company's id: the digits of the account's."""
    return int(account.rpartition("_")[2]) if account else None


def companies(tables: Tables, accounts: Rows) -> None:
    """A company each; whom others were merged into lists them."""
    took_in: dict[str, list[str]] = {}
    for account in accounts:
        if account["merged_into_account_id"]:
            number = str(number_of(account["account_id"]))
            took_in.setdefault(account["merged_into_account_id"], []).append(number)
    for account in accounts:
        tables["company"].append(
            {
                "id": number_of(account["account_id"]),
                "property_name": account["account_name"],
                "property_hs_parent_company_id": number_of(account["parent_account_id"]),
                "property_hs_merged_object_ids": ";".join(took_in.get(account["account_id"], [])),
                "property_hs_analytics_source": account["acquisition_channel"],
                "property_workspace_id": account["account_id"],
                "property_size": account["segment"],
                "property_createdate": account["created_at"],
                "is_deleted": account["merged_into_account_id"] is not None,
            }
        )
    tables["company"].append({"id": AGENCY, "property_name": "Agency", "is_deleted": False})


def people(tables: Tables) -> None:
    """An owner and a user of each team."""
    for number, name in enumerate(TEAMS.values(), start=1):
        tables["team"].append({"id": number, "name": name})
        tables["users"].append({"id": 1000 + number, "primary_team_id": number})
        tables["owner"].append({"owner_id": 100 + number, "active_user_id": 1000 + number})


def engagement(tables: Tables, number: int, activity: Row) -> Row | None:
    """One activity's row in its engagement table, and the contract's row of it but for ids."""
    kind, team, status = activity["activity_type"], activity["actor_team"], activity["status"]
    if team == "marketing" or status == "scheduled":
        return None
    seat = list(TEAMS).index(team) + 1 if team else None
    noted = {
        "engagement_id": number,
        "property_hubspot_owner_id": None if seat is None else 100 + seat if number % 2 else 999,
        "property_hubspot_team_id": seat if number % 2 == 0 else None,
        "property_hs_timestamp": activity["occurred_at"],
        "property_hs_createdate": activity["created_at"],
        "_fivetran_deleted": False,
    }
    row = {name: activity[name] for name in ("occurred_at", "created_at", "actor_team")}
    row |= {"activity_type": kind, "status": "completed", "is_automated": None}
    row |= {"direction": None, "duration_minutes": None}
    minutes = activity["duration_minutes"]
    if kind == "call":
        noted["property_hs_call_direction"] = activity["direction"].upper()
        noted["property_hs_call_duration"] = minutes and minutes * 60000
        row |= {"direction": activity["direction"], "duration_minutes": minutes}
    elif kind == "email":
        is_inbound = activity["direction"] == "inbound"
        noted["property_hs_email_direction"] = "INCOMING_EMAIL" if is_inbound else "EMAIL"
        noted["property_hs_sequence_id"] = 7 if activity["is_automated"] else None
        row |= {
            "direction": activity["direction"],
            "is_automated": activity["is_automated"] or None,
        }
    elif kind in KINDS:
        start = activity["occurred_at"]
        end = minutes and start + timedelta(minutes=minutes)
        stale = [None, "", "SCHEDULED", "COMPLETED"][number % 4]
        noted["property_hs_meeting_outcome"] = stale if status == "completed" else status.upper()
        if number % 14 == 0:  # seconds read as milliseconds
            start = end = datetime(1970, 1, 19, 7, 51)
            minutes = None
        noted |= {"property_hs_meeting_start_time": start, "property_hs_meeting_end_time": end}
        row |= {"activity_type": "meeting", "status": status, "duration_minutes": minutes}
    else:
        noted["property_hs_communication_channel_type"] = "LINKEDIN_MESSAGE"
    table = f"engagement_{KINDS.get(kind, 'communication')}"
    tables[table].append(noted)
    if number % 50 == 0:
        tables[table].append(noted | {"engagement_id": -number, "_fivetran_deleted": True})
    return row


def engagements(tables: Tables, activities: Rows, numbers: dict[str, int]) -> Rows:
    """The engagements and their links, and the contract's rows of them."""
    rows: Rows = []
    for number, activity in enumerate(activities, start=1):
        row = engagement(tables, number, activity)
        if row is None:
            continue
        company = number_of(activity["account_id"])
        of = [company]
        if number % 20 == 0:  # known of a contact only
            contact = {"id": 10 * number, "property_associatedcompanyid": company}
            tables["contact"].append(contact)
            link = {"engagement_id": number, "contact_id": contact["id"]}
            tables["engagement_contact"].append(link)
        else:
            of += [AGENCY] if number % 30 == 1 else []
            tables["engagement_company"] += [
                {"engagement_id": number, "company_id": each, "type_id": label}
                for each in of
                for label in (182, 12)
            ]
        deal = numbers.get(activity["opportunity_id"])
        if deal is not None:
            link = {"engagement_id": number, "deal_id": deal + (MERGED if deal % 20 == 0 else 0)}
            tables["engagement_deal"].append(link)
        ids = {"opportunity_id": None if deal is None else f"hubspot:{deal}"}
        for each in of:
            ids |= {"activity_id": f"hubspot:{number}:{each}", "account_id": f"hubspot:{each}"}
            rows.append(row | ids)
    return rows


def sold(tables: Tables, deals: Rows, numbers: dict[str, int]) -> Rows:
    """The deals, told closed and won by themselves or by their stages, and the contract's rows."""
    rows: Rows = []
    for stage, probability in {"open": 0.4, "lost": 0.0, "won": 1.0}.items():
        row = {"stage_id": stage, "pipeline_id": "default", "probability": probability}
        tables["deal_pipeline_stage"].append(row | {"closed_won": stage != "open"})
    for deal in deals:
        number = numbers[deal["opportunity_id"]]
        stage = "won" if deal["is_won"] else "lost" if deal["is_closed"] else "open"
        mrr = deal["amount_mrr"]
        kind = deal["opportunity_type"]
        row = {
            "deal_id": number,
            "deal_pipeline_id": "default",
            "deal_pipeline_stage_id": stage if number % 2 else "gone",
            "property_hs_created_by_user_id": 1001 + list(TEAMS).index(deal["created_by_team"]),
            "property_dealtype": DEAL_TYPES.get(kind, kind),
            "property_deal_currency_code": deal["currency"],
            "property_createdate": deal["created_at"],
            "property_closedate": (deal["closed_at"] or datetime(2026, 6, 30)) + timedelta(hours=9),
            "property_amount": mrr and mrr * 12,
            "property_hs_mrr": mrr if number % 3 == 0 else None,
        }
        if number % 2 == 0:
            row["property_hs_is_closed"] = deal["is_closed"]
            row["property_hs_is_closed_won"] = deal["is_won"]
        tables["deal"].append(row)
        company = number_of(deal["account_id"])
        link = {"deal_id": number, "company_id": company}
        tables["deal_company"] += [
            {"deal_id": number, "company_id": 1, "type_id": 341},
            link | {"type_id": 341},
            link | {"type_id": 5},
        ]
        if number % 20 == 0:  # was two
            tables["deal"].append(row | {"deal_id": number + MERGED})
            tables["merged_deal"].append({"deal_id": number, "merged_deal_id": number + MERGED})
        names = ("opportunity_type", "currency", "created_by_team", "created_at", "closed_at")
        kept_row = {name: deal[name] for name in (*names, "is_closed", "is_won")}
        kept_row |= {"opportunity_id": f"hubspot:{number}", "account_id": f"hubspot:{company}"}
        kept_row["closed_at"] = deal["closed_at"] if deal["is_closed"] else None
        rows.append(kept_row | {"amount_mrr": mrr})
    return rows


def kept(accounts: Rows, activities: Rows, deals: Rows) -> tuple[Tables, dict[str, Rows]]:
    """HubSpot's tables of these accounts, activities and deals, and the contract's rows."""
    tables: Tables = {name: [] for name in TYPES}
    companies(tables, accounts)
    people(tables)
    numbers = {deal["opportunity_id"]: n for n, deal in enumerate(deals, start=1)}
    return tables, {
        "crm_activities": engagements(tables, activities, numbers),
        "opportunities": sold(tables, deals, numbers),
    }
