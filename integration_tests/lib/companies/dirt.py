"""Spoilt rows: every structural code, duplicates with ties, rows of the future, lost owners."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from .company import Company, Row
from .dice import DAY, HOUR, INSTANT

# what to overwrite in a copy of a valid row, as the code it should earn
Change = dict[str, Any]

BEFORE_ALL = datetime(1990, 1, 1) - INSTANT  # the last instant that cannot be true
TOO_MUCH = 10**13

SPOILERS: dict[str, list[Change]] = {
    "accounts": [{"account_id": None}, {"account_id": " "}],
    "users": [
        {"user_id": None},
        {"account_id": None},
        {"valid_from": datetime(2024, 1, 2), "valid_to": datetime(2024, 1, 2)},
        {"valid_from": datetime(2024, 1, 2), "valid_to": datetime(2024, 1, 1)},
        {"account_id": "nobody", "user_id": "new"},
        {"user_id": "new", "valid_from": datetime(1900, 1, 1)},
        {"user_id": "new", "valid_to": datetime(1900, 1, 1)},
    ],
    "product_events": [
        {"event_id": None},
        {"event_name": None},
        {"event_count": 0},
        {"account_id": None, "user_id": None},
        {"account_id": "", "user_id": " "},
        {"occurred_at": BEFORE_ALL},
        {"event_count": 2**31 - 1},
        {"occurred_at": None},
        {"event_id": None, "occurred_at": None},
        {"account_id": "nobody", "event_id": "new"},
    ],
    "crm_activities": [
        {"activity_id": None},
        {"activity_id": ""},
        {"occurred_at": None},
        {"occurred_at": BEFORE_ALL},
        {"occurred_at": datetime(1970, 1, 1), "activity_id": "new"},
        {"created_at": datetime(1970, 1, 1), "activity_id": "new"},
        {"duration_minutes": 2**31 - 1, "activity_id": "new"},
        {"account_id": None, "opportunity_id": None, "activity_id": "new"},
    ],
    "opportunities": [
        {"opportunity_id": None},
        {"account_id": None},
        {"account_id": " "},
        {"created_at": None},
        {"created_at": BEFORE_ALL},
        {"closed_at": datetime(1900, 1, 1), "opportunity_id": "new"},
        {"amount_mrr": -1, "opportunity_id": "new"},
        {"amount_mrr": TOO_MUCH, "opportunity_id": "new"},
    ],
    "contracts": [
        {"contract_id": None},
        {"contract_mrr": None},
        {"term_end": None},
        {"contract_mrr": -1},
        {"contract_mrr": TOO_MUCH},
        {"term_start": datetime(1989, 12, 31).date()},
        {"signed_at": BEFORE_ALL, "contract_id": "new"},
        {"term_end": datetime(2020, 1, 1).date()},
        {"term_end": "term_start"},
        {"discount_share": 1.5},
        {"discount_share": -0.1},
    ],
    "account_costs": [
        {"cost_type": None},
        {"cost_type": "mystery"},
        {"cost_type": " "},
        {"month": None},
        {"month": datetime(1989, 12, 31).date()},
        {"amount": -5},
        {"amount": TOO_MUCH},
        {"account_id": None},
    ],
    "entitlements": [
        {"metric": None},
        {"limit_quantity": 0},
        {"limit_quantity": -1},
        {"limit_quantity": TOO_MUCH},
        {"valid_from": datetime(1900, 1, 1).date()},
        {"metric": "new", "valid_to": datetime(1900, 1, 1).date()},
        {"valid_from": None},
        {"valid_to": datetime(2020, 1, 1).date()},
        {"valid_to": "valid_from"},
    ],
    "periods": [
        {"subscription_period_id": None},
        {"subscription_id": None},
        {"currency": None},
        {"mrr": None},
        {"valid_from": None},
        {"mrr": -1, "subscription_period_id": "new"},
        {"mrr": TOO_MUCH},
        {"list_mrr": TOO_MUCH},
        {"valid_from": datetime(1900, 1, 1).date()},
        {"currency": " "},
        {"valid_to": datetime(2020, 1, 1).date()},
        {"valid_to": "valid_from"},
        {"account_id": "nobody", "subscription_period_id": "new"},
    ],
    "invoices": [
        {"invoice_line_id": None},
        {"amount": None},
        {"line_type": "mystery"},
        {"line_type": None},
        {"service_end": None},
        {"amount": -TOO_MUCH},
        {"service_start": datetime(1900, 1, 1).date()},
        {"line_type": "credit", "service_end": datetime(2020, 1, 1).date()},
        {"line_type": "credit", "service_end": "service_start"},
        {"line_type": "recurring", "service_end": "service_start", "service_months": None},
        {"line_type": "proration", "service_months": 0},
        {"line_type": "credit", "service_months": -1},
        {"line_type": "recurring", "subscription_id": None},
        {"account_id": "nobody", "invoice_line_id": "new"},
    ],
    "snapshots": [
        {"account_id": None},
        {"currency": None},
        {"mrr": None},
        {"month": None},
        {"mrr": -1},
        {"mrr": TOO_MUCH},
        {"month": datetime(1989, 12, 1).date()},
        {"account_id": "nobody"},
    ],
}
COPIED_KEYS = {
    "accounts": ["account_id"],
    "account_links": ["account_id"],
    "users": ["user_id", "account_id", "valid_from"],
    "product_events": ["event_id", "occurred_at"],
    "crm_activities": ["activity_id"],
    "opportunities": ["opportunity_id"],
    "contracts": ["contract_id"],
    "account_costs": ["account_id", "month", "cost_type"],
    "entitlements": ["account_id", "metric", "valid_from"],
    "periods": ["subscription_period_id"],
    "invoices": ["invoice_line_id"],
    "snapshots": ["account_id", "month", "currency", "subscription_id"],
}
# columns but the key, in which a second copy of a row may differ
VARIED = {
    "accounts": [
        "account_name",
        "parent_account_id",
        "merged_into_account_id",
        "segment",
        "acquisition_channel",
        "signed_up_at",
        "created_at",
        "is_internal",
    ],
    "account_links": ["same_as_account_id", "matched_by"],
    "users": ["valid_to", "is_internal"],
    "product_events": [
        "event_name",
        "account_id",
        "user_id",
        "event_count",
        "occurred_precision",
        "is_automated",
        "loaded_at",
    ],
    "crm_activities": [
        "account_id",
        "opportunity_id",
        "activity_type",
        "direction",
        "occurred_at",
        "occurred_precision",
        "created_at",
        "actor_team",
        "purpose",
        "is_automated",
        "duration_minutes",
        "status",
    ],
    "opportunities": [
        "account_id",
        "opportunity_type",
        "created_at",
        "closed_at",
        "is_closed",
        "is_won",
        "created_by_team",
        "amount_mrr",
        "currency",
    ],
    "contracts": [
        "account_id",
        "subscription_id",
        "previous_contract_id",
        "term_start",
        "term_end",
        "contract_mrr",
        "currency",
        "discount_share",
        "signed_at",
        "auto_renew",
    ],
    "account_costs": ["amount", "currency"],
    "entitlements": ["limit_quantity", "valid_to"],
    "periods": [
        "account_id",
        "subscription_id",
        "valid_from",
        "valid_to",
        "mrr",
        "currency",
        "seats",
        "list_mrr",
        "is_trial",
    ],
    "invoices": [
        "account_id",
        "subscription_id",
        "service_start",
        "service_end",
        "amount",
        "currency",
        "line_type",
    ],
    "snapshots": ["mrr"],
}
DATED_BY = {
    "users": "valid_from",
    "product_events": "occurred_at",
    "crm_activities": "occurred_at",
    "opportunities": "created_at",
    "contracts": "signed_at",
    "account_costs": "month",
    "entitlements": "valid_from",
    "periods": "valid_from",
    "invoices": "service_start",
    "snapshots": "month",
}


STARTS = {"valid_from", "service_start", "term_start"}


def add_dirt(company: Company) -> None:
    """Spoil copies of rows; the rows themselves stay, so that most stories stay whole."""
    for relation, rows in list(company.rows.items()):
        kind = company.build.shape if relation == "revenue" else relation
        throws = {"product_events": 3, "crm_activities": 2}.get(relation, 1)
        for _ in range(throws):
            if rows and company.dice.chance(company.build.dirt):
                _spoil(company, kind, rows)
        if rows and company.dice.chance(2 * company.build.dirt):
            _repeat(company, kind, rows)


def _spoil(company: Company, kind: str, rows: list[Row]) -> None:
    dice = company.dice
    way = dice.pick(["spoil", "spoil", "repeat", "repeat", "postpone"])
    row = dict(dice.pick(rows))
    if way == "spoil":
        change = dice.pick(SPOILERS[kind])
        row |= {name: _filled(company, row, value) for name, value in change.items()}
    elif way == "repeat":
        _vary(company, kind, row, rows)
    elif kind in DATED_BY:
        _postpone(company, kind, row)
    rows.insert(dice.number(0, len(rows)), row)


def _repeat(company: Company, kind: str, rows: list[Row]) -> None:
    row = dict(company.dice.pick(rows))
    _vary(company, kind, row, rows)
    rows.append(row)


def _filled(company: Company, row: Row, value: Any) -> Any:
    """Placeholders of the table above, made this company's own; or what another column holds."""
    if value in STARTS:
        return row.get(value)
    if value == "new":
        return company.id("x")
    return f"{company.name}_nobody" if value == "nobody" else value


