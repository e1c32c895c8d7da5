"""A plain reading of the demo's raw files, with just enough of the patterns' definitions to check
that the planted cases are really there. No SQL of the package, no code of the generator."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean

import duckdb

AS_OF = date(2025, 12, 31)
COMMERCIAL_TEAMS = ("Sales", "SDR", "Account Management", "Partner", None)
COMMERCIAL_PURPOSES = ("expansion", "renewal", "negotiation")
STAGES = ((1e6, 60_000), (5e6, 110_000), (20e6, 170_000))  # ARR from which ARR per head is asked
MOVES = ("prompt", "intent", "commercial_action")


# --- calendar: months are whole numbers, year * 12 + month - 1 ------------------------------------


def month_of(day: date) -> int:
    """The number of a day's month."""
    return day.year * 12 + day.month - 1


def month_end(month: int) -> date:
    """A month's last day."""
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)


def edge(month: int) -> datetime:
    """The first instant after a month."""
    return datetime.combine(month_end(month) + timedelta(days=1), time())


# --- what is known of an account ------------------------------------------------------------------


@dataclass
class Facts:
    """Valid raw rows of one account, merged workspaces included."""

    id: str
    segment: str
    signed_up_at: datetime | None
    events: list[tuple] = field(default_factory=list)  # (at, role, member, quantity), by people
    touches: list[tuple] = field(default_factory=list)  # (at, is commercial), done, by people
    deals: list[tuple] = field(default_factory=list)  # (opened, closed on or None)
    versions: list[tuple] = field(default_factory=list)  # (from, to, amount, currency, seats)
    terms: list[dict] = field(default_factory=list)
    usage: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    value: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    people: dict[int, set] = field(default_factory=lambda: defaultdict(set))

    def times(self, *roles: str) -> list[datetime]:
        """When events of these roles happened."""
        return [at for at, role, _, _ in self.events if role in roles]

    def seats(self, month: int) -> int:
        """Seats in force at month end."""
        last = month_end(month)
        return sum(v[4] or 0 for v in self.versions if v[0] <= last and (not v[1] or v[1] > last))


