"""Which of the cases that only inputs can show are among the delivered rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from datetime import datetime, time
from typing import Any

from reference.words import in_form

from .builds import Build
from .company import Row
from .dirt import COPIED_KEYS, VARIED
from .linked_cases import LINKED_CASES, linked_cases_of

CASES = (
    {
        "a deal called like an account",
        "an activity called like a deal",
        "two deals of an account won at one instant",
        "a deal at midnight, one later that day",
        "two touches of an account at one instant",
        "a user who is internal twice",
        "revenue rows that only their ids tell apart",
        "a snapshot of a month not yet over",
        "two successors signed on one day",
        "a renewal in another currency",
        "a deal opened before the one before was won",
        "a deal that took longer than others may",
        "a month's cost of one type on two merged accounts",
    }
    | {
        f"{relation} of one key that differ in {column} only"
        for relation, columns in VARIED.items()
        for column in columns
    }
    | LINKED_CASES
)


def cases_of(inputs: dict[str, list[Row]], build: Build) -> set[str]:
    """The cases among the rows of one build."""
    deals, touches = inputs.get("opportunities", []), inputs.get("crm_activities", [])
    terms, revenue = inputs.get("contracts", []), inputs["revenue"]
    accounts = {row["account_id"] for row in inputs["accounts"]}
    won = [row for row in deals if row.get("is_won") and row.get("closed_at")]
    deal_ids = {row["opportunity_id"] for row in deals}
    found = {
        "a deal called like an account": deal_ids & accounts,
        "an activity called like a deal": deal_ids & {row["activity_id"] for row in touches},
        "two deals of an account won at one instant": _repeated(
            (row["account_id"], row["closed_at"]) for row in won
        ),
        "a deal at midnight, one later that day": _midnights(deals),
        "two touches of an account at one instant": _repeated(
            (row.get("account_id"), row["occurred_at"]) for row in touches
        ),
        "a user who is internal twice": _repeated(
            row["user_id"] for row in inputs.get("users", []) if row.get("is_internal")
        ),
        "revenue rows that only their ids tell apart": _repeated(
            tuple(
                sorted(
                    (name, str(value)) for name, value in row.items() if not name.endswith("_id")
                )
            )
            + (row["account_id"],)
            for row in revenue
        ),
        "a snapshot of a month not yet over": [
            row for row in revenue if row.get("month") and row["month"] == build.as_of
        ],
        "two successors signed on one day": _repeated(
            (row["previous_contract_id"], row["signed_at"].date())
            for row in terms
            if row.get("previous_contract_id") and row["signed_at"]
        ),
        "a renewal in another currency": _other_currencies(terms),
        "a month's cost of one type on two merged accounts": _shared_costs(inputs),
        "a deal opened before the one before was won": _overlapping(won),
        "a deal that took longer than others may": [
            row
            for row in won
            if row["created_at"]
            and (row["closed_at"] - row["created_at"]).days
            > build.settings.get("plr_open_opportunity_days", 180)
        ],
    }
    cases = {name for name, rows in found.items() if rows}
    return cases | _twins(inputs, build) | linked_cases_of(inputs, build)


def _repeated(keys: Iterable[Hashable]) -> list[Hashable]:
    return [key for key, count in Counter(keys).items() if count > 1]


def _midnights(deals: list[Row]) -> list[Row]:
    """Deals at midnight of a day on which another of the account has a time."""
    timed = {
        (row["account_id"], row["created_at"].date())
        for row in deals
        if row["created_at"] and row["created_at"].time() > time.min
    }
    return [
        row
        for row in deals
        if row["created_at"]
        and row["created_at"].time() == time.min
        and (row["account_id"], row["created_at"].date()) in timed
    ]


def _overlapping(won: list[Row]) -> list[Row]:
    """Deals whose account won another after they were opened and before they were won."""
    closings: dict[str, list[datetime]] = defaultdict(list)
    for row in won:
        closings[row["account_id"]].append(row["closed_at"])
    return [
        row
        for row in won
        for closed in closings[row["account_id"]]
        if row["created_at"] and row["created_at"] < closed < row["closed_at"]
    ]


def _other_currencies(terms: list[Row]) -> list[Row]:
    """Terms that follow one in another currency."""
    currencies = {row["contract_id"]: in_form(row["currency"]) for row in terms}
    return [
        row
        for row in terms
        if currencies.get(row.get("previous_contract_id"), in_form(row["currency"]))
        != in_form(row["currency"])
    ]


def _shared_costs(inputs: dict[str, list[Row]]) -> list[Row]:
    """Costs of an account that has the same cost on the account it was merged into."""
    into = {row["account_id"]: row.get("merged_into_account_id") for row in inputs["accounts"]}
    costs = inputs.get("account_costs", [])
    known = {(row["account_id"], row["month"], row["cost_type"]) for row in costs}
    return [
        row
        for row in costs
        if (into.get(row["account_id"]), row["month"], row["cost_type"]) in known
        and into.get(row["account_id"]) not in (None, row["account_id"])
    ]


def _meant(value: Any) -> Any:
    """Copies may spell a word in two ways."""
    return in_form(value) if isinstance(value, str) else value


def _twins(inputs: dict[str, list[Row]], build: Build) -> set[str]:
    """Relations and columns in which rows of one key differ, and in no other."""
    found = set()
    for relation, rows in inputs.items():
        kind = build.shape if relation == "revenue" else relation
        groups: dict[tuple, list[Row]] = defaultdict(list)
        for row in rows:
            groups[tuple(row.get(name) for name in COPIED_KEYS.get(kind, ()))].append(row)
        for group in groups.values():
            for row in group[1:] if kind in COPIED_KEYS else []:
                apart = [c for c in VARIED[kind] if _meant(row.get(c)) != _meant(group[0].get(c))]
                if len(apart) == 1:
                    found.add(f"{kind} of one key that differ in {apart[0]} only")
    return found
