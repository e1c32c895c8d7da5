"""The input contract: columns in order, keys, what is required and what makes a row bad."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .timeline import month_of, to_date, to_timestamp
from .words import currency, in_form, reading_of, text

Row = dict[str, Any]
Code = str | None

LINES_CARRYING_MRR = {"recurring", "proration", "credit"}


def lines_carrying_mrr(include_usage: bool) -> set[str]:
    """The types of invoice lines that make up MRR."""
    return LINES_CARRYING_MRR | ({"usage"} if include_usage else set())


NEVER_GUESSED = ("line_type", "cost_type")  # money's own words
EARLIEST = datetime(1990, 1, 1)  # times before it are no times
TOO_MUCH = Decimal(10) ** 13  # amounts from it on are no amounts
MOST = 2**31 - 1  # whole numbers from it on are no numbers
CRM = ("crm_activities", "opportunities")


def money_of(row: Row, include_usage: bool) -> Decimal:
    """What a revenue row may carry of MRR, as delivered; a type that can't be read may carry it."""
    if "amount" in row:
        carries = row["line_type"] in {None, *lines_carrying_mrr(include_usage)}
        amount = row["amount"]
    else:
        carries, amount = not row.get("is_trial"), row["mrr"]
    is_readable = amount is not None and amount.is_finite() and abs(amount) < TOO_MUCH
    return abs(amount) if carries and is_readable else Decimal(0)


@dataclass(frozen=True)
class Relation:
    """One input: typed columns in contract order and the rules its rows obey."""

    columns: dict[str, str]
    key: tuple[str, ...]
    values: tuple[str, ...] = ()  # required, not a time: null_key when null
    times: tuple[str, ...] = ()  # required times: null_time when null
    amounts: tuple[str, ...] = ()  # must be >= 0
    positives: tuple[str, ...] = ()  # must be > 0
    interval: tuple[str, str] | None = None
    dated_by: tuple[str, ...] = ()  # future_dated looks at the first that is not null
    latest: str | None = None  # of duplicates the latest by this column stays
    has_account: bool = True
    adds_up: bool = False  # rows of one key are no duplicates


def _columns(text: str) -> dict[str, str]:
    """`name:type name:type …`, text being the type left out."""
    pairs = (item.partition(":") for item in text.split())
    return {name: kind or "text" for name, _, kind in pairs}


def relations(revenue_shape: str) -> dict[str, Relation]:
    """Every relation by name; `revenue` in the shape of this run."""
    return {**RELATIONS, "revenue": REVENUE[revenue_shape]}


RELATIONS = {
    "accounts": Relation(
        columns=_columns(
            "account_id account_name parent_account_id merged_into_account_id segment"
            " acquisition_channel signed_up_at:ts created_at:ts is_internal:bool"
        ),
        key=("account_id",),
        values=("account_id",),
        latest="created_at",
    ),
    "account_links": Relation(
        columns=_columns("account_id same_as_account_id matched_by"),
        key=("account_id",),
        values=("account_id", "same_as_account_id"),
        has_account=False,
    ),
    "users": Relation(
        columns=_columns("user_id account_id valid_from:ts valid_to:ts is_internal:bool"),
        key=("user_id", "account_id", "valid_from"),
        values=("user_id", "account_id"),
        interval=("valid_from", "valid_to"),
        dated_by=("valid_from",),
    ),
    "product_events": Relation(
        columns=_columns(
            "event_id occurred_at:ts event_name account_id user_id event_count:int"
            " occurred_precision:word is_automated:bool loaded_at:ts"
        ),
        key=("event_id", "occurred_at"),
        values=("event_id", "event_name"),
        times=("occurred_at",),
        dated_by=("occurred_at",),
        latest="loaded_at",
    ),
    "crm_activities": Relation(
        columns=_columns(
            "activity_id account_id opportunity_id activity_type:word direction:word"
            " occurred_at:ts occurred_precision:word created_at:ts actor_team:word purpose:word"
            " is_automated:bool duration_minutes:int status:word"
        ),
        key=("activity_id",),
        values=("activity_id",),
        times=("occurred_at",),
        dated_by=("occurred_at",),
        latest="created_at",
    ),
    "opportunities": Relation(
        columns=_columns(
            "opportunity_id account_id opportunity_type:word created_at:ts closed_at:ts"
            " is_closed:bool is_won:bool created_by_team:word amount_mrr:num currency:currency"
        ),
        key=("opportunity_id",),
        values=("opportunity_id", "account_id"),
        times=("created_at",),
        dated_by=("created_at",),
        latest="created_at",
    ),
    "contracts": Relation(
        columns=_columns(
            "contract_id account_id subscription_id previous_contract_id term_start:date"
            " term_end:date contract_mrr:num currency:currency discount_share:num signed_at:ts"
            " auto_renew:bool"
        ),
        key=("contract_id",),
        values=("contract_id", "account_id", "contract_mrr", "currency"),
        times=("term_start", "term_end"),
        amounts=("contract_mrr",),
        interval=("term_start", "term_end"),
        dated_by=("signed_at", "term_start"),
    ),
    "account_costs": Relation(
        columns=_columns("account_id month:month cost_type:word amount:num currency:currency"),
        key=("account_id", "month", "cost_type"),
        values=("cost_type", "amount", "currency"),
        times=("month",),
        amounts=("amount",),
        dated_by=("month",),
    ),
    "acquisition_costs": Relation(
        columns=_columns(
            "month:month cost_type:word spent_on:word acquisition_channel amount:num"
            " currency:currency"
        ),
        key=("month", "cost_type", "spent_on", "acquisition_channel"),
        values=("cost_type", "amount", "currency"),
        times=("month",),
        amounts=("amount",),
        dated_by=("month",),
        has_account=False,
        adds_up=True,
    ),
    "company_months": Relation(
        columns=_columns("month:month headcount_fte:num cogs:num recognized_revenue:num"),
        key=("month",),
        times=("month",),
        positives=("headcount_fte",),
        dated_by=("month",),
        has_account=False,
    ),
    "fx_rates": Relation(
        columns=_columns("month:month currency:currency rate:rate"),
        key=("month", "currency"),
        values=("currency", "rate"),
        times=("month",),
        positives=("rate",),
        dated_by=("month",),
        has_account=False,
    ),
    "entitlements": Relation(
        columns=_columns("account_id metric:word limit_quantity:num valid_from:date valid_to:date"),
        key=("account_id", "metric", "valid_from"),
        values=("account_id", "metric", "limit_quantity"),
        times=("valid_from",),
        positives=("limit_quantity",),
        interval=("valid_from", "valid_to"),
        dated_by=("valid_from",),
    ),
}

