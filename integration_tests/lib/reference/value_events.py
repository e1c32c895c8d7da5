"""plr_value_event_candidates: what accounts did first, and whether they paid afterwards."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import sqrt

from .comparison import wilson
from .contract import Row
from .facts import AccountFacts, Event, Facts
from .openings import is_covered
from .ratios import nearest_rank, ratio
from .timeline import Interval, midnight, month_of, separately, shift

# what asks for money, or is asked for it, is no value
NO_CANDIDATES = {"intent", "commercial_action", "prompt", "limit"}
CAUTION = "association, not cause"


@dataclass(frozen=True)
class Start:
    """An account's first days: its window, and what became of it in the days after."""

    account: AccountFacts
    opens: datetime
    closes: datetime
    done: dict[str, list[Event]] = field(hash=False)  # within the window, by name
    contact: Interval | None  # before the outcome's days are over
    is_covered: bool
    is_unpaid: bool  # at the window's end
    has_paid_within: bool
    has_converted: bool
    is_retained: bool | None  # at twelve months; None = not known, or nothing to retain

    @property
    def order(self) -> tuple[datetime, str]:
        """Older accounts come first."""
        return self.opens, self.account.account.account_id

    @property
    def is_contacted(self) -> bool:
        """At the window's end."""
        return self.contact is not None and self.contact.lo < self.closes

    def reached(self, name: str, least: int) -> Interval | None:
        """When so many events of a name had happened within the window."""
        lo, hi = (_nth(self.done.get(name, []), side, least) for side in ("lo", "hi"))
        return Interval(lo, hi) if lo and hi else None


def _nth(events: list[Event], side: str, least: int) -> datetime | None:
    """The instant by which so many have happened, each at its lo or at its hi."""
    seen = 0
    for event in sorted(events, key=lambda e: getattr(e.when, side)):
        seen += event.count
        if seen >= least:
            return getattr(event.when, side)
    return None


def candidate_rows(facts: Facts) -> list[Row]:
    """A row for every name seen in first days, number of events and length of the window."""
    config = facts.config
    longest = timedelta(days=max(config.value_event_windows))
    volumes: Counter[str] = Counter()
    accounts: Counter[str] = Counter()
    for account in facts:
        opens = _opens(account)
        seen = [e for e in account.events if e.when.lo < opens + longest] if opens else []
        accounts.update({e.name for e in seen})
        for event in seen:
            volumes[event.name] += event.count
    names = [name for name in volumes if not NO_CANDIDATES & facts.roles.listed(name)]

    rows = []
    for days in config.value_event_windows:
        starts = [s for account in facts for s in [_start(facts, account, days)] if s]
        for name in names:
            for least in config.value_event_min_events:
                row = _row(facts, starts, name, least)
                rows.append(
                    {
                        "event_name": name,
                        "min_events": least,
                        "window_days": days,
                        "roles": ", ".join(sorted(facts.roles.listed(name))) or None,
                        "first_days_events": volumes[name],
                        "first_days_accounts": accounts[name],
                        **row,
                    }
                )
    told = [row for row in rows if row["older_difference_ci_low"] is not None]
    told.sort(key=_rank_order)
    for row in rows:
        row["candidate_rank"] = None
    for rank, row in enumerate(told, 1):
        row["candidate_rank"] = rank
    return rows


def _rank_order(row: Row) -> tuple:
    """The surest difference first; of equal ones the fewest events, then the shortest window."""
    low = round(row["older_difference_ci_low"], 12)
    return -low, row["min_events"], row["window_days"], row["event_name"].encode()


def _opens(account: AccountFacts) -> datetime | None:
    """The first event of any name that no robot made."""
    return min((e.when.lo for e in account.events), default=None)


