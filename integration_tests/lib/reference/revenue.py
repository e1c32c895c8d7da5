"""Month-end MRR per account from any revenue shape, the first paid day, and monthly movements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from .config import Config
from .contract import Row, lines_carrying_mrr
from .invoices import Line, measure
from .refusals import InputError
from .staging import Staged
from .timeline import (
    DAY,
    FOREVER,
    last_day,
    lifted,
    midnight,
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
    """A local MRR that holds from an instant up to, not including, another."""

    account: str
    subscription: str
    currency: str
    start: datetime
    end: datetime
    mrr: Decimal
    is_trial: bool = False
    is_bridge: bool = False
    seats: int | None = None
    trial_from: datetime | None = None

    def covers(self, day: date) -> bool:
        """Whether the MRR holds at the day's last instant."""
        return self.start < midnight(day + DAY) <= self.end


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
    by_subscription: dict[tuple[str, date], dict[tuple[str, str], Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )  # account, month -> subscription, currency -> amount
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

    def months_of_history(self, month: date) -> int:
        """Months known up to this one; the first of an incomplete history is only its beginning."""
        known = self.months if self.history_is_complete else self.months[1:]
        return sum(m <= month for m in known)

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
        priced = (row["subscription_id"], row["currency"])
        revenue.by_subscription[row["account"], row["month"]][priced] += row["mrr"]
    _settle(revenue, raw)
    return revenue


def _from_pieces(rows: list[Row], rates: Rates, config: Config) -> Revenue:
    start_column = "valid_from" if config.revenue_shape == "periods" else "service_start"
    starts = [row[start_column].date() for row in rows if row[start_column] is not None]
    first = month_of(min(starts)) if starts else None
    months = months_between(first, config.last_revenue_month) if first else []
    revenue = _empty(months, rates, first, config)

    if config.revenue_shape == "periods":
        charges = [
            ((r["account"], r["subscription_id"]), r["valid_from"], _period_end(r), r["record_id"])
            for r in rows
            if r["mrr"] >= 0
        ]
        overlapping, pieces = _period_pieces(rows, config)
        revenue.flags["overlapping_period"] = overlapping
    else:
        lines = measure(rows, lines_carrying_mrr(config.include_usage_in_mrr), config)
        charges = [
            ((line.account, line.subscription), line.start, line.end, line.line_id)
            for line in lines
            if line.amount >= 0
        ]
        revenue.flags["goodwill_credit"] = sum(line.is_goodwill for line in lines)
        pieces = _line_pieces(lines, config)
    revenue.flags["ends_look_inclusive"] = _count_day_gaps(charges, config)
    revenue.flags["intra_month"] = _count_intra_month(pieces, months)

    by_account: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_account[piece.account].append(piece)
    revenue.pieces = dict(by_account)

    raw = _no_amounts()
    for piece in pieces:
        if piece.is_trial or not months:
            continue
        month = month_of(piece.start.date())
        while month <= months[-1] and piece.covers(last_day(month)):
            raw[piece.account][month][piece.currency] += piece.mrr
            priced = (piece.subscription, piece.currency)
            revenue.by_subscription[piece.account, month][priced] += piece.mrr
            month = next_month(month)
    _settle(revenue, raw)
    return revenue


def _period_pieces(rows: list[Row], config: Config) -> tuple[int, list[Piece]]:
    """One piece per period, after the overlap policy; and how many rows overlap another."""
    subscriptions: dict[tuple, list[Row]] = defaultdict(list)
    pieces = []
    for row in rows:
        if row["mrr"] < 0:  # a discount item goes beside what it discounts
            pieces.append(_period_piece(row, _period_end(row)))
        else:
            subscriptions[row["account"], row["subscription_id"]].append(row)

    overlapping = 0
    for group in subscriptions.values():
        group.sort(key=lambda row: (row["valid_from"], row["subscription_period_id"]))
        for index, row in enumerate(group):
            end = _period_end(row)
            overlapping += any(
                other["valid_from"] < end and row["valid_from"] < _period_end(other)
                for place, other in enumerate(group)
                if place != index
            )
            if config.overlap_policy == "truncate" and index + 1 < len(group):
                end = min(end, group[index + 1]["valid_from"])
            pieces.append(_period_piece(row, end))
    return overlapping, pieces


def _period_end(row: Row) -> datetime:
    return lifted(row["valid_to"]) if row["valid_to"] else FOREVER


def _period_piece(row: Row, end: datetime) -> Piece:
    return Piece(
        row["account"],
        row["subscription_id"],
        row["currency"],
        row["valid_from"],
        end,
        row["mrr"],
        bool(row["is_trial"]),
        seats=None if row["mrr"] < 0 else row["seats"],
    )


def _line_pieces(lines: list[Line], config: Config) -> list[Piece]:
    """One piece per line that carries MRR, and those that bridge the short gaps."""
    accounts: dict[str, list[Piece]] = defaultdict(list)
    for line in lines:
        if not line.is_goodwill:
            accounts[line.account].append(
                Piece(
                    line.account,
                    line.subscription,
                    line.currency,
                    line.start,
                    line.end,
                    line.mrr,
                    seats=line.seats_billed,
                    trial_from=line.trial_from,
                )
            )
    bridged = [piece for pieces in accounts.values() for piece in _bridged(pieces, config)]
    return [
        _as_trial(piece) if piece.trial_from and piece.end > piece.trial_from else piece
        for piece in bridged
        if not (piece.is_bridge and piece.trial_from)
    ]


def _as_trial(piece: Piece) -> Piece:
    """No more of the free time than counts as a trial."""
    return replace(piece, start=max(piece.start, piece.trial_from), is_trial=True)


def _bridged(pieces: list[Piece], config: Config) -> list[Piece]:
    """Gaps within a subscription, then up to the as-of edge, then of the account as a whole."""
    grace = timedelta(days=config.gap_grace_days)
    subscriptions: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        subscriptions[piece.subscription].append(piece)
    found = list(pieces)
    for subscription, own in subscriptions.items():
        found += _gaps(own, grace)
        last = max(piece.end for piece in own)
        is_replaced = any(
            min(piece.start for piece in other) >= last - grace
            for name, other in subscriptions.items()
            if name != subscription
        )
        if timedelta() < config.end_of_revenue - last <= grace and not is_replaced:
            found += _carry_on(own, last, config.end_of_revenue)
    return found + _gaps(found, grace)


def _gaps(pieces: list[Piece], grace: timedelta) -> list[Piece]:
    """What carries a union of pieces over its short gaps."""
    found, covered = [], None
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if covered and timedelta() < piece.start - covered <= grace:
            found += _carry_on(pieces, covered, piece.start)
        covered = max(covered or piece.end, piece.end)
    return found


def _carry_on(pieces: list[Piece], end: datetime, until: datetime) -> list[Piece]:
    """The state just before an end goes on."""
    return [
        replace(piece, start=end, end=until, is_bridge=True) for piece in pieces if piece.end == end
    ]


def _count_day_gaps(charges: list[tuple], config: Config) -> int:
    """Rows of a subscription that begin a day after the one before ended, where most do."""
    pairs = [
        (first, second)
        for first, second in pairwise(sorted(charges))
        if first[0] == second[0]  # the same subscription
    ]
    gaps = sum(second[1] - first[2] == DAY for first, second in pairs)
    is_usual = (
        len(pairs) >= config.inclusive_end_pairs and gaps > len(pairs) * config.inclusive_end_share
    )
    return gaps if is_usual else 0


def _count_intra_month(pieces: list[Piece], months: list[date]) -> int:
    """Paid rows that begin and end between two month-ends of the marts."""
    bridged = {(p.account, p.subscription, p.start): p.end for p in pieces if p.is_bridge}
    count = 0
    for piece in pieces:
        end = bridged.get((piece.account, piece.subscription, piece.end), piece.end)
        is_brief = end.date() <= piece.start.date()  # no day ended with it
        if piece.is_bridge or piece.is_trial or piece.mrr <= 0 or is_brief:
            continue
        month = month_of(piece.start.date())
        month_ends = midnight(last_day(month) + DAY)
        count += bool(months) and month <= months[-1] and end < month_ends
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
    fallen: list[str] = field(default_factory=list)  # subscriptions, the one that fell most first

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
    if move.label == "contraction":
        move.fallen = _fallen(revenue, account, month)
    return move


def _fallen(revenue: Revenue, account: str, month: date) -> list[str]:
    """Subscriptions whose MRR fell between two month-ends, by how much, then by id."""
    falls: dict[str, Decimal] = defaultdict(Decimal)
    before_month = shift(month, -1)
    for sign, at in ((1, before_month), (-1, month)):
        for (subscription, currency), amount in revenue.by_subscription[account, at].items():
            rate = revenue.rates.at(currency, before_month) or revenue.rates.at(currency, month)
            falls[subscription] += sign * amount * rate
    cents = {name: fall.quantize(Decimal("0.01"), ROUND_HALF_UP) for name, fall in falls.items()}
    fallen = [name for name, fall in cents.items() if fall > revenue.zero_band]
    return sorted(fallen, key=lambda name: (-cents[name], name.encode()))


def movement_rows(
    movements: list[Movement], accounts: dict[str, Any], origin_of: dict[str, str | None]
) -> list[Row]:
    """plr_mrr_movements."""
    return [
        {
            "account_id": move.account,
            "account_name": accounts[move.account].account_name,
            "month": move.month,
            **move.amounts(),
            "movement_type": move.label,
            "fallen_subscription_id": move.fallen[0] if move.fallen else None,
            "fallen_subscriptions": len(move.fallen) or None,
            "segment": accounts[move.account].segment,
            "acquisition_channel": accounts[move.account].acquisition_channel,
            "origin": origin_of[move.account],
            "is_active": move.closing > 0,
        }
        for move in movements
    ]
