"""Month-end MRR per account from any revenue shape, the first paid day, and monthly movements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .config import Config, InputError
from .contract import LINES_CARRYING_MRR, Row
from .staging import Staged
from .timeline import (
    DAY,
    FOREVER,
    add_months,
    last_day,
    month_of,
    months_between,
    next_month,
    shift,
)

Local = dict[str, Decimal]  # currency -> amount

ZERO = Decimal(0)
DUST = Decimal("0.0000005")  # half of the smallest amount a numeric(28,6) can hold


class Rates:
    """Month-end rates into the reporting currency."""

    def __init__(self, rows: list[Row], reporting_currency: str) -> None:
        self.reporting_currency = reporting_currency
        self._rates: dict[str, dict[date, Decimal]] = defaultdict(dict)
        for row in rows:
            self._rates[row["currency"]][row["month"]] = row["rate"]

    def at(self, currency: str, month: date) -> Decimal | None:
        """The month's own rate."""
        if currency == self.reporting_currency:
            return Decimal(1)
        return self._rates[currency].get(month)

    def at_or_before(self, currency: str, month: date) -> Decimal | None:
        """The month's rate, else the latest earlier one."""
        rate = self.at(currency, month)
        earlier = [m for m in self._rates[currency] if m < month]
        return rate or (self._rates[currency][max(earlier)] if earlier else None)

    def at_or_after(self, currency: str, month: date) -> Decimal | None:
        """The month's rate, else the earliest later one."""
        rate = self.at(currency, month)
        if rate:
            return rate
        later = [m for m in self._rates[currency] if m > month]
        return self._rates[currency][min(later)] if later else None


@dataclass(frozen=True)
class Piece:
    """A local MRR that holds from a day up to, not including, another."""

    account: str
    subscription: str
    currency: str
    start: date
    end: date
    mrr: Decimal
    is_trial: bool = False
    is_bridge: bool = False
    seats: int | None = None

    def covers(self, day: date) -> bool:
        """Whether the MRR holds on the day."""
        return self.start <= day < self.end


@dataclass
class Revenue:
    """Month-end MRR of every account; `local` only holds account-months that are not 0."""

    months: list[date]
    rates: Rates
    first_data_month: date | None
    history_is_complete: bool
    zero_band: Decimal
    pieces: dict[str, list[Piece]] = field(default_factory=dict)
    local: dict[str, dict[date, Local]] = field(default_factory=dict)
    closing: dict[str, dict[date, Decimal]] = field(default_factory=dict)
    first_paid_month: dict[str, date] = field(default_factory=dict)
    first_paid_date: dict[str, date] = field(default_factory=dict)
    flags: dict[str, int] = field(default_factory=dict)

    def mrr(self, account: str, month: date) -> Decimal:
        """Month-end MRR in the reporting currency."""
        return self.closing.get(account, {}).get(month, ZERO)

    def company_mrr(self, month: date) -> Decimal:
        """Month-end MRR of everyone."""
        return sum((closing.get(month, ZERO) for closing in self.closing.values()), ZERO)

    def constant(self, account: str, month: date, base: date) -> Decimal:
        """Month-end MRR of `month` at the rates of `base`."""
        amounts = self.local.get(account, {}).get(month, {})
        return sum(
            (amount * self.rates.at_or_after(c, base) for c, amount in amounts.items()), ZERO
        )

    def starts_unknown(self, account: str) -> bool:
        """Whether the account already paid when an incomplete history begins."""
        first = self.first_paid_month.get(account)
        return not self.history_is_complete and first == self.first_data_month


def build_revenue(staged: Staged, config: Config) -> Revenue:
    """From valid revenue rows to month-end MRR and first paid days."""
    rows = staged.valid["revenue"]
    rates = Rates(staged.valid["fx_rates"], config.reporting_currency)
    if config.revenue_shape == "snapshots":
        revenue = _from_snapshots(rows, rates, config)
    else:
        revenue = _from_pieces(rows, rates, config)
    for account, months in revenue.closing.items():
        first = revenue.first_paid_month[account] = min(months)
        if not revenue.starts_unknown(account):
            revenue.first_paid_date[account] = _first_paid_day(revenue, account, first)
    return revenue


# ── the three shapes ─────────────────────────────────────────────────────────────────────────


def _empty(
    months: list[date], rates: Rates, first_data_month: date | None, config: Config
) -> Revenue:
    complete = bool(config.revenue_history_is_complete)
    return Revenue(months, rates, first_data_month, complete, config.zero_mrr_band)


def _from_snapshots(rows: list[Row], rates: Rates, config: Config) -> Revenue:
    loaded = {row["month"] for row in rows}
    months = months_between(min(loaded), max(loaded)) if loaded else []
    holes = [f"any {month}" for month in months if month not in loaded]
    if holes:
        raise InputError("missing_snapshot_month", ", ".join(holes))

    revenue = _empty(months, rates, min(loaded, default=None), config)
    raw = _no_amounts()
    for row in rows:
        raw[row["account"]][row["month"]][row["currency"]] += row["mrr"]
    _settle(revenue, raw)
    return revenue


