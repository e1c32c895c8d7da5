"""Words as people and tools write them: in any case, with spaces, under other names, or not at all.

It comes last and has dice of its own, so that it changes how rows are written and little of what
they tell. Beside the words it leaves out a type, and puts times and amounts that cannot be true.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reference.contract import RELATIONS, REVENUE, Relation

from .builds import Build
from .company import Company
from .dice import INSTANT, Dice

OTHER_WORDS = {
    "sales": ["ae"],
    "sdr": ["bdr"],
    "csm": ["customer_success"],
    "canceled": ["cancelled"],
    "scheduled": ["planned", "open", "not_started", "deferred", "waiting", "rescheduled"],
    "date": ["day"],
    "timestamp": ["datetime", "exact"],
}
TEAMS = {"actor_team", "created_by_team"}
UNKNOWN_WORDS = {
    "status": "Held",
    "actor_team": "Growth Pod",
    "created_by_team": "back-office",
    "direction": "Sideways",
    "purpose": "Chit Chat",
    "opportunity_type": "Upsell",
    "occurred_precision": "minute",
    "activity_type": "Carrier Pigeon",
}
BLANKS = ["", " ", "   "]
LONG_AGO = [datetime(1900, 1, 1), datetime(1970, 1, 1), datetime(1990, 1, 1) - INSTANT]


def spell(company: Company) -> None:
    """Write a company's rows as they might come."""
    build = company.build
    dice = Dice(f"{build.name}/{company.name}/spelling")
    for relation, rows in company.rows.items():
        contract = REVENUE[build.shape] if relation == "revenue" else RELATIONS[relation]
        for row in rows:
            for column in [column for column in contract.columns if column in row]:
                row[column] = _written(dice, build, relation, contract, column, row[column])


def _written(
    dice: Dice, build: Build, relation: str, contract: Relation, column: str, value: Any
) -> Any:
    kind = contract.columns[column]
    if kind == "currency" and value is not None:
        return dice.pick([value] * 6 + [value.lower(), f" {value.title()} "])
    if kind == "word" and value is not None:
        return _word(dice, build, relation, column, value)
    if kind in ("text", "word", "currency") and value is None:
        return dice.pick(BLANKS) if dice.chance(0.1) else None
    if relation == "opportunities" and column == "amount_mrr":
        return -40 if dice.chance(0.03) else value
    is_told_apart = column in contract.times or relation in ("revenue", "product_events")
    if kind == "ts" and not is_told_apart and dice.chance(0.01):
        return dice.pick(LONG_AGO)
    return value


def _word(dice: Dice, build: Build, relation: str, column: str, value: str) -> str | None:
    is_of_crm = relation in ("crm_activities", "opportunities")
    if is_of_crm and column in ("opportunity_type", "activity_type") and dice.chance(0.06):
        return dice.pick([None, *BLANKS])
    may_be_unknown = (is_of_crm or relation == "product_events") and not build.is_clean
    if may_be_unknown and column in UNKNOWN_WORDS and dice.chance(0.02):
        return dice.pick([UNKNOWN_WORDS[column], UNKNOWN_WORDS[column].upper()])
    if not dice.chance(0.2):
        return value
    is_alias = column in ("status", "occurred_precision") or column in TEAMS
    word = dice.pick([value, *(OTHER_WORDS.get(value, []) if is_alias else [])])
    return dice.pick(
        [
            word,
            word.upper(),
            word.replace("_", " ").title(),
            word.replace("_", "-"),
            f" {word} ",
        ]
    )