def _vary(company: Company, kind: str, row: Row, rows: list[Row]) -> None:
    """Another row with this key: the same, or different in a column or two."""
    dice = company.dice
    for _ in range(dice.pick([0, 1, 1, 2, 2])):
        column = dice.pick(VARIED[kind])
        row[column] = _another(company, column, row, rows)


def _another(company: Company, column: str, row: Row, rows: list[Row]) -> Any:
    """A value that the row does not have, of a kind that its column can hold."""
    dice, value = company.dice, row.get(column)
    others = [other.get(column) for other in rows if other.get(column) != value]
    if column == "currency":  # one that has a rate from the first month on
        return "EUR" if value == "USD" and "fx_rates" not in company.build.feeds_off else "USD"
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime):
        return value + dice.pick([-HOUR, HOUR])
    if isinstance(value, date):  # later, which has a rate, too
        return dice.pick([value + DAY, value + 20 * DAY])
    if column == "list_mrr":
        return dice.pick([50, 150])
    return dice.pick(others) if others else value


def _postpone(company: Company, kind: str, row: Row) -> None:
    """The first day after the as-of day, or later; the as-of day itself is still included."""
    dice = company.dice
    column = DATED_BY[kind]
    day = company.build.as_of + dice.pick([0, 1, 1, 40]) * DAY
    if company.build.feeds_end or kind == "snapshots":  # which end before the as-of day
        day = company.build.as_of + dice.pick([1, 40]) * DAY
    if kind not in ("account_costs", "entitlements", "snapshots"):
        row[COPIED_KEYS[kind][0]] = company.id("x")
    if column in ("occurred_at", "created_at", "signed_at") or kind == "users":
        seconds = dice.pick([0, 86_399])
        row[column] = datetime.combine(day, time.min) + timedelta(seconds=seconds)
    else:
        row[column] = day
    for end in ("valid_to", "service_end", "closed_at"):
        if row.get(end) is not None:
            row[end] = row[column] + 60 * DAY
