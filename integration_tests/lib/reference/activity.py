"""A: the moment the product had proven its value, by the plain definition of the rules.

For each matching event, look at every event in its window. Nothing clever on purpose.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from .contract import Row, to_bool
from .staging import Account
from .timeline import Interval, separately
from .words import in_form


@dataclass(frozen=True)
class Rule:
    """One active row of plr_activity_rules."""

    group_id: str
    rule_id: str
    operator: str
    event_name: str
    min_events: int
    min_users: int
    min_days: int
    within: timedelta | None
    anchor: str


@dataclass(frozen=True)
class Met:
    """When something was met and the earliest event that helped."""

    at: datetime
    first_event: datetime


@dataclass(frozen=True)
class Activity:
    """A as an interval, with the group that won and its first qualifying event."""

    when: Interval
    group_id: str
    first_qualifying_event_at: datetime


class Roles:
    """Which roles an event name has; an unlisted name is plain usage."""

    def __init__(self, rows: list[Row]) -> None:
        self._roles: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            self._roles[row["event_name"]].add(in_form(row["role"]))

    def of(self, event_name: str) -> set[str]:
        """The roles of one event name."""
        return self._roles.get(event_name) or {"usage"}

    def listed(self, event_name: str) -> set[str]:
        """Those of the table; none of a name that is not there."""
        return set(self._roles.get(event_name, ()))


def read_rules(rows: list[Row]) -> list[Rule]:
    """The active rules."""
    return [
        Rule(
            group_id=str(row["rule_group_id"]),
            rule_id=str(row["rule_id"]),
            operator=in_form(row.get("group_operator")) or "all",
            event_name=_event_or_role(row["event_name"]),
            min_events=_count(row, "min_events", 1),
            min_users=_count(row, "min_distinct_users", 0),
            min_days=_count(row, "min_distinct_days", 0),
            within=_days(row.get("within_days")),
            anchor=in_form(row.get("anchor")) or "rolling",
        )
        for row in rows
        if to_bool(row.get("is_active") or False)
    ]


def _event_or_role(name: str) -> str:
    """The name of an event is its own; the role in `role:value` is a word."""
    said = name.strip(" ")
    return f"role:{in_form(said[5:])}" if said.lower().startswith("role:") else name


def at_threshold(rule: Rule, threshold: str) -> Rule:
    """The rule made looser, its events and days halved, or stricter, both doubled."""
    if threshold == "looser":
        events, days = (math.ceil(n / 2) for n in (rule.min_events, rule.min_days))
    else:
        events, days = 2 * rule.min_events, 2 * rule.min_days
        if rule.within is not None:  # no window has more days than it is long; stricter stays so
            days = max(min(days, rule.within.days), rule.min_days)
    return replace(rule, min_events=events, min_days=days)


def _count(row: Row, column: str, if_blank: int) -> int:
    value = row.get(column)
    return if_blank if value in (None, "") else int(value)


def _days(value: Any) -> timedelta | None:
    return None if value in (None, "") else timedelta(days=int(value))


def find_activity(
    account: Account, events: list[Row], rules: list[Rule], roles: Roles
) -> Activity | None:
    """A of one account, from its valid events."""
    events = [event for event in events if not event["is_automated"]]
    anchor = account.signed_up_at or min((e["when"].lo for e in events), default=None)

    early: dict[str, Met] = {}
    late: dict[str, Met] = {}
    for group_id in sorted({rule.group_id for rule in rules}):
        group = [rule for rule in rules if rule.group_id == group_id]
        matching = [[e for e in events if _matches(rule, e, roles)] for rule in group]
        for side, found in (("lo", early), ("hi", late)):
            met = [_rule_met(r, m, anchor, side) for r, m in zip(group, matching, strict=True)]
            whole = _group_met(group[0].operator, met)
            if whole:
                found[group_id] = whole
    if not early or not late:
        return None

    winner = min(early, key=lambda group_id: (early[group_id].at, group_id))
    hi = min(met.at for met in late.values())
    lo = min(early[winner].at, hi)
    return Activity(Interval(lo, hi), winner, early[winner].first_event)


def first_proven(proven: list[Activity]) -> Activity | None:
    """A of several accounts: the earliest lo and hi each on its own, told by the earliest lo."""
    if not proven:
        return None
    told = min(proven, key=lambda a: (a.when.lo, a.group_id, a.first_qualifying_event_at))
    return replace(told, when=separately([activity.when for activity in proven]))


def _matches(rule: Rule, event: Row, roles: Roles) -> bool:
    if rule.event_name.startswith("role:"):
        return rule.event_name.removeprefix("role:") in roles.of(event["event_name"])
    return rule.event_name == event["event_name"]


def _rule_met(rule: Rule, events: list[Row], anchor: datetime | None, side: str) -> Met | None:
    """First event whose window satisfies every minimum; events happen at their lo or their hi."""
    if rule.anchor == "signup":
        # The anchor exists whenever there is an event; the window opens there for all of them.
        events = [
            e
            for e in events
            if e["when"].hi >= anchor
            and (rule.within is None or e["when"].lo < anchor + rule.within)
        ]
    for now in sorted({getattr(e["when"], side) for e in events}):
        window = [
            e
            for e in events
            if getattr(e["when"], side) <= now
            and (rule.anchor == "signup" or rule.within is None or e["when"].lo > now - rule.within)
        ]
        if _satisfied(rule, window):
            return Met(now, min(e["when"].lo for e in window))
    return None


def _satisfied(rule: Rule, window: list[Row]) -> bool:
    users = {e["user_id"] for e in window if e["user_id"] is not None}
    return (
        len(window) > 0
        and sum(e["event_count"] or 1 for e in window) >= rule.min_events
        and len({e["when"].lo.date() for e in window}) >= rule.min_days
        and (rule.min_users <= 1 or len(users) >= rule.min_users)
    )


def _group_met(operator: str, met: list[Met | None]) -> Met | None:
    """`all` waits for the last rule, `any` for the first."""
    done = [m for m in met if m]
    if not done or (operator == "all" and len(done) < len(met)):
        return None
    if operator == "all":
        return Met(max(m.at for m in done), min(m.first_event for m in done))
    at = min(m.at for m in done)
    return Met(at, min(m.first_event for m in done if m.at == at))
