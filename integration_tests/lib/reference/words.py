"""Enumerated text: one form for all of it, the words that are known, and how each is read."""

from __future__ import annotations

from collections import Counter
from typing import Any

Row = dict[str, Any]

NOT_HAPPENED = (
    "canceled no_show scheduled planned open not_started deferred waiting rescheduled".split()
)
TEAMS = "sales sdr am exec partner csm support marketing system".split()
TEAM_ALIASES = {"customer_success": "csm", "ae": "sales", "bdr": "sdr"}
INSTANTS = {"timestamp", "datetime", "exact"}
PURPOSES = (
    "prospecting discovery demo negotiation expansion renewal onboarding check_in support".split()
)

ITSELF = object()
# column → the words that are known with what they are read as, and what any other is read as
READINGS: dict[str, tuple[dict[str, str], Any]] = {
    "status": (
        {word: word for word in [*NOT_HAPPENED, "completed"]} | {"cancelled": "canceled"},
        "completed",
    ),
    "occurred_precision": (
        dict.fromkeys(INSTANTS, "timestamp") | {"date": "date", "day": "date"},
        "date",
    ),
    "actor_team": ({team: team for team in TEAMS} | TEAM_ALIASES, "unknown"),
    "created_by_team": ({team: team for team in TEAMS} | TEAM_ALIASES, None),
    "direction": ({"inbound": "inbound", "outbound": "outbound"}, None),
    "purpose": ({word: word for word in PURPOSES}, None),
    "opportunity_type": (
        {word: word for word in ("new_business", "expansion", "renewal", "reactivation")},
        None,
    ),
    "line_type": (
        {
            word: word
            for word in ("recurring", "proration", "credit", "usage", "one_time", "refund")
        },
        None,
    ),
    "cost_type": (
        {
            word: word
            for word in (
                "hosting",
                "support",
                "customer_success",
                "third_party",
                "payment_processing",
                "services",
            )
        },
        None,
    ),
    "acquisition_costs.cost_type": (
        {word: word for word in ("sales", "marketing", "product_growth", "other")},
        None,
    ),
    "spent_on": ({word: word for word in ("product_led", "sales_led", "shared")}, "shared"),
    "activity_type": ({}, ITSELF),  # any word
    "metric": ({}, ITSELF),
}
LISTED = {  # relation → the columns whose words plr_input_words lists
    "product_events": ("occurred_precision",),
    "crm_activities": (
        "activity_type",
        "direction",
        "occurred_precision",
        "actor_team",
        "purpose",
        "status",
    ),
    "opportunities": ("opportunity_type", "created_by_team"),
    "revenue": ("line_type",),
    "account_costs": ("cost_type",),
    "acquisition_costs": ("cost_type", "spent_on"),
    "entitlements": ("metric",),
}


def text(value: Any) -> str | None:
    """Text as delivered; blank text is none."""
    return str(value) if value is not None and str(value).strip(" ") else None


def in_form(value: Any) -> str | None:
    """A word as it is compared."""
    word = text(value)
    return word and word.strip(" ").lower().replace(" ", "_").replace("-", "_")


def currency(value: Any) -> str | None:
    """A currency as it is compared."""
    code = text(value)
    return code and code.strip(" ").upper()


def choices(cell: Any) -> set[str]:
    """The words of a rule's cell, with bars between them; aliases are what they stand for."""
    words = {in_form(part) for part in str(cell).split("|")} - {None}
    return {TEAM_ALIASES.get(word, word) for word in words}


def reading_of(relation: str, column: str) -> tuple[dict[str, str], Any]:
    """The words of a column; a relation may have its own."""
    return READINGS.get(f"{relation}.{column}") or READINGS[column]


def is_known(relation: str, column: str, word: str) -> bool:
    """Whether the word is listed, or any word may stand there."""
    known, other = reading_of(relation, column)
    return word in known or other is ITSELF


def read(relation: str, column: str, word: str | None) -> str | None:
    """What a word in form means to the package; nothing is said by nothing."""
    if word is None:
        return None
    known, other = reading_of(relation, column)
    return known.get(word, word if other is ITSELF else other)


def read_row(relation: str, row: Row) -> None:
    """Put what is meant in place of the words, and say whether one of them is unknown."""
    row["has_unknown_word"] = any(
        row[column] is not None and not is_known(relation, column, row[column])
        for column in LISTED[relation]
    )
    for column in LISTED[relation]:
        row[column] = read(relation, column, row[column])


def word_rows(words: Counter[tuple[str, str, str]]) -> list[Row]:
    """plr_input_words."""
    return [
        {
            "relation": relation,
            "column_name": column,
            "word": word,
            "rows": count,
            "is_known": is_known(relation, column, word),
            "read_as": read(relation, column, word),
        }
        for (relation, column, word), count in words.items()
    ]
