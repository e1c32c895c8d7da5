"""MRR of invoice lines: how many months an amount pays for, and what a credit gives back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby

from .config import Config
from .contract import Row
from .timeline import DAY, INSTANT, lifted, month_count, move_months

ZERO = Decimal(0)
LONGEST_TO_SHORTEST = Decimal(31) / 28  # of two months


@dataclass(eq=False)
class Line:
    """An invoice line that carries MRR, and what came out of it."""

    line_id: str
    account: str
    subscription: str
    currency: str
    kind: str
    start: datetime
    end: datetime
    amount: Decimal
    service_months: Decimal | None
    seats: int | None
    mrr: Decimal = ZERO
    is_goodwill: bool = False
    trial_from: datetime | None = None  # the free time before is no trial

    @property
    def length(self) -> Decimal:
        """In microseconds."""
        return Decimal((self.end - self.start) // INSTANT)

    @property
    def rate(self) -> Decimal:
        """What it charges, or gives back, for a microsecond."""
        return abs(self.amount) / self.length

    @property
    def is_credit(self) -> bool:
        """Any negative amount."""
        return self.amount < 0

    @property
    def interval(self) -> tuple[datetime, datetime]:
        """Start and end."""
        return self.start, self.end

    def is_active(self, instant: datetime) -> bool:
        """Whether its service runs at the instant."""
        return self.start <= instant < self.end

    @property
    def seats_billed(self) -> int | None:
        """A credit gives its seats back; a discount and a goodwill credit have none."""
        if self.seats is None or not self.is_credit:
            return self.seats
        return None if self.is_goodwill or self.kind == "recurring" else -self.seats


def measure(rows: list[Row], carrying: set[str], config: Config) -> list[Line]:
    """Every line that carries MRR, each with its own."""
    subscriptions: dict[tuple, list[Line]] = defaultdict(list)
    accounts: dict[str, list[Line]] = defaultdict(list)
    for row in rows:
        line = _line(row) if row["line_type"] in carrying else None
        if line:
            subscriptions[line.account, line.subscription].append(line)
            accounts[line.account].append(line)
    for lines in subscriptions.values():
        _Subscription(lines, config).measure()
    for lines in accounts.values():
        _mark_trials(lines, config)
    return [line for lines in subscriptions.values() for line in lines]


def _line(row: Row) -> Line | None:
    """None where it covers no time."""
    start, end = row["service_start"], row["service_end"]
    if start == end and row["line_type"] == "recurring" and row["service_months"]:
        end = _after_months(start, row["service_months"])
    if end <= start:
        return None
    return Line(
        row["invoice_line_id"],
        row["account"],
        row["subscription_id"],
        row["currency"],
        row["line_type"],
        start,
        lifted(end),
        row["amount"],
        row["service_months"],
        row["seats"],
    )


def _after_months(start: datetime, months: Decimal) -> datetime:
    """Whole months on, and a part of the month after them."""
    whole = int(months)
    lower, upper = move_months(start, whole), move_months(start, whole + 1)
    part = int((months - whole) * ((upper - lower) // INSTANT))
    return lower + part * INSTANT


def _mark_trials(lines: list[Line], config: Config) -> None:
    """The last of the free recurring time before the account's first paid line."""
    recurring = [line for line in lines if line.kind == "recurring"]
    first_paid = min((line.start for line in recurring if line.amount > 0), default=None)
    for line in recurring:
        if not line.amount and first_paid is not None and line.start < first_paid:
            line.trial_from = first_paid - timedelta(days=config.trial_max_days)


def whole_months(start: datetime, end: datetime, tolerance: timedelta) -> int | None:
    """n, if n months lie between the two: counted from the start or back from the end."""
    about = month_count(start, end)
    for count in (about - 1, about, about + 1):
        if count < 1:
            continue
        from_start = abs(move_months(start, count) - end)
        from_end = abs(move_months(end, -count) - start)
        if min(from_start, from_end) <= tolerance:
            return count
    return None


def service_months(start: datetime, end: datetime, tolerance: timedelta) -> Decimal:
    """How many months an interval is worth by itself."""
    return Decimal(whole_months(start, end, tolerance) or counted_back(start, end))


