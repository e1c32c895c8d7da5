"""Account months: usage, seats, and whether an expansion has been earned."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .config import Config
from .contract import Row
from .facts import AccountFacts, Event, Facts, since
from .ratios import at_least, ratio
from .revenue import Movement
from .rises import day_of_rise
from .timeline import last_day, midnight, month_of, next_month, shift


@dataclass
class AccountMonth:
    """What an account used in one month, and what follows for its expansion."""

    month: date
    closing: Decimal
    is_tenured: bool
    seats: Decimal | None
    active_users: int | None
    utilisation: Decimal | None
    previous_utilisation: Decimal | None
    usage_ratio: Decimal | None
    users_now: Decimal | None
    users_before: Decimal | None
    limit_events: int
    limit_days: int
    new_use_cases: int
    capacity: bool | None
    usage_up: bool | None
    users_up: bool | None
    breadth_new: bool | None
    earned: bool = False
    streak: int = 0
    earned_since: date | None = None

    @property
    def is_eligible(self) -> bool:
        """Pays, and has paid for a while."""
        return self.closing > 0 and self.is_tenured

    @property
    def others(self) -> list[bool | None]:
        """The signals beside capacity."""
        return [self.usage_up, self.users_up, self.breadth_new]


class Usage:
    """Usage of every account by calendar month."""

    def __init__(self, facts: Facts, role_rows: list[Row]) -> None:
        self.facts, self.config = facts, facts.config
        self.configured = {row["role"] for row in role_rows}
        self.users_are_known = any(
            event.is_usage and event.user is not None for f in facts for event in f.events
        )
        self._counts = {f.account.account_id: _Counts(f) for f in facts}
        self._entitled: dict[str, list[Row]] = defaultdict(list)
        for row in facts.staged.valid["entitlements"]:
            if row["metric"] == "seats":
                self._entitled[row["account"]].append(row)
        self.spine = {f.account.account_id: self._spine(f) for f in facts}

    def quarter(self, account: str, month: date, back: int = 0, value: bool = False) -> int:
        """Usage, or value, events of three months, ending `back` months before this one."""
        counts = self._counts[account].value if value else self._counts[account].usage
        return sum(counts[shift(month, -back - k)] for k in range(3))

    def value_events(self, account: str, month: date, days: int) -> list[Event]:
        """The value events of the last days of the month."""
        return _within(self._counts[account].value_events, month, days)

    def seats(self, account: str, day: date) -> Decimal | None:
        """Seats on a day: as entitled, else as billed."""
        entitled = [
            row
            for row in self._entitled[account]
            if row["valid_from"] <= day and (row["valid_to"] is None or row["valid_to"] > day)
        ]
        if entitled:
            latest = max(entitled, key=lambda row: (row["valid_from"], row["limit_quantity"]))
            return latest["limit_quantity"]
        billed = [
            piece.seats
            for piece in self.facts.revenue.pieces.get(account, [])
            if piece.covers(day) and piece.seats is not None
        ]
        return Decimal(sum(billed)) if billed else None

    def seats_unchanged(self, account: str, month: date) -> bool:
        """Whether the month began and ended with the same known seats."""
        before, after = self._seats_about(account, month)
        return before is not None and before == after

    def is_too_small(self, move: Movement) -> bool:
        """A sliver of what was paid before, on as many seats as before or nobody knows how many."""
        least = self.config.movement_min_share * move.opening
        is_sliver = move.label == "expansion" and move.expansion - least < -Decimal("0.000001")
        before, after = self._seats_about(move.account, move.month)
        return is_sliver and (None in (before, after) or before == after)

    def _seats_about(self, account: str, month: date) -> tuple[Decimal | None, Decimal | None]:
        if month not in self.facts.months:
            return None, None
        before = self.seats(account, last_day(shift(month, -1)))
        return before, self.seats(account, last_day(month))

    def earned_since(self, account: str, month: date) -> date | None:
        """Since when the account had earned an expansion at the month's end, if it had."""
        return next((row.earned_since for row in self.spine[account] if row.month == month), None)

    def streak_starts(self, account: str) -> list[date]:
        """The month-ends at which a streak of earned months began."""
        return [last_day(row.month) for row in self.spine[account] if row.streak == 1]

    # ── one account ──────────────────────────────────────────────────────────────────────────

    def _spine(self, facts: AccountFacts) -> list[AccountMonth]:
        """From the first month with evidence to the last month."""
        rows: list[AccountMonth] = []
        for month in self.facts.months:
            if facts.first_evidence is None or month < facts.first_evidence:
                continue
            row = self._month(facts, month)
            row.earned = row.is_eligible and self._is_earned(row)
            if row.earned:
                runs = bool(rows) and rows[-1].earned
                row.streak = rows[-1].streak + 1 if runs else 1
                row.earned_since = rows[-1].earned_since if runs else last_day(month)
            rows.append(row)
        return rows

    def _is_earned(self, row: AccountMonth) -> bool:
        return bool(row.capacity) or row.others.count(True) >= self.config.orphan_signals

    def _month(self, facts: AccountFacts, month: date) -> AccountMonth:
        account, config = facts.account.account_id, self.config
        counts = self._counts[account]
        previous = shift(month, -1)
        seats = self.seats(account, last_day(month))
        limits = self._limits_met(facts, month)
        limit_events = sum(event.count for event in limits)
        limit_days = len({event.day for event in limits})

        # while an account still arrives, more of everything is no expansion
        is_known = counts.first_month is not None and month >= shift(
            counts.first_month, config.orphan_ramp_months
        )
        usage_before = self.quarter(account, month, back=3)
        usage_ratio = None
        if is_known and usage_before >= config.orphan_usage_events:
            usage_ratio = ratio(self.quarter(account, month), usage_before)
        users_now = users_before = active = active_before = None
        if self.users_are_known:
            users_now, users_before = counts.mean_users(month), counts.mean_users(shift(month, -3))
            active, active_before = len(counts.users[month]), len(counts.users[previous])
        utilisation = ratio(active, seats)
        before = ratio(active_before, self.seats(account, last_day(previous)))
        use_cases = counts.new_use_cases(month, config)

        paid_since = self.facts.revenue.first_paid_month.get(account)
        return AccountMonth(
            month=month,
            closing=self.facts.mrr(facts, month),
            is_tenured=paid_since is not None
            and shift(paid_since, config.orphan_tenure_months) <= month,
            seats=seats,
            active_users=active,
            utilisation=utilisation,
            previous_utilisation=before,
            usage_ratio=usage_ratio,
            users_now=users_now,
            users_before=users_before,
            limit_events=limit_events,
            limit_days=limit_days,
            new_use_cases=use_cases,
            capacity=self._capacity(utilisation, before, limit_events, limit_days),
            usage_up=(
                None if usage_ratio is None else at_least(usage_ratio, config.orphan_usage_ratio)
            ),
            users_up=(
                at_least(users_now - config.orphan_users_ratio * users_before, 0)
                and at_least(users_now - users_before, config.orphan_users_more)
                if self.users_are_known and is_known
                else None
            ),
            breadth_new=use_cases > 0 if "breadth" in self.configured else None,
        )

    def _limits_met(self, facts: AccountFacts, month: date) -> list[Event]:
        """Limits hit lately, by the plan the account has had since its last expansion."""
        account, days = facts.account.account_id, self.config.orphan_limit_days
        limits = _within(self._counts[account].limit_events, month, days)
        expanded = [
            move.month
            for move in facts.movements.values()
            if move.label == "expansion" and move.month <= month and not self.is_too_small(move)
        ]
        if not limits or not expanded:
            return limits
        day = day_of_rise(self.facts, account, max(expanded))
        return [event for event in limits if event.day >= day]

    def _capacity(
        self, now: Decimal | None, before: Decimal | None, limit_events: int, limit_days: int
    ) -> bool | None:
        """Seats nearly full twice, or limits hit; unknown when neither can be known."""
        config, tests = self.config, []
        if now is not None and before is not None:
            full = config.orphan_utilisation
            tests.append(at_least(now, full) and at_least(before, full))
        if "limit" in self.configured:
            tests.append(
                limit_events >= config.orphan_limit_events
                and limit_days >= config.orphan_limit_active_days
            )
        return any(tests) if tests else None