def _start(facts: Facts, account: AccountFacts, days: int) -> Start | None:
    """None where the days are not over, in months of which revenue tells."""
    opens, months, config = _opens(account), facts.months, facts.config
    if opens is None or not months:
        return None
    closes = opens + timedelta(days=days)
    over = closes + timedelta(days=config.value_event_horizon_days)
    if month_of(over.date()) > months[-1]:
        return None
    account_id, revenue = account.account.account_id, facts.revenue
    first_month, paid = revenue.first_paid_month.get(account_id), account.found.paid
    paid_at = midnight(paid) if paid else None
    is_unpaid = first_month is None or (paid_at is not None and paid_at >= closes)
    has_converted = is_unpaid and paid_at is not None and paid_at < over
    is_retained = None
    if has_converted and shift(first_month, 12) <= months[-1]:
        is_retained = revenue.mrr(account_id, shift(first_month, 12)) > 0
    contact = separately([c.when for c in account.contacts if c.when.lo < over])
    known = contact if contact and contact.lo < closes else None
    done: dict[str, list[Event]] = defaultdict(list)
    for event in account.events:
        if event.when.lo < closes:
            done[event.name].append(event)
    return Start(
        account=account,
        opens=opens,
        closes=closes,
        done=dict(done),
        contact=contact,
        is_covered=is_covered(account, facts.origins, Interval(opens, opens), known),
        is_unpaid=is_unpaid,
        has_paid_within=paid is not None and opens.date() <= paid and paid_at < closes,
        has_converted=has_converted,
        is_retained=is_retained,
    )


def _row(facts: Facts, starts: list[Start], name: str, least: int) -> Row:
    config = facts.config
    asked = sorted((s for s in starts if s.is_covered and s.is_unpaid), key=lambda s: s.order)
    half = (len(asked) + 1) // 2
    older, newer = asked[:half], asked[half:]
    untouched = [s for s in newer if not s.is_contacted]
    row = {
        "not_covered": sum(s.is_unpaid and not s.is_covered for s in starts),
        "older_difference_ci_low": _compared(facts, older, name, least)["difference_ci_low"],
        "paid_in_window": sum(
            s.is_covered
            and s.has_paid_within
            and (not older or s.order > older[-1].order)
            and s.reached(name, least) is not None
            for s in starts
        ),
        "caution": CAUTION,
    }
    for prefix, members in (("", newer), ("uncontacted_", untouched)):
        found = _compared(facts, members, name, least)
        row |= {f"{prefix}{column}": value for column, value in found.items()}

    reached = {s: when for s in newer for when in [s.reached(name, least)] if when}
    before = {s: when for s, when in reached.items() if s.contact is None or when.hi < s.contact.lo}
    leads = [(s.contact.lo.date() - w.lo.date()).days for s, w in before.items() if s.contact]
    row["reached_before_contact"] = len(before)
    row |= _rate("reached_before_contact", len(before), len(reached), "share")
    row["days_of_lead_median"] = nearest_rank(leads, 1, 2, config.median_values)
    for group, members in (
        ("reached", reached),
        ("rest", [s for s in newer if s not in reached]),
    ):
        known = [s.is_retained for s in members if s.is_retained is not None]
        row[f"{group}_payers"], row[f"{group}_retained"] = len(known), sum(known)
        row |= _rate(f"{group}_retention", sum(known), len(known), "rate")
    row["confidence"] = config.confidence(min(row["reached"], row["rest"]))
    return row


def _rate(name: str, part: int, whole: int, kind: str) -> Row:
    low, high = wilson(part, whole)
    return {f"{name}_{kind}": ratio(part, whole), f"{name}_ci_low": low, f"{name}_ci_high": high}


def _compared(facts: Facts, members: list[Start], name: str, least: int) -> Row:
    """Who reached it against the rest; too few of either tell nothing."""
    config = facts.config
    reached = [s for s in members if s.reached(name, least)]
    groups = {"reached": reached, "rest": [s for s in members if s not in reached]}
    row: Row = {}
    sides = {}
    for group, of in groups.items():
        converted = sum(s.has_converted for s in of)
        row[group], row[f"{group}_converted"] = len(of), converted
        sides[group] = (converted, len(of))
    is_told = all(
        n >= config.value_event_accounts and converted >= config.value_event_conversions
        for converted, n in sides.values()
    )
    rates = {}
    for group, (converted, n) in sides.items():
        told = _rate(f"{group}_conversion", converted, n, "rate")
        row |= told if is_told else dict.fromkeys(told)
        rates[group] = (float(ratio(converted, n) or 0), *wilson(converted, n))
    row |= dict.fromkeys(("difference", "difference_ci_low", "difference_ci_high", "lift"))
    if is_told:
        (p, p_low, p_high), (q, q_low, q_high) = rates["reached"], rates["rest"]
        row["difference"] = p - q
        row["difference_ci_low"] = p - q - sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
        row["difference_ci_high"] = p - q + sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
        row["lift"] = p / q if q else None
    return row
