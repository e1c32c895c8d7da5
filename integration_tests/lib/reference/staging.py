"""Staging: which delivered rows are valid, which are rejected with which one code, and merges."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .config import Config
from .contract import (
    CRM,
    LINES_CARRYING_MRR,
    Code,
    Relation,
    Row,
    dated,
    lines_carrying_mrr,
    relations,
    sortable,
    typed,
)
from .merging import merge
from .refusals import check_accounts, check_channels
from .timeline import event_interval, last_day, to_date
from .words import LISTED, in_form, read_row


@dataclass
class Account:
    """A surviving account: its own attributes, the earliest dates of all rows merged into it."""

    account_id: str
    account_name: str | None
    parent_account_id: str | None
    segment: str
    acquisition_channel: str | None
    signed_up_at: datetime | None
    created_at: datetime | None
    ultimate_parent_id: str = ""

    @property
    def channel(self) -> str:
        """The acquisition channel as a group; accounts without one are a group, too."""
        return self.acquisition_channel or "unknown"


@dataclass
class Staged:
    """The inputs as the rest of the reference sees them."""

    rows_in: Counter = field(default_factory=Counter)
    feeds_off: set[str] = field(default_factory=set)
    valid: dict[str, list[Row]] = field(default_factory=dict)
    rejected: list[Row] = field(default_factory=list)
    rejected_revenue: list[tuple[str, Row]] = field(default_factory=list)  # with its code
    accounts: dict[str, Account] = field(default_factory=dict)  # surviving, not internal
    survivor: dict[str, str] = field(default_factory=dict)  # id, a linked one too -> surviving id
    ignored_links: set[str] = field(default_factory=set)
    internal_accounts: set[str] = field(default_factory=set)
    words: Counter = field(default_factory=Counter)  # (relation, column, word) → delivered rows

    def reject(self, name: str, row: Row, code: str) -> None:
        """Quarantine one row."""
        record = row["record_id"]
        self.rejected.append(
            {"relation": name, "record_id": record, "code": code, "detail": code, "rows": 1}
        )
        if name == "revenue":
            self.rejected_revenue.append((code, row))


def stage(inputs: dict[str, list[Row] | None], config: Config) -> Staged:
    """Judge every delivered row once, in the order the relations depend on each other."""
    contract = relations(config.revenue_shape)
    delivered = {
        name: [typed(name, relation, row) for row in inputs.get(name) or []]
        for name, relation in contract.items()
    }
    check_accounts(delivered["accounts"])
    check_channels(delivered["acquisition_costs"])
    staged = Staged(
        rows_in=Counter({name: len(rows) for name, rows in delivered.items()}),
        feeds_off={name for name in contract if inputs.get(name) is None},
    )
    for name, columns in LISTED.items():
        for row in inputs.get(name) or []:
            found = {column: in_form(row.get(column)) for column in columns}
            staged.words.update((name, *said) for said in found.items() if said[1] is not None)

    def judge(name: str, **judges: Callable[[Row], Any]) -> list[Row]:
        return _judge_relation(staged, name, contract[name], delivered[name], config, **judges)

    judge("account_links")
    _stage_accounts(staged, contract["accounts"], delivered["accounts"], config)
    internal_users = {row["user_id"] for row in delivered["users"] if row["is_internal"]}

    memberships = judge("users", internal=lambda row: row["user_id"] in internal_users)
    opportunities = judge("opportunities")

    # An opportunity of an internal account still tells whose activity it is.
    owner = {row["opportunity_id"]: row["account"] for row in opportunities}
    judge(
        "crm_activities",
        owner=lambda row: (
            staged.survivor.get(row["account_id"]) or owner.get(row["opportunity_id"])
        ),
    )

    for name in contract:
        if name not in {*staged.valid, "product_events"}:
            judge(name)

    _stage_events(
        staged,
        contract["product_events"],
        delivered["product_events"],
        memberships,
        internal_users,
        config,
    )
    for name in CRM:
        for row in staged.valid[name]:
            read_row(name, row)
    return staged


# ── one relation ─────────────────────────────────────────────────────────────────────────────


def _judge_relation(
    staged: Staged,
    name: str,
    relation: Relation,
    rows: list[Row],
    config: Config,
    owner: Callable[[Row], str | None] | None = None,
    internal: Callable[[Row], bool] = lambda row: False,
) -> list[Row]:
    """Give each row its first code; returns the rows that failed at most for being internal."""
    open_rows = []
    for row in rows:
        code = (
            structural_code(name, relation, row, config)
            or empty_code(relation, row)
            or future_code(name, relation, row, config)
        )
        if code:
            staged.reject(name, row, code)
        else:
            open_rows.append(row)

    unique, repeated = open_rows, []
    if not relation.adds_up:
        unique, repeated = split_duplicates(open_rows, relation, relation.key)
    for row in repeated:
        staged.reject(name, row, "duplicate_key")

    known, valid = [], []
    for row in unique:
        code = None
        if relation.has_account:
            code = _identity(staged, name, row, owner)
        if code:
            staged.reject(name, row, code)
            continue
        known.append(row)
        if row.get("account") in staged.internal_accounts or internal(row):
            staged.reject(name, row, "internal")
        else:
            valid.append(row)
    staged.valid[name] = valid
    return known


def _identity(
    staged: Staged, name: str, row: Row, owner: Callable[[Row], str | None] | None
) -> Code:
    """Write the surviving account on the row, or say why there is none."""
    if name == "account_costs" and row["account_id"] is None:  # shared cost
        row["account"] = None
        return None
    row["account"] = owner(row) if owner else staged.survivor.get(row["account_id"])
    if row["account"]:
        return None
    return "unmapped_activity" if name == "crm_activities" else "unmapped_account"


def structural_code(name: str, relation: Relation, row: Row, config: Config) -> Code:
    """Key, time, value, interval, share, rate: the first that is wrong."""
    carrying = lines_carrying_mrr(config.include_usage_in_mrr)
    carries_mrr = row.get("line_type") in carrying
    if any(row[c] is None for c in relation.values):
        return "null_key"
    if carries_mrr and row["subscription_id"] is None:
        return "null_key"
    if name == "product_events" and row["event_count"] is not None and row["event_count"] < 1:
        return "null_key"
    if any(row[c] is None for c in relation.times):
        return "null_time"
    if carries_mrr and (row["service_start"] is None or row["service_end"] is None):
        return "null_time"
    for code in ("implausible_time", "implausible_amount"):
        if code in row["implausible"]:
            return code
    if any(row[c] is not None and row[c] < 0 for c in relation.amounts):
        return "negative_mrr_row"
    start, end = _interval(relation, row)
    lasts = row.get("service_months")
    if start is not None and end is not None:
        is_charge = row.get("line_type") == "recurring" and row["amount"]
        if end < start or (end == start and is_charge and not (lasts and lasts > 0)):
            return "bad_interval"
    discount = row.get("discount_share")
    if discount is not None and not 0 <= discount <= 1:
        return "bad_share"
    if any(row[c] is not None and row[c] <= 0 for c in relation.positives):
        return "nonpositive_rate"
    if row.get("line_type") in LINES_CARRYING_MRR and lasts is not None and lasts <= 0:
        return "nonpositive_rate"
    return None


def _interval(relation: Relation, row: Row) -> tuple[Any, Any]:
    """As delivered; lines that carry no MRR may start and end as they like."""
    if not relation.interval or row.get("line_type", "recurring") not in LINES_CARRYING_MRR:
        return None, None
    return tuple(row[c] for c in relation.interval)


def empty_code(relation: Relation, row: Row) -> Code:
    """No service, no harm; a recurring line with an amount has been given its months."""
    start, end = _interval(relation, row)
    if start is None or start != end:
        return None
    is_charge = row.get("line_type") == "recurring" and row["amount"]
    return None if is_charge else "empty_interval"


def future_code(name: str, relation: Relation, row: Row, config: Config) -> Code:
    """Rows that begin after the last day; a snapshot is the state at its month's end."""
    when = dated(relation, row)
    if when is None:
        return None
    day = to_date(when)
    if "mrr" in row and "month" in row:
        day = last_day(day)
    last = config.revenue_complete_through if name == "revenue" else config.as_of_date
    return "future_dated" if day > last else None


