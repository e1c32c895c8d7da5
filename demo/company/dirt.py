"""Small mistakes every export has, so that each reject code of the package has its rows."""

from __future__ import annotations

from random import Random

from company import names
from company.model import Account
from company.when import AS_OF, DAY_TEXT, START

Rows = dict[str, list]


def move_a_member(rows: Rows, accounts: list[Account]) -> None:
    """One member changed employer: two spells, and events that carry only the member's id."""
    day = (AS_OF - START).days - 210
    old, new = [
        a for a in accounts if a.segment == "mid_market" and not a.plant and len(a.members) > 15
    ][:2]
    member = old.members[4]
    for user in rows["users"]:
        if user["member_id"] == member:
            user["left_at"] = DAY_TEXT[day] + " 00:00:00"
            moved = {**user, "workspace_id": new.id, "joined_at": user["left_at"], "left_at": None}
    rows["users"].append(moved)
    for n, event in enumerate(rows["events"]):
        if event[3] == member:
            rows["events"][n] = (event[0], event[1], None, *event[3:])


def lose_workspace_ids(rows: Rows) -> None:
    """A fifth of the members only use the mobile app, which sends no workspace id."""
    mobile = {u["member_id"] for n, u in enumerate(rows["users"]) if n % 5 == 2}
    rows["events"] = [
        (e[0], e[1], None, *e[3:]) if e[3] in mobile and e[6] == "app" else e
        for e in rows["events"]
    ]


def spoil(rows: Rows, accounts: list[Account]) -> None:
    """Add the bad rows, a small share of each relation."""
    rng = Random(f"{names.SEED}/dirt")
    _spoil_events(rows, rng)
    _spoil_people(rows)
    _spoil_crm(rows, rng, accounts)
    _spoil_money(rows)


def _spoil_events(rows: Rows, rng: Random) -> None:
    """Lost times and ids, repeats, unknown places and people, a clock a year ahead."""
    events: list[tuple] = rows["events"]
    picks = rng.sample(range(len(events)), 700)
    extra: list[tuple] = []
    for n in picks[:40]:
        events[n] = (None, *events[n][1:])
    for n in picks[40:60]:
        events[n] = (*events[n][:7], None)
    for n in picks[60:360]:
        extra.append(events[n])
    for n in picks[360:420]:
        events[n] = (*events[n][:2], "ws_0000", *events[n][3:])
    for n in picks[420:640]:
        events[n] = (*events[n][:2], None, f"mem_x{n % 40:03d}", *events[n][4:])
    for n in picks[640:660]:
        extra.append((DAY_TEXT[1100 + n % 300] + " 10:00:00", *events[n][1:7], f"evt_f{n:06d}"))
    events += extra


def _spoil_people(rows: Rows) -> None:
    """Repeated and keyless accounts; staff, contractors and strangers among the members."""
    workspaces, users = rows["accounts"], rows["users"]
    workspaces += [dict(workspaces[30]), dict(workspaces[210], name="(copy)")]
    workspaces.append(dict(workspaces[60], workspace_id=None))
    users.append(dict(users[100]))
    users.append(dict(users[500], left_at="2022-06-01 00:00:00", member_id="mem_bad01"))
    users.append(dict(users[900], workspace_id="ws_0000", member_id="mem_bad02"))
    users.append(dict(users[1200], workspace_id=users[-1300]["workspace_id"]))
    for user in users[700:2700:500]:
        user["email_domain"] = "kestrel.example"
    contractor = users[2000]
    users.append(dict(contractor, workspace_id=users[3000]["workspace_id"]))
    for n, event in enumerate(rows["events"]):
        if event[3] == contractor["member_id"]:
            rows["events"][n] = (event[0], event[1], None, *event[3:])


def _spoil_crm(rows: Rows, rng: Random, accounts: list[Account]) -> None:
    """Activities without account, time or team, twice, late, in odd words; deals with slips."""
    activities, deals = rows["activities"], rows["deals"]
    contacted = {a.id: a for a in accounts if a.motion == "sales_led"}
    later = [
        a
        for a in activities
        if a["account_ref"] in contacted and a["kind"] == "Email" and a["purpose"] == "expansion"
    ]
    for activity in rng.sample(later, min(len(later), 30)):
        activity["owner_team"] = None
    for activity in rng.sample(activities, 90):
        if activity["purpose"] in ("newsletter", "support"):
            activity["account_ref"], activity["deal_ref"] = rng.choice((None, "ws_0000")), None
    for activity in rng.sample(activities, 60):
        if activity["purpose"] in ("check_in", "onboarding"):
            day = activity["activity_at"][:10]
            activity["logged_at"] = DAY_TEXT[min(1095, DAY_TEXT.index(day) + 16)] + " 18:00:00"
    checks = [a for a in activities if a["purpose"] == "check_in"]
    for activity in checks[::90][:8]:
        activity["activity_at"] = None
    for activity in checks[7::150][:5]:
        activity["state"] = "Left voicemail"
    activities += [dict(activity) for activity in checks[5::120]]
    activities += [
        dict(activity, id=f"act_n{n}", activity_at=f"2026-01-2{n} 10:00:00", state="planned")
        for n, activity in enumerate(checks[:6])
    ]
    activities.append(dict(activities[50], id=None))
    deals += [dict(deals[10]), dict(deals[20], id="opp_bad1", account_ref="ws_0000")]
    deals.append(dict(deals[30], id="opp_bad2", yearly_amount=-1200.0))
    deals.append(dict(deals[40], id="opp_bad3", deal_type=None))


def _spoil_money(rows: Rows) -> None:
    """One of each slip finance makes."""
    revenue, contracts = rows["revenue"], rows["contracts"]
    running = [r for r in revenue if r["last_day"] is None and r["status"] == "active"]
    calm = [r for r in running if r["first_day"] < "2025-01-01"]
    overlap = dict(calm[8], version_id="ver_o0001", first_day="2025-04-01", last_day="2025-05-31")
    overlap["amount"] = round(overlap["amount"] * 0.2, 2)
    revenue.append(overlap)
    revenue.append(dict(calm[3], version_id="ver_n0001", currency=None))
    revenue.append(dict(calm[5], version_id="ver_b0001", last_day="2023-01-05"))
    revenue.append(dict(calm[7], version_id="ver_u0001", customer_id="ws_0000"))
    revenue.append(dict(calm[9], version_id="ver_t0001", first_day=None))
    revenue.append(dict(calm[2]))
    revenue.append(dict(calm[4], version_id="ver_i0001", customer_id="ws_9501", item_id="hq"))
    contracts.append(dict(contracts[5], contract_no="con_bad1", discount_percent=140.0))
    contracts.append(dict(contracts[9], contract_no="con_bad2", last_day="2022-01-01"))
    contracts.append(dict(contracts[12], contract_no="con_bad3", account_ref="ws_0000"))
    rows["costs"].append(dict(rows["costs"][40], usd=-5.0, month="2023-09"))
    rows["costs"].append(dict(rows["costs"][41]))
    rows["fx"].append({"month": "2024-05", "currency": "SEK", "usd_per_unit": 0.0})
    rows["months"].append(dict(rows["months"][3]))