REVENUE = {
    "periods": Relation(
        columns=_columns(
            "subscription_period_id account_id subscription_id valid_from:ts_or_date"
            " valid_to:ts_or_date mrr:num currency:currency seats:int list_mrr:num is_trial:bool"
        ),
        key=("subscription_period_id",),
        values=("subscription_period_id", "account_id", "subscription_id", "mrr", "currency"),
        times=("valid_from",),
        interval=("valid_from", "valid_to"),
        dated_by=("valid_from",),
    ),
    "snapshots": Relation(
        columns=_columns("account_id month:month mrr:num currency:currency subscription_id"),
        key=("account_id", "month", "currency", "subscription_id"),
        values=("account_id", "mrr", "currency"),
        times=("month",),
        amounts=("mrr",),
        dated_by=("month",),
    ),
    "invoices": Relation(
        columns=_columns(
            "invoice_line_id account_id subscription_id service_start:ts_or_date"
            " service_end:ts_or_date amount:num currency:currency line_type:word"
            " service_months:num seats:int"
        ),
        key=("invoice_line_id",),
        values=("invoice_line_id", "account_id", "amount", "currency", "line_type"),
        interval=("service_start", "service_end"),
        dated_by=("service_start",),
    ),
}


def typed(name: str, relation: Relation, delivered: Row) -> Row:
    """A delivered row with exactly the contract's columns, in its types; absent means None.

    Its record_id names it in the quarantine, by the key. What cannot be true is left out, or
    named, where the row cannot stand without it.
    """
    row = {column: _cast(kind, delivered.get(column)) for column, kind in relation.columns.items()}
    if "month" in row and "subscription_id" in row:
        row["subscription_id"] = row["subscription_id"] or row["account_id"]
    row["implausible"] = set()
    row["has_dropped_value"] = False
    for column, kind in relation.columns.items():
        code = _implausible(kind, row[column])
        if name == "opportunities" and column == "amount_mrr" and row[column] is not None:
            code = code or ("negative" if row[column] < 0 else None)
        if code is None or column == "loaded_at":  # which only tells copies apart
            continue
        if _may_be_dropped(name, relation, column, code):
            row[column], row["has_dropped_value"] = None, True
        else:
            row["implausible"].add(code)
    row["record_id"] = "|".join("null" if row[c] is None else str(row[c]) for c in relation.key)
    for column in NEVER_GUESSED:
        if column in row and row[column] not in reading_of(name, column)[0]:
            row[column] = None
    return row


def _implausible(kind: str, value: Any) -> Code:
    if value is None:
        return None
    if kind in ("ts", "ts_or_date"):
        return "implausible_time" if value < EARLIEST else None
    if kind in ("date", "month"):
        return "implausible_time" if value < EARLIEST.date() else None
    if kind in ("num", "rate"):
        is_amount = value.is_finite() and abs(value) < TOO_MUCH
        return None if is_amount else "implausible_amount"
    if kind == "int":
        return None if abs(value) < MOST else "implausible_amount"
    return None


def _may_be_dropped(name: str, relation: Relation, column: str, code: str) -> bool:
    """A time that is not required, but not of revenue; of the CRM any amount, too."""
    if code == "implausible_time":
        return name != "revenue" and column not in relation.times
    return name in CRM


def _cast(kind: str, value: Any) -> Any:
    if kind == "text":
        return text(value)
    if kind == "word":
        return in_form(value)
    if kind == "currency":
        return currency(value)
    if value is None:
        return None
    if kind == "bool":
        return to_bool(value)
    if kind in ("num", "rate"):
        return to_number(value)
    if kind == "int":
        return int(value) if to_number(value).is_finite() else MOST
    if kind in ("ts", "ts_or_date"):
        return to_timestamp(value)
    if kind == "date":
        return to_date(value)
    return month_of(to_date(value))


def to_number(value: Any) -> Decimal:
    """Exact decimal; floats by their printed value."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def to_bool(value: Any) -> bool:
    """Booleans as delivered or as seed text."""
    if isinstance(value, str):
        return value.strip().lower() in {"true", "1", "t", "yes"}
    return bool(value)


def sortable(value: Any) -> tuple:
    """Order any column's values, NULL lowest."""
    return (0,) if value is None else (1, value)


def dated(relation: Relation, row: Row) -> date | datetime | None:
    """The date that decides whether the row lies in the future."""
    return next((row[c] for c in relation.dated_by if row[c] is not None), None)