def _from_pieces(rows: list[Row], rates: Rates, config: Config) -> Revenue:
    start_column = "valid_from" if config.revenue_shape == "periods" else "service_start"
    first = min((month_of(row[start_column]) for row in rows), default=None)
    months = months_between(first, config.last_complete_month) if first else []
    revenue = _empty(months, rates, first, config)

    if config.revenue_shape == "periods":
        overlapping, pieces = _period_pieces(rows, config)
        revenue.flags["overlapping_period"] = overlapping
    else:
        pieces = _invoice_pieces(rows, config)
    revenue.flags["intra_month"] = _count_intra_month(pieces, months)

    by_account: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_account[piece.account].append(piece)
    revenue.pieces = dict(by_account)

    raw = _no_amounts()
    for piece in pieces:
        if piece.is_trial or not months:
            continue
        month = month_of(piece.start)
        while month <= months[-1] and last_day(month) < piece.end:
            raw[piece.account][month][piece.currency] += piece.mrr
            month = next_month(month)
    _settle(revenue, raw)
    return revenue


def _period_pieces(rows: list[Row], config: Config) -> tuple[int, list[Piece]]:
    """One piece per period, after the overlap policy; and how many rows overlap another."""
    subscriptions: dict[tuple, list[Row]] = defaultdict(list)
    for row in rows:
        subscriptions[row["account"], row["subscription_id"]].append(row)

    overlapping, pieces = 0, []
    for group in subscriptions.values():
        group.sort(key=lambda row: (row["valid_from"], row["subscription_period_id"]))
        for index, row in enumerate(group):
            end = row["valid_to"] or FOREVER
            overlapping += any(
                other["valid_from"] < end and row["valid_from"] < (other["valid_to"] or FOREVER)
                for place, other in enumerate(group)
                if place != index
            )
            if config.overlap_policy == "truncate" and index + 1 < len(group):
                end = min(end, group[index + 1]["valid_from"])
            pieces.append(
                Piece(
                    row["account"],
                    row["subscription_id"],
                    row["currency"],
                    row["valid_from"],
                    end,
                    row["mrr"],
                    bool(row["is_trial"]),
                    seats=row["seats"],
                )
            )
    return overlapping, pieces


def _invoice_pieces(rows: list[Row], config: Config) -> list[Piece]:
    """One piece per line that carries MRR, and one per short gap in a subscription."""
    carrying = LINES_CARRYING_MRR | ({"usage"} if config.include_usage_in_mrr else set())
    subscriptions: dict[tuple, list[Piece]] = defaultdict(list)
    for row in rows:
        start, end = row["service_start"], row["service_end"]
        if row["line_type"] not in carrying or end <= start:
            continue
        mrr = row["amount"] / service_months(start, end)
        subscriptions[row["account"], row["subscription_id"]].append(
            Piece(row["account"], row["subscription_id"], row["currency"], start, end, mrr)
        )
    lines = [piece for group in subscriptions.values() for piece in group]
    return lines + [b for group in subscriptions.values() for b in _bridges(group, config)]


def service_months(start: date, end: date) -> Decimal:
    """How many months a service interval is worth."""
    count = (end.year - start.year) * 12 + end.month - start.month
    if count and (add_months(start, count) == end or add_months(end, -count) == start):
        return Decimal(count)
    whole = count if add_months(end, -count) >= start else count - 1
    upper, lower = add_months(end, -whole), add_months(end, -whole - 1)
    return whole + Decimal((upper - start).days) / Decimal((upper - lower).days)


def _bridges(lines: list[Piece], config: Config) -> Iterable[Piece]:
    """Short gaps carry the MRR of the last covered day, also the one before the as-of edge."""
    today = config.as_of_date + DAY
    grace = timedelta(days=config.gap_grace_days)
    for end in sorted({line.end for line in lines}):
        if end > config.as_of_date or any(line.covers(end) for line in lines):
            continue
        resumes = min((line.start for line in lines if line.start > end), default=today)
        if resumes - end <= grace:
            for line in lines:
                if line.covers(end - DAY):
                    yield replace(line, start=end, end=resumes, is_bridge=True)


def _count_intra_month(pieces: list[Piece], months: list[date]) -> int:
    """Paid rows that begin and end between two month-ends of the marts."""
    bridged = {(p.account, p.subscription, p.start): p.end for p in pieces if p.is_bridge}
    count = 0
    for piece in pieces:
        end = bridged.get((piece.account, piece.subscription, piece.end), piece.end)
        if piece.is_bridge or piece.is_trial or piece.mrr <= 0 or end <= piece.start:
            continue
        month = month_of(piece.start)
        count += bool(months) and month <= months[-1] and end <= last_day(month)
    return count