class _Counts:
    """One account's events added up by month."""

    def __init__(self, facts: AccountFacts) -> None:
        self.usage: Counter[date] = Counter()
        self.value: Counter[date] = Counter()
        self.users: dict[date, set[str]] = defaultdict(set)
        self.value_events = facts.of_role("value")
        self.limit_events = facts.of_role("limit")
        self._breadth: dict[str, list[Event]] = defaultdict(list)
        self.first_month = min((month_of(event.day) for event in facts.events), default=None)
        for event in facts.events:
            month = month_of(event.day)
            if event.is_usage:
                self.usage[month] += event.count
                if event.user is not None:
                    self.users[month].add(event.user)
            if "value" in event.roles:
                self.value[month] += event.count
            if "breadth" in event.roles:
                self._breadth[event.name].append(event)

    def mean_users(self, month: date) -> Decimal:
        """Mean monthly active users of three months."""
        return Decimal(sum(len(self.users[shift(month, -k)]) for k in range(3))) / 3

    def new_use_cases(self, month: date, config: Config) -> int:
        """Adjacent use cases first seen lately, by enough people."""
        start, end = since(month, config.orphan_breadth_days), midnight(next_month(month))
        count = 0
        for events in self._breadth.values():
            is_new = start <= events[0].when.lo < end
            users = {e.user for e in events if e.when.lo < end and e.user is not None}
            count += is_new and len(users) >= config.orphan_breadth_users
        return count


def _within(events: list[Event], month: date, days: int) -> list[Event]:
    start, end = since(month, days), midnight(next_month(month))
    return [event for event in events if start <= event.when.lo < end]
