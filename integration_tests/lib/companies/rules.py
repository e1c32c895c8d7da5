"""Rule tables: what the events mean, what meaningful activity is, and who counts as sales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

ROLES = {
    "fix": ["value"],
    "publish": ["value", "breadth"],
    "share": ["breadth"],
    "checkout": ["commercial_action"],
    "renew": ["commercial_action"],
    "upgrade": ["commercial_action", "intent"],
    "raise_hand": ["intent"],
    "quota": ["limit"],
    "throttle": ["limit", "usage"],
    "offer": ["prompt"],
    "ping": ["ignore"],
    "browse": ["usage"],
}  # `invite`, `setup` and `login` are listed nowhere: plain usage


def roles_without(*left_out: str) -> list[Row]:
    """The table of event roles; a company need not know every role."""
    return [
        {"event_name": name, "role": role}
        for name, roles in ROLES.items()
        for role in roles
        if role not in left_out
    ]


EVENT_ROLES = roles_without()


@dataclass(frozen=True)
class RuleSet:
    """The activity rules of a build."""

    rows: list[Row]

    @property
    def active(self) -> list[Row]:
        """The rules to be met."""
        return [row for row in self.rows if row["is_active"]]


def names_of(rule: Row) -> list[str]:
    """Event names that a rule counts."""
    if not rule["event_name"].startswith("role:"):
        return [rule["event_name"]]
    role = rule["event_name"].removeprefix("role:")
    listed = [name for name, roles in ROLES.items() if role in roles]
    return listed + (["invite", "setup", "login"] if role == "usage" else [])


def rule(group: str, rule_id: str, event: str, **row: Any) -> Row:
    """A row of the activity rules: one event is enough, but for what is said."""
    return {
        "rule_group_id": group,
        "rule_id": rule_id,
        "group_operator": "all",
        "event_name": event,
        "min_events": 1,
        "min_distinct_users": 1,
        "min_distinct_days": 1,
        "within_days": None,
        "anchor": "rolling",
        "is_active": True,
        **row,
    }


BLANK = dict.fromkeys(["min_events", "min_distinct_users", "min_distinct_days", "anchor"])

# The template, a second group that can win the same instant, and a rule left out.
PLAIN = RuleSet(
    [
        rule("sustained", "r1", "role:value", min_events=3, min_distinct_days=2, within_days=30),
        rule("quick", "r2", "publish", min_events=2, within_days=7, min_distinct_users=None),
        rule("off", "r3", "login", is_active=False),
    ]
)

# Teams, an `all` group of different steps, an `any` group, sign-up windows, plain usage.
TEAMWORK = RuleSet(
    [
        rule("a_team", "t1", "role:value", min_events=3, min_distinct_users=2, within_days=14),
        rule("b_steps", "s1", "setup", within_days=7, anchor="signup"),
        rule("b_steps", "s2", "role:value", min_events=2, min_distinct_days=2, within_days=10),
        rule("c_any", "u1", "invite", group_operator="any", min_events=4, within_days=1),
        rule("c_any", "u2", "role:usage", group_operator="any", min_events=6, min_distinct_days=3),
        rule("c_any", "u3", "quota", group_operator="any", anchor="signup", min_distinct_users=2),
        rule(
            "d_ping",
            "p1",
            "ping",
            min_events=2,
            min_distinct_days=None,
            within_days=30,
            anchor="signup",
        ),
        # cells left blank: any number of events, users and days, a rolling window, every rule
        rule("e_blank", "b1", "browse", **BLANK, group_operator=None),
        rule("e_blank", "b2", "raise_hand", **BLANK, group_operator=None),
        rule("off", "x1", "login", is_active=None),
    ]
)

# Names only, for companies that do not say which events are value.
BY_NAME = RuleSet(
    [
        rule("fixes", "n1", "fix", min_events=3, min_distinct_days=2, within_days=30),
        rule("shares", "n2", "share", min_events=2, within_days=90),
    ]
)


def _contact(priority: int, verdict: str, **cells: Any) -> Row:
    sales, human, commercial = (digit == "1" for digit in verdict)
    return {
        "priority": priority,
        "activity_type": "any",
        "actor_team": "any",
        "direction": "any",
        "is_automated": "any",
        "purpose": "any",
        "min_duration_minutes": 0,
        **cells,
        "is_sales_contact": sales,
        "is_human_touch": human,
        "is_commercial": commercial,
    }


# A company's own table: lists, directions, durations, and teams that no row names.
CONTACTS = [
    _contact(5, "000", actor_team="marketing|system"),
    _contact(10, "010", activity_type="email|linkedin", direction="inbound"),
    _contact(20, "111", activity_type="call", min_duration_minutes=10),
    _contact(25, "000", activity_type="call", is_automated="false"),
    _contact(30, "000", actor_team="csm|support|unknown", purpose="support|check_in"),
    _contact(50, "111", actor_team="sales|sdr|am"),
]


def _stage(idx: int, stage: str, arr_from: int, human: float, per_fte: int) -> Row:
    return {
        "stage_idx": idx,
        "stage": stage,
        "arr_from": arr_from,
        "max_human_started_share": human,
        "min_arr_per_fte": per_fte,
    }


# Stages that made-up companies reach within two years.
STAGES = [
    _stage(0, "founder_led", 0, 1.0, 0),
    _stage(1, "early", 250_000, 0.8, 40_000),
    _stage(2, "growth", 1_000_000, 0.6, 70_000),
    _stage(3, "scale", 2_500_000, 0.4, 100_000),
]


def as_written(table: str, rows: list[Row]) -> list[Row]:
    """A rule table as people write it: words in any case, with spaces, under other names."""
    spelled = {
        "plr_event_roles": {"role": str.upper},
        "plr_activity_rules": {
            "event_name": lambda name: name.replace("role:", "Role: "),
            "group_operator": str.title,
            "anchor": str.upper,
        },
        "plr_contact_rules": {
            "activity_type": lambda cell: cell.replace("|", " | ").title(),
            "actor_team": lambda cell: f" {cell.replace('csm', 'Customer Success')} ",
            "purpose": lambda cell: cell.replace("_", "-").upper(),
        },
    }.get(table, {})
    return [
        {
            name: spelled[name](value) if name in spelled and value and index % 2 else value
            for name, value in row.items()
        }
        for index, row in enumerate(rows)
    ]