def _no_amounts() -> dict[str, dict[date, Local]]:
    """account -> month -> currency -> 0."""
    return defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))


# ── from local amounts to settled MRR ────────────────────────────────────────────────────────


def _settle(revenue: Revenue, raw: dict[str, dict[date, Local]]) -> None:
    """Convert, then apply the zero band and the clamp on the account's total."""
    missing: dict[str, set[date]] = defaultdict(set)
    negative = 0
    for account, months in raw.items():
        for month, amounts in months.items():
            amounts = {c: amount for c, amount in amounts.items() if abs(amount) >= DUST}
            rates = {c: revenue.rates.at(c, month) for c in amounts}
            for currency, rate in rates.items():
                if rate is None:
                    missing[currency].add(month)
            if None in rates.values():
                continue
            total = sum((amount * rates[c] for c, amount in amounts.items()), ZERO)
            if total >= revenue.zero_band:
                revenue.local.setdefault(account, {})[month] = amounts
                revenue.closing.setdefault(account, {})[month] = total
            elif total <= -revenue.zero_band:
                negative += 1
    if missing:
        raise InputError(
            "missing_fx",
            ", ".join(
                f"{currency} {month}"
                for currency, months in sorted(missing.items())
                for month in sorted(months)
            ),
        )
    revenue.flags["negative_account_mrr"] = negative


def _first_paid_day(revenue: Revenue, account: str, month: date) -> date:
    """First day of the month with a positive MRR; a snapshot only knows the month's end."""
    day = month
    while account in revenue.pieces and day < last_day(month):
        total = ZERO
        for piece in revenue.pieces[account]:
            if piece.covers(day) and not piece.is_trial:
                total += piece.mrr * (revenue.rates.at_or_before(piece.currency, month) or ZERO)
        if total >= revenue.zero_band:
            return day
        day += DAY
    return last_day(month)


# ── movements ────────────────────────────────────────────────────────────────────────────────


@dataclass
class Movement:
    """What happened to one account's MRR in one month."""

    account: str
    month: date
    opening: Decimal
    closing: Decimal
    new: Decimal = ZERO
    expansion: Decimal = ZERO
    contraction: Decimal = ZERO
    churn: Decimal = ZERO
    reactivation: Decimal = ZERO
    fx: Decimal = ZERO
    label: str = "none"

    def amounts(self) -> dict[str, Decimal]:
        """The mart's money columns in order."""
        return {
            "opening_mrr": self.opening,
            "new_mrr": self.new,
            "expansion_mrr": self.expansion,
            "contraction_mrr": self.contraction,
            "churn_mrr": self.churn,
            "reactivation_mrr": self.reactivation,
            "fx_mrr": self.fx,
            "closing_mrr": self.closing,
        }


def find_movements(revenue: Revenue) -> list[Movement]:
    """One net movement per account and month; an incomplete history opens one month later."""
    skipped = None if revenue.history_is_complete else revenue.first_data_month
    movements = []
    for account in sorted(revenue.closing):
        for month in revenue.months:
            opening = revenue.mrr(account, shift(month, -1))
            closing = revenue.mrr(account, month)
            if month != skipped and (opening or closing):
                movements.append(_movement(revenue, account, month, opening, closing))
    return movements


def _movement(
    revenue: Revenue, account: str, month: date, opening: Decimal, closing: Decimal
) -> Movement:
    move = Movement(account, month, opening, closing)
    if not opening:
        if revenue.first_paid_month[account] == month:
            move.new, move.label = closing, "new"
        else:
            move.reactivation, move.label = closing, "reactivation"
        return move
    if not closing:
        move.churn, move.label = opening, "churn"
        return move

    before_month = shift(month, -1)
    before = revenue.local[account].get(before_month, {})
    after = revenue.local[account].get(month, {})
    organic = ZERO
    for currency in before.keys() | after.keys():
        was, now = before.get(currency, ZERO), after.get(currency, ZERO)
        new_rate = revenue.rates.at(currency, month)
        old_rate = revenue.rates.at(currency, before_month) or new_rate
        organic += (now - was) * old_rate
        move.fx += now * ((new_rate or old_rate) - old_rate)
    if organic > 0:
        move.expansion = organic
    else:
        move.contraction = -organic
    if abs(organic) > revenue.zero_band:
        move.label = "expansion" if organic > 0 else "contraction"
    return move


def movement_rows(
    movements: list[Movement], accounts: dict[str, Any], origin_of: dict[str, str | None]
) -> list[Row]:
    """plr_mrr_movements."""
    return [
        {
            "account_id": move.account,
            "month": move.month,
            **move.amounts(),
            "movement_type": move.label,
            "segment": accounts[move.account].segment,
            "acquisition_channel": accounts[move.account].acquisition_channel,
            "origin": origin_of[move.account],
            "is_active": move.closing > 0,
        }
        for move in movements
    ]
