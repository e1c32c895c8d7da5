"""C: sales contacts, from CRM activities by the contact rules and from opportunities."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .config import Config
from .contract import Row, to_bool
from .staging import Staged
from .timeline import Interval, crm_interval
from .words import choices, text

TEAMS_WHOSE_OPPORTUNITY_IS_NO_CONTACT = {"csm", "support", "marketing", "system"}
BOOKABLE = {"meeting", "demo"}


@dataclass(frozen=True)
class Contact:
    """One time sales reached out; `logged` is when the CRM learned of it."""

    when: Interval
    logged: Interval
    source: str
    record_id: str
    is_backdated: bool
    is_automated: bool = False

    @property
    def report_order(self) -> tuple:
        """The reported contact is the least by this."""
        return self.when.lo, self.when.hi, self.source, self.record_id


@dataclass(frozen=True)
class Touch:
    """Anything a completed activity or a created opportunity was: contact, human, commercial."""

    when: Interval
    source: str
    record_id: str
    team: str | None
    is_human: bool
    is_commercial: bool

    @property
    def report_order(self) -> tuple:
        """The earliest touch is the least by this."""
        return self.when.lo, self.when.hi, self.source, self.record_id


@dataclass
class Contacts:
    """Sales contacts and touches per account, and two counts for data quality."""

    by_account: dict[str, list[Contact]]
    or_marketing: dict[str, list[Contact]]  # the same with all that marketing did
    touches: dict[str, list[Touch]]
    unmatched: int
    backdated: int


def find_contacts(staged: Staged, rules: list[Row], config: Config) -> Contacts:
    """Every sales contact of every account."""
    found = Contacts(
        defaultdict(list), defaultdict(list), defaultdict(list), unmatched=0, backdated=0
    )
    rules = sorted(rules, key=lambda rule: int(rule["priority"]))

    for row in staged.valid["crm_activities"]:
        contact = _from_activity(row, config)
        found.backdated += contact.is_backdated
        if row["status"] not in (None, "completed"):
            continue
        rule = next((rule for rule in rules if _applies(rule, row)), None)
        found.unmatched += rule is None
        is_sales = rule is None or to_bool(rule["is_sales_contact"])
        if is_sales:
            found.by_account[row["account"]].append(contact)
        if is_sales or row["actor_team"] == "marketing":
            found.or_marketing[row["account"]].append(contact)
        found.touches[row["account"]].append(
            Touch(
                contact.when,
                "activity",
                row["activity_id"],
                row["actor_team"],
                is_human=rule is None or to_bool(rule["is_human_touch"]),
                is_commercial=rule is None or to_bool(rule["is_commercial"]),
            )
        )

    for row in staged.valid["opportunities"]:
        if not touches_at_creation(row, config):
            continue
        when = crm_interval(row["created_at"], None, config.crm_offsets)
        opportunity_id, team = row["opportunity_id"], row["created_by_team"]
        found.touches[row["account"]].append(
            Touch(when, "opportunity", opportunity_id, team, is_human=True, is_commercial=True)
        )
        if row["opportunity_type"] != "renewal":
            contact = Contact(when, when, "opportunity", opportunity_id, False)
            found.by_account[row["account"]].append(contact)
            found.or_marketing[row["account"]].append(contact)
    return found


def touches_at_creation(opportunity: Row, config: Config) -> bool:
    """Whether creating the opportunity was somebody commercial reaching out."""
    team = opportunity["created_by_team"]
    return config.opportunity_is_contact and team not in TEAMS_WHOSE_OPPORTUNITY_IS_NO_CONTACT


def _from_activity(row: Row, config: Config) -> Contact:
    offset = config.crm_offsets
    when = crm_interval(row["occurred_at"], row["occurred_precision"], offset)
    logged, backdated = when, False
    if row["created_at"] is not None:
        logged = crm_interval(row["created_at"], None, offset)
        late = row["created_at"] - row["occurred_at"]
        backdated = late > timedelta(days=config.backdated_days)
        if row["activity_type"] in BOOKABLE and logged.lo < when.lo:
            when = logged  # sales reached out when the meeting was booked
    automated = bool(row["is_automated"])
    return Contact(when, logged, "activity", row["activity_id"], backdated, automated)


def _applies(rule: Row, row: Row) -> bool:
    """Whether every cell of a contact rule fits the activity."""
    team = row["actor_team"] or "unknown"
    shortest = rule.get("min_duration_minutes")
    long_enough = shortest in (None, "", "any", 0, "0") or (
        row["duration_minutes"] is not None and row["duration_minutes"] >= int(shortest)
    )
    return long_enough and all(
        _fits(rule.get(column), value)
        for column, value in (
            ("activity_type", row["activity_type"]),
            ("actor_team", team),
            ("direction", row["direction"]),
            ("is_automated", "true" if row["is_automated"] else "false"),
            ("purpose", row["purpose"]),
        )
    )


def _fits(cell: Any, value: str | None) -> bool:
    """`any` or blank fits all; else one of the words between bars."""
    if text(cell) is None or choices(cell) == {"any"}:
        return True
    return value in choices(cell)