def split_duplicates(
    rows: list[Row], relation: Relation, key: Iterable[str]
) -> tuple[list[Row], list[Row]]:
    """The row to keep of each key, and the others."""
    key = tuple(key)
    columns = [relation.latest] if relation.latest else []
    columns += [c for c in relation.columns if c not in key and c != relation.latest]
    groups: dict[tuple, list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[c] for c in key)].append(row)

    kept, repeated = [], []
    for group in groups.values():
        group.sort(key=lambda row: ([sortable(row[c]) for c in columns], row["has_dropped_value"]))
        *others, best = group
        kept.append(best)
        repeated += others
    return kept, repeated


# ── accounts and merges ──────────────────────────────────────────────────────────────────────


def _stage_accounts(staged: Staged, relation: Relation, rows: list[Row], config: Config) -> None:
    named = []
    for row in rows:
        if row["account_id"] is None:
            staged.reject("accounts", row, "null_key")
        else:
            named.append(row)
    unique, repeated = split_duplicates(named, relation, relation.key)
    for row in repeated:
        staged.reject("accounts", row, "duplicate_key")

    by_id = {row["account_id"]: row for row in unique}
    merging = merge(by_id, staged.valid["account_links"], config.max_merge_depth)
    staged.survivor, staged.ignored_links = merging.survivor, merging.ignored_links

    members: dict[str, list[Row]] = defaultdict(list)
    for account_id, row in by_id.items():
        if account_id in staged.survivor:
            members[staged.survivor[account_id]].append(row)
        else:
            staged.reject("accounts", row, "merge_cycle")

    staged.valid["accounts"] = []
    for survivor, group in members.items():
        if by_id[survivor]["is_internal"]:
            staged.internal_accounts.add(survivor)
            for row in group:
                staged.reject("accounts", row, "internal")
        else:
            staged.valid["accounts"] += group
            staged.accounts[survivor] = _survivor(by_id[survivor], group)
    for account in staged.accounts.values():
        account.ultimate_parent_id = _ultimate_parent(account, staged)


