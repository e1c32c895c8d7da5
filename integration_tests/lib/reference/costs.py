"""Costs, margins and headcount: of the company, a segment and an account."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache

from .contract import Row
from .facts import COMPANY, AccountFacts, Facts, Scope
from .ratios import ZERO, ratio, total

TO_SERVE = {"support", "customer_success"}


class Costs:
    """What revenue cost; a month without cost rows is unknown, never free."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.config = facts, facts.config
        self._rows: dict[date, list[Row]] = defaultdict(list)
        self._cogs_rows: dict[date, list[Row]] = defaultdict(list)
        self._cogs_rows_of: dict[tuple[str | None, date], list[Row]] = defaultdict(list)
        for row in facts.staged.valid["account_costs"]:
            self._rows[row["month"]].append(row)
            if row["cost_type"] in self.config.cogs_cost_types:
                self._cogs_rows[row["month"]].append(row)
                self._cogs_rows_of[row["account"], row["month"]].append(row)
        self.of_account = cache(self.of_account)
        self._all_of = cache(self._all_of)
        self._company = {row["month"]: row for row in facts.staged.valid["company_months"]}

    def months_of_year(self, month: date) -> list[date]:
        """The trailing twelve months as far as the marts go back."""
        return [m for m in self.facts.last_year(month) if m >= self.facts.months[0]]

    def headcount(self, month: date) -> Decimal | None:
        """FTE at the month's end."""
        return self._company.get(month, {}).get("headcount_fte")

    # ── a month ──────────────────────────────────────────────────────────────────────────────

    def revenue(self, month: date, scope: Scope = COMPANY) -> Decimal:
        """The company's recognized revenue where stated, else month-end MRR."""
        if scope == COMPANY:
            stated = self._company.get(month, {}).get("recognized_revenue")
            return self.facts.company_mrr(month) if stated is None else stated
        return total(self.facts.mrr(facts, month) for facts in self.facts.members(scope))

    def cogs(self, month: date, scope: Scope = COMPANY) -> Decimal | None:
        """Cost of revenue; a segment's is that of its accounts."""
        if scope != COMPANY:
            costs = [self.of_account(facts, month) for facts in self.facts.members(scope)]
            return None if None in costs or not costs else total(costs)
        stated = self._company.get(month, {}).get("cogs")
        return self._all_of(month) if stated is None else stated

    def of_account(self, facts: AccountFacts, month: date) -> Decimal | None:
        """Its own costs and its part of the shared ones, by MRR."""
        if self._all_of(month) is None:
            return None
        shared = self._sum(self._cogs_rows_of[None, month]) or ZERO
        own = self._sum(self._cogs_rows_of[facts.account.account_id, month]) or ZERO
        part = ratio(self.facts.mrr(facts, month), self.facts.company_mrr(month)) or ZERO
        return own + shared * part

    def _all_of(self, month: date) -> Decimal | None:
        """Everybody's costs of the month, and the shared ones."""
        return self._sum(self._cogs_rows[month])

    def to_serve(self, month: date) -> Decimal | None:
        """Support and customer success."""
        if not self._rows[month]:
            return None
        rows = [row for row in self._rows[month] if row["cost_type"] in TO_SERVE]
        return self._sum(rows) if rows else ZERO

    def _sum(self, rows: list[Row]) -> Decimal | None:
        """In the reporting currency; unknown without rows or without a rate."""
        amounts = []
        for row in rows:
            rate = self.facts.revenue.rates.at_or_before(row["currency"], row["month"])
            if rate is None:
                return None
            amounts.append(row["amount"] * rate)
        return total(amounts) if amounts else None

    # ── twelve months ────────────────────────────────────────────────────────────────────────

    def revenue_ttm(self, month: date, scope: Scope = COMPANY) -> Decimal:
        """Revenue of the months available."""
        return total(self.revenue(m, scope) for m in self.months_of_year(month))

    def cogs_ttm(self, month: date, scope: Scope = COMPANY) -> Decimal | None:
        """Unknown if any month is."""
        costs = [self.cogs(m, scope) for m in self.months_of_year(month)]
        return None if None in costs else total(costs)

    def to_serve_ttm(self, month: date) -> Decimal | None:
        """Unknown if any month is."""
        costs = [self.to_serve(m) for m in self.months_of_year(month)]
        return None if None in costs else total(costs)

    def margin_ttm(self, month: date, scope: Scope = COMPANY) -> Decimal | None:
        """Gross margin of a company or segment."""
        if month < self.facts.months[0]:
            return None
        return margin(self.revenue_ttm(month, scope), self.cogs_ttm(month, scope))

    def account_margin_ttm(self, facts: AccountFacts, month: date) -> Decimal | None:
        """Gross margin of one account."""
        months = self.months_of_year(month)
        costs = [self.of_account(facts, m) for m in months]
        if None in costs:
            return None
        return margin(total(self.facts.mrr(facts, m) for m in months), total(costs))


def margin(revenue: Decimal, costs: Decimal | None) -> Decimal | None:
    """What remains of revenue, as a fraction."""
    return None if costs is None else ratio(revenue - costs, revenue)