def counted_back(start: datetime, end: datetime) -> Decimal:
    """Whole months back from the end, and the rest of the month-long interval it lies in."""
    whole = month_count(start, end)
    if move_months(end, -whole) < start:
        whole -= 1
    upper, lower = move_months(end, -whole), move_months(end, -whole - 1)
    return whole + Decimal((upper - start) // INSTANT) / Decimal((upper - lower) // INSTANT)


class _Subscription:
    """The lines of one subscription, measured in the order in which they begin."""

    def __init__(self, lines: list[Line], config: Config) -> None:
        self.lines, self.config = lines, config
        self.tolerance = timedelta(hours=config.clock_tolerance_hours)
        self.steady = self._find_steady()

    def measure(self) -> None:
        """Credits know every line that began before them, and charges the credit beside them."""
        self.lines.sort(key=lambda line: (line.start, datetime.max - line.end, line.line_id))
        for _, group in groupby(self.lines, key=lambda line: line.interval):
            together = list(group)
            measures = {
                (line.currency, self._give_back(line)) for line in together if line.is_credit
            }
            for line in together:
                if not line.is_credit:
                    own = {measure for currency, measure in measures if currency == line.currency}
                    line.mrr = line.amount / self._months(line, own)

    # ── months ───────────────────────────────────────────────────────────────────────────────

    def _whole(self, line: Line) -> int | None:
        return whole_months(line.start, line.end, self.tolerance)

    def _find_steady(self) -> dict[Line, int]:
        """The lines of a steady cadence, and their days."""
        lines = [line for line in self.lines if line.kind == "recurring"]
        lines.sort(key=lambda line: (line.start, line.end, line.line_id))
        grace = timedelta(days=self.config.gap_grace_days)
        runs: list[list[Line]] = []
        for line in lines:
            before = runs[-1][-1] if runs else None
            if (
                before
                and line.start - before.end <= grace
                and abs((line.end - line.start) - (before.end - before.start)) <= self.tolerance
            ):
                runs[-1].append(line)
            else:
                runs.append([line])
        steady = {}
        for run in runs:
            odd = sum(self._whole(line) is None for line in run)
            if (len(run) >= 3 and odd) or (len(run) == 2 and odd == 2):
                steady |= {line: whole_days(line) for line in run if whole_days(line)}
        return steady

    def _own_months(self, line: Line) -> Decimal:
        """As delivered, by its cadence, in whole months, else counted back from the end."""
        return self._stated(line) or service_months(*line.interval, self.tolerance)

    def _stated(self, line: Line) -> Decimal | None:
        if line.service_months is not None and line.service_months > 0:
            return line.service_months
        if line in self.steady:
            return Decimal(self.steady[line] * 12) / 365
        return None

    def _by_time(self, line: Line) -> Decimal | None:
        """Its part of the months of the recurring line that it begins in."""
        bases = [
            base
            for base in self.lines
            if base is not line
            and base.kind == "recurring"
            and not base.is_credit
            and base.is_active(line.start)
        ]
        if not bases:
            return None
        bases.sort(key=lambda base: base.line_id)
        bases.sort(key=lambda base: base.start, reverse=True)
        bases.sort(
            key=lambda base: (base.currency != line.currency, _nearness(base.rate, line.rate))
        )
        return line.length * self._own_months(bases[0]) / bases[0].length

    def _months(self, line: Line, measures: Iterable[str | None] = ()) -> Decimal:
        """How many months the line pays for; a fitting credit of the same time decides how."""
        stated = self._stated(line)
        if stated:
            return stated
        whole, is_part = self._whole(line), line.is_credit or line.kind in ("proration", "credit")
        if not is_part and line.kind != "recurring":
            order = [whole]
        elif "time" in measures:
            order = [self._by_time(line), whole]
        elif "whole" in measures:
            order = [whole]
        elif is_part:
            order = [self._by_time(line), whole]
        else:
            order = [whole, self._by_time(line)]
        return Decimal(next((m for m in order if m), None) or counted_back(*line.interval))

    # ── credits ──────────────────────────────────────────────────────────────────────────────

    def _give_back(self, credit: Line) -> str | None:
        """Set the credit's MRR; says how it fits the lines that it was given for."""
        if self._stated(credit):
            credit.mrr = credit.amount / self._stated(credit)
            return None
        lines = self._lines_before(credit)
        theirs = sum((line.mrr for line in lines), ZERO)
        fits = self._fits(credit, lines, theirs)
        credit.mrr = -theirs if fits else credit.amount / self._months(credit)
        limit = self.config.goodwill_ratio * LONGEST_TO_SHORTEST * theirs
        if lines and not fits and round(-credit.mrr, 6) > round(limit, 6):
            credit.mrr, credit.is_goodwill = ZERO, True
        return fits

    def _lines_before(self, credit: Line) -> list[Line]:
        """What runs when the credit begins; of what begins with it, what outlasts it."""
        return [
            line
            for line in self.lines
            if line.currency == credit.currency
            and line.is_active(credit.start)
            and (line.start < credit.start or line.end > credit.end)
            and not line.is_goodwill
        ]

    def _fits(self, credit: Line, lines: list[Line], theirs: Decimal) -> str | None:
        if not lines:
            return None
        by_time = sum((line.amount * credit.length / line.length for line in lines), ZERO)
        whole = self._whole(credit)
        if self._is_close(by_time, credit):
            return "time"
        return "whole" if whole and self._is_close(theirs * whole, credit) else None

    def _is_close(self, amount: Decimal, credit: Line) -> bool:
        """Within a cent; what is below a tenth of one is arithmetic."""
        return round(abs(amount + credit.amount), 3) <= self.config.credit_tolerance


def whole_days(line: Line) -> int:
    """Its length in days, whatever the clocks did."""
    return (line.end - line.start + DAY / 2) // DAY


def _nearness(one: Decimal, other: Decimal) -> Decimal:
    """How far two rates lie apart; those of one price tie."""
    return round(abs(one - other) * 86_400_000_000, 6)