def _survivor(row: Row, group: list[Row]) -> Account:
    def earliest(column: str) -> datetime | None:
        return min((r[column] for r in group if r[column] is not None), default=None)

    return Account(
        account_id=row["account_id"],
        account_name=row["account_name"],
        parent_account_id=row["parent_account_id"],
        segment=row["segment"] if row["segment"] is not None else "unsegmented",
        acquisition_channel=row["acquisition_channel"],
        signed_up_at=earliest("signed_up_at"),
        created_at=earliest("created_at"),
    )


def _ultimate_parent(account: Account, staged: Staged) -> str:
    """Climb to the root; stop at an unknown parent and before revisiting an account."""
    seen = [account.account_id]
    while True:
        parent = staged.survivor.get(staged.accounts[seen[-1]].parent_account_id)
        if parent not in staged.accounts or parent in seen:
            return seen[-1]
        seen.append(parent)


# ── product events ───────────────────────────────────────────────────────────────────────────


def _stage_events(
    staged: Staged,
    relation: Relation,
    rows: list[Row],
    memberships: list[Row],
    internal_users: set[str],
    config: Config,
) -> None:
    """Internal users first, then what is wrong with the row, whose it is, duplicates last."""
    by_user: dict[str, list[Row]] = defaultdict(list)
    for row in memberships:
        by_user[row["user_id"]].append(row)

    unique = []
    for row in rows:
        code = _event_code(staged, relation, row, by_user, internal_users, config)
        if code:
            staged.reject("product_events", row, code)
        else:
            unique.append(row)
    if not config.events_are_unique:
        unique, repeated = split_duplicates(unique, relation, (*relation.key, "account"))
        for row in repeated:
            staged.reject("product_events", row, "duplicate_key")
    staged.valid["product_events"] = unique


def _event_code(
    staged: Staged,
    relation: Relation,
    row: Row,
    by_user: dict[str, list[Row]],
    internal_users: set[str],
    config: Config,
) -> Code:
    """The event's first code; also writes its account and its interval on the row."""
    if row["user_id"] is not None and row["user_id"] in internal_users:
        return "internal"
    code = structural_code("product_events", relation, row, config)
    code = code or future_code("product_events", relation, row, config)
    if code:
        return code
    if row["account_id"] is None and row["user_id"] is None:
        return "anonymous_event"
    row["when"] = event_interval(row["occurred_at"], row["occurred_precision"])
    if row["account_id"] is not None:
        row["account"] = staged.survivor.get(row["account_id"])
        if row["account"] is None:
            return "unmapped_account"
    else:
        candidates = {
            m["account"] for m in by_user[row["user_id"]] if _covers(m, row["occurred_at"])
        }
        if len(candidates) != 1:
            return "ambiguous_user" if candidates else "unmapped_user"
        row["account"] = candidates.pop()
    return "internal" if row["account"] in staged.internal_accounts else None


def _covers(membership: Row, at: datetime) -> bool:
    start, end = membership["valid_from"], membership["valid_to"]
    return (start is None or start <= at) and (end is None or at < end)