class Company:
    """All accounts of the demo, read from its Parquet files and rule seeds."""

    def __init__(self, data: Path, seeds: Path) -> None:
        self.db = duckdb.connect()
        self.data = data
        with (seeds / "kestrel_event_roles.csv").open() as handle:
            self.roles = {row["event_name"]: row["role"] for row in csv.DictReader(handle)}
        self.rates = {
            month_of(date.fromisoformat(f"{month}-01")): float(rate)
            for month, currency, rate in self.rows("fx_rates")
            if currency == "EUR"
        }
        self._read_accounts()
        self._read_events()
        self._read_crm()
        self._read_money()

    def rows(self, relation: str, columns: str = "*", condition: str = "true") -> list[tuple]:
        """Distinct rows of one raw file."""
        source = f"'{self.data / relation}.parquet'"
        return self.db.sql(f"select distinct {columns} from {source} where {condition}").fetchall()

    def find(self, account_id: str | None) -> Facts | None:
        """The surviving account of an id."""
        for _ in range(10):
            account_id = self.merged.get(account_id, account_id)
        return self.accounts.get(account_id)

    def _read_accounts(self) -> None:
        columns = "workspace_id, size_band, signed_up, merged_into"
        found = self.rows("accounts", columns, "workspace_id is not null and kind = 'customer'")
        self.merged = {row[0]: row[3] for row in found if row[3]}
        bands = {"SMB": "smb", "Mid-Market": "mid_market", "Enterprise": "enterprise"}
        self.accounts = {
            row[0]: Facts(row[0], bands.get(row[1], "unsegmented"), row[2])
            for row in sorted(found, key=str)
            if not row[3]
        }

    def _read_events(self) -> None:
        spells: dict[str, list[tuple]] = defaultdict(list)
        internal = set()
        for member, workspace, joined, left, domain in self.rows("users"):
            if left is None or left > joined:
                spells[member].append((joined, left or datetime.max, workspace))
            if domain == "kestrel.example":
                internal.add(member)
        columns = "event_uuid, ts, event, workspace_id, member_id, quantity"
        condition = f"event_uuid is not null and ts <= '{AS_OF} 23:59:59' and source = 'app'"
        for _, at, name, workspace, member, quantity in sorted(
            self.rows("product_events", columns, condition), key=lambda row: (row[1], row[0])
        ):
            if member in internal:
                continue
            if workspace is None:
                valid = {w for start, end, w in spells[member] if start <= at < end}
                workspace = valid.pop() if len(valid) == 1 else None
            if (facts := self.find(workspace)) is None:
                continue
            role, month = self.roles.get(name, "usage"), month_of(at)
            facts.events.append((at, role, member, quantity))
            if role in ("usage", "value", "breadth"):
                facts.usage[month] += quantity
                facts.people[month].add(member)
            if role == "value":
                facts.value[month] += quantity

    def _read_crm(self) -> None:
        deals = {}
        for row in self.rows("opportunities", "id, account_ref, deal_type, created_at, close_date"):
            deal, account, kind, opened, closed = row
            deals[deal] = account
            if (facts := self.find(account)) and kind:
                closed = date.fromisoformat(closed) if closed else None
                facts.deals.append((datetime.fromisoformat(opened), closed))
        columns = "id, account_ref, deal_ref, activity_at, owner_team, purpose, is_sequence"
        condition = "id is not null and activity_at is not null and state = 'done'"
        for _, account, deal, at, team, purpose, automated in self.rows(
            "crm_activities", columns, condition
        ):
            facts = self.find(account) or self.find(deals.get(deal))
            care = team == "Customer Success"
            if facts is None or team in ("Marketing", "Support") or (team is None and automated):
                continue
            commercial = purpose in COMMERCIAL_PURPOSES if care else team in COMMERCIAL_TEAMS
            facts.touches.append((datetime.fromisoformat(at), commercial))

    def _read_money(self) -> None:
        quotas = {
            (workspace, start): quota
            for workspace, _, quota, start, _ in self.rows("entitlements")
            if quota > 0
        }
        columns = (
            "version_id, customer_id, first_day, last_day, amount / interval_months, currency,"
            " quantity, status, item_id"
        )
        condition = "first_day is not null and amount >= 0"
        condition += " and coalesce(last_day >= first_day, true)"
        for _, account, start, last, amount, currency, seats, status, item in sorted(
            self.rows("revenue", columns, condition)
        ):
            facts = self.find(account)
            if facts is None or start > AS_OF or status == "trialing":
                continue
            if item.endswith("-seats"):
                seats = seats or quotas.get((account, start))
            end = last + timedelta(days=1) if last else None
            facts.versions.append((start, end, float(amount), currency.upper(), seats))
        names = ("number", "account", "replaces", "start", "last", "yearly", "currency", "discount")
        columns = (
            "contract_no, account_ref, replaces, first_day, last_day, yearly_amount, currency,"
            " discount_percent, signed_on"
        )
        condition = "discount_percent <= 100 and last_day > first_day"
        for row in sorted(self.rows("contracts", columns, condition), key=lambda r: (r[1], r[3])):
            term = dict(zip((*names, "signed"), row, strict=True))
            if facts := self.find(term["account"]):
                facts.terms.append(term)

    # --- money ------------------------------------------------------------------------------------

    def mrr(self, facts: Facts, month: int, rate_month: int | None = None) -> float:
        """Month-end MRR in dollars."""
        last, rate = month_end(month), self.rates[month if rate_month is None else rate_month]
        total = sum(
            amount * (rate if currency == "EUR" else 1)
            for start, end, amount, currency, _ in facts.versions
            if start <= last and (end is None or end > last)
        )
        return total if total >= 0.005 else 0.0

    def paid_since(self, facts: Facts) -> int | None:
        """The first month with MRR at its end."""
        months = range(month_of(date(2023, 1, 1)), month_of(AS_OF) + 1)
        return next((m for m in months if self.mrr(facts, m)), None)

    def members_of(self, segment: str | None) -> list[Facts]:
        """The accounts of a segment, or all."""
        return [a for a in self.accounts.values() if segment in (None, a.segment)]

    def retention(self, month: int, group: list[Facts]) -> tuple[float, float, int]:
        """NRR and GRR over twelve months at constant currency, and how many accounts began."""
        pairs = [(self.mrr(a, month - 12), self.mrr(a, month, month - 12)) for a in group]
        pairs = [(start, end) for start, end in pairs if start]
        base = sum(start for start, _ in pairs)
        net = sum(end for _, end in pairs) / base
        return net, sum(min(pair) for pair in pairs) / base, len(pairs)

    def total_mrr(self, month: int, segment: str | None = None) -> float:
        """MRR of a segment, or of the company."""
        return sum(self.mrr(a, month) for a in self.members_of(segment))

    def margin(self, month: int, segment: str) -> float:
        """Gross margin over twelve months; shared cost is spread by MRR."""
        costs: dict[tuple, float] = defaultdict(float)
        columns = "account_ref, month, sum(usd) over (partition by account_ref, month)"
        for account, text, usd in self.rows("account_costs", columns, "usd >= 0"):
            costs[account, month_of(date.fromisoformat(f"{text}-01"))] = float(usd)
        revenue = cost = 0.0
        for m in range(month - 11, month + 1):
            part = self.total_mrr(m, segment)
            revenue += part
            cost += costs[None, m] * part / self.total_mrr(m)
            cost += sum(costs[a.id, m] for a in self.members_of(segment))
        return (revenue - cost) / revenue

    # --- the patterns -----------------------------------------------------------------------------

    def proven_at(self, facts: Facts) -> datetime | None:
        """First meaningful activity by the demo's rules."""
        value = [(at, member) for at, role, member, _ in facts.events if role == "value"]
        met = []
        for n, (at, _) in enumerate(value):
            window = [t for t, _ in value[: n + 1] if t > at - timedelta(days=30)]
            if len(window) >= 3 and len({t.date() for t in window}) >= 2:
                met.append(at)
                break
        if facts.signed_up_at:
            until = facts.signed_up_at + timedelta(days=14)
            early = [(at, m) for at, m in value if facts.signed_up_at <= at < until]
            second = next(
                (at for n, (at, _) in enumerate(early) if len({m for _, m in early[: n + 1]}) > 1),
                None,
            )
            breadth = [at for at in facts.times("breadth") if facts.signed_up_at <= at < until]
            if second and breadth:
                met.append(max(second, min(breadth)))
        return min(met, default=None)

    def motions(self, facts: Facts) -> list[datetime]:
        """Every commercial step: touches, deals opened, moves in the product, new or more MRR."""
        rises = [
            datetime.combine(start, time())
            for start, _, amount, _, _ in facts.versions
            if amount > sum(v[2] for v in facts.versions if v[1] == start)
        ]
        touched = [at for at, commercial in facts.touches if commercial]
        return touched + [opened for opened, _ in facts.deals] + facts.times(*MOVES) + rises

    def has_open_deal(self, facts: Facts, month: int) -> bool:
        """Is a deal of at most 180 days open at month end?"""
        last = month_end(month)
        return any(
            opened.date() <= last
            and (closed is None or closed > last)
            and opened.date() >= last - timedelta(days=180)
            for opened, closed in facts.deals
        )

    def has_earned_more(self, facts: Facts, month: int) -> bool:
        """Capacity used up, or two of: more usage, more users, a new use case."""
        first = self.paid_since(facts)
        if first is None or month - first < 3 or not self.mrr(facts, month):
            return False
        full = all(
            facts.seats(m) and len(facts.people[m]) >= 0.8 * facts.seats(m)
            for m in (month - 1, month)
        )
        since = edge(month) - timedelta(days=30)
        hits = [at for at in facts.times("limit") if since <= at < edge(month)]
        if full or (len(hits) >= 3 and len({at.date() for at in hits}) >= 2):
            return True
        now, before = range(month - 2, month + 1), range(month - 5, month - 2)
        prior = sum(facts.usage[m] for m in before)
        more_usage = prior >= 20 and sum(facts.usage[m] for m in now) >= 1.3 * prior
        users, users_before = (mean(len(facts.people[m]) for m in span) for span in (now, before))
        more_users = users >= 1.25 * users_before and users - users_before >= 3
        return more_usage and more_users

    def is_orphan(self, facts: Facts, month: int) -> bool:
        """Expansion earned at two month-ends, no motion for 90 days, usage not hollow."""
        since = edge(month) - timedelta(days=90)
        return (
            self.has_earned_more(facts, month)
            and self.has_earned_more(facts, month - 1)
            and not any(since <= at < edge(month) for at in self.motions(facts))
            and not self.has_open_deal(facts, month)
            and not self.is_hollow(facts, month)
        )

    def is_black_hole(self, facts: Facts, month: int) -> bool:
        """Never paid, value proven 30 days ago and seen since, no motion after it."""
        proven, first = self.proven_at(facts), self.paid_since(facts)
        if proven is None or proven > edge(month) - timedelta(days=30):
            return False
        since = edge(month) - timedelta(days=30)
        open_then = any(
            opened <= proven and (closed is None or closed > proven.date())
            for opened, closed in facts.deals
        )
        return (
            (first is None or first > month)
            and any(since <= at < edge(month) for at in facts.times("value"))
            and not any(proven <= at < edge(month) for at in self.motions(facts))
            and not open_then
        )

    def is_hollow(self, facts: Facts, month: int) -> bool:
        """Usage up by a tenth while value falls by a tenth, or while the renewal shrank."""
        now, before = range(month - 2, month + 1), range(month - 5, month - 2)
        prior = sum(facts.usage[m] for m in before)
        if not self.mrr(facts, month) or prior < 60:
            return False
        if sum(facts.usage[m] for m in now) < 1.1 * prior:
            return False
        value = sum(facts.value[m] for m in before)
        falling = bool(value) and sum(facts.value[m] for m in now) <= 0.9 * value
        months = range(month - 5, month + 1)
        shrunk = any(0 < self.mrr(facts, m, m - 1) <= 0.95 * self.mrr(facts, m - 1) for m in months)
        return (
            falling
            or shrunk
            or any(
                month - 6 < month_of(new["start"]) <= month and self.renewal_score(old, new) < 1
                for old, new in pairwise(facts.terms)
            )
        )

    @staticmethod
    def renewal_score(old: dict, new: dict) -> float:
        """Four equal checks of a renewal: discount, length, money, not bought early."""
        early = old["last"] - new["signed"] > timedelta(days=89)
        checks = (
            new["discount"] <= old["discount"] + 2,
            new["last"] - new["start"] >= old["last"] - old["start"] - timedelta(days=3),
            new["yearly"] >= old["yearly"],
            not (early and new["discount"] > old["discount"]),
        )
        return sum(checks) / 4

    def durability(self, month: int, segment: str) -> tuple[float, int]:
        """Renewal scores of the terms that ended in twelve months, weighted by MRR; how many."""
        scores = []
        for facts in self.members_of(segment):
            for old, new in pairwise([*facts.terms, None]):
                if not month - 12 < month_of(old["last"] + timedelta(days=1)) <= month:
                    continue
                if new:
                    scores.append((float(old["yearly"]), self.renewal_score(old, new)))
                elif not self.mrr(facts, month):
                    scores.append((float(old["yearly"]), 0.0))
        weight = sum(money for money, _ in scores)
        earned = sum(money * score for money, score in scores)
        return (earned / weight if weight else 0.0), len(scores)

    def is_borrowed(self, month: int, segment: str) -> bool:
        """Over six months NRR held while margin and durability fell, now and a quarter ago."""

        def raw(m: int) -> bool:
            group = self.members_of(segment)
            now, then = self.durability(m, segment), self.durability(m - 6, segment)
            return (
                min(now[1], then[1]) >= 10
                and self.retention(m, group)[0] >= self.retention(m - 6, group)[0]
                and self.margin(m, segment) - self.margin(m - 6, segment) <= -0.01
                and now[0] - then[0] <= -0.03
            )

        return raw(month) and raw(month - 3)

    def arr_per_head(self, month: int) -> tuple[float, float]:
        """ARR, and ARR by full-time equivalents."""
        staff = {text: float(staff) for text, staff in self.rows("company_months", "month, staff")}
        arr = 12 * self.total_mrr(month)
        return arr, arr / staff[f"{month_end(month):%Y-%m}"]

    def is_behind_its_stage(self, month: int) -> bool:
        """Does ARR per head fall short of what the stage reached by ARR asks for?"""
        arr, per_head = self.arr_per_head(month)
        return any(arr >= at_least and per_head < floor for at_least, floor in STAGES)

    # --- who starts revenue events ----------------------------------------------------------------

    def starts(self, month: int, segment: str) -> Iterator[tuple[str, str, float]]:
        """(stage, who started it, MRR) of the revenue events of twelve months."""
        for facts in self.members_of(segment):
            first = self.paid_since(facts)
            touched = sorted(at for at, commercial in facts.touches if commercial)
            touched += [opened for opened, _ in facts.deals]
            moves = facts.times("limit", *MOVES)
            if first is not None and month - 12 < first <= month:
                amount = self.mrr(facts, first)
                seen = [at for at, *_ in facts.events] + [facts.signed_up_at or datetime.max]
                product = min(seen) < min(touched, default=datetime.max)
                yield "acquisition", "product" if product else "human", amount
                proven = self.proven_at(facts) or datetime.max
                yield "conversion", _who(proven, min(touched, default=None)), amount
            for m in range(month - 11, month + 1):
                rise = self.mrr(facts, m, m - 1) - self.mrr(facts, m - 1)
                if rise > 0.005 and self.mrr(facts, m - 1):
                    days = [v[0] for v in facts.versions if month_of(v[0]) == m]
                    yield "expansion", _in_window(moves, touched, min(days), 90), rise
            for old, new in pairwise(facts.terms):
                if month - 12 < month_of(new["start"]) <= month:
                    amount = float(min(old["yearly"], new["yearly"])) / 12
                    start = new["start"]
                    yield "retention", _in_window(facts.times(*MOVES), touched, start, 120), amount

    def human_started(self, month: int, segment: str) -> tuple[float, int, float]:
        """Mean share over stages of events people started; events observed; share observed."""
        events = list(self.starts(month, segment))
        shares = []
        for stage in {stage for stage, _, _ in events}:
            seen = [(who, mrr) for s, who, mrr in events if s == stage and who != "unobserved"]
            if len(seen) >= 10:
                total = sum(mrr for _, mrr in seen)
                shares.append(sum(mrr for who, mrr in seen if who == "human") / total)
        counted = [who for stage, who, _ in events if stage != "acquisition"]
        observed = [who for who in counted if who != "unobserved"]
        return mean(shares), len(observed), len(observed) / len(counted)

    def is_product_passive(self, month: int, segment: str) -> bool:
        """Growth of a tenth, four fifths started by people, value found by half the accounts."""
        growth = self.total_mrr(month, segment) / self.total_mrr(month - 12, segment) - 1
        share, events, coverage = self.human_started(month, segment)
        paying = [a for a in self.members_of(segment) if self.mrr(a, month)]
        since = edge(month) - timedelta(days=30)
        active = [a for a in paying if any(at >= since for at in a.times("value"))]
        enough = events >= 20 and coverage >= 0.6
        return enough and growth >= 0.1 and share >= 0.8 and len(active) >= len(paying) / 2


def _who(product: datetime, human: datetime | None) -> str:
    if human is None:
        return "product" if product < datetime.max else "unobserved"
    return "product" if product < human else "human"


def _in_window(moves: list, touched: list, day: date, length: int) -> str:
    """Who came first in the days before an event, and three after it."""
    start = datetime.combine(day, time()) - timedelta(days=length)
    until = datetime.combine(day, time()) + timedelta(days=3)
    product = min((at for at in moves if start < at <= until), default=datetime.max)
    return _who(product, min((at for at in touched if start < at <= until), default=None))
