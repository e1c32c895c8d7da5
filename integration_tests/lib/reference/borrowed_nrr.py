"""plr_borrowed_nrr: retention holds while margin and the quality of renewals pay for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .contract import Row
from .costs import Costs
from .events import movements_of
from .facts import AccountFacts, Facts, Scope
from .ratios import at_least, at_most, both, change, difference, ratio, total
from .renewals import Contracts
from .timeline import last_day, shift
from .verdict import CLEAR, FLAGGED, UNKNOWN, WATCH, Finding, graded

TOP_ACCOUNTS = 5  # named as evidence


@dataclass(frozen=True)
class Durability:
    """How well the terms that came due were kept."""

    score: Decimal | None
    due: int


class BorrowedNrr:
    """The pattern's rows."""

    def __init__(
        self, facts: Facts, contracts: Contracts, costs: Costs, retention: list[Row]
    ) -> None:
        self.facts, self.contracts, self.costs = facts, contracts, costs
        self.config = facts.config
        self._nrr = {
            (row["month"], (row["scope"], row["scope_value"])): row["nrr_ttm"]
            for row in retention
            if row["scope"] != "origin"
        }
        self._durability: dict[tuple[Scope, date], Durability] = {}
        self._margins: dict[tuple[Scope, date], Decimal | None] = {}
        self._account_margins: dict[tuple[str, date], Decimal | None] = {}
        self.rows: list[Row] = []
        for scope in facts.scopes:
            self.rows += self._of(scope)
        self.by_key = {(row["month"], (row["scope"], row["scope_value"])): row for row in self.rows}

    def durability(self, scope: Scope, month: date) -> Durability:
        """Over the terms that ended in the last twelve months."""
        if (scope, month) not in self._durability:
            self._durability[scope, month] = self._measure(scope, month)
        return self._durability[scope, month]

    def _measure(self, scope: Scope, month: date) -> Durability:
        first, last = last_day(shift(month, -12)), last_day(month)
        due, kept, weights = 0, [], []
        for facts in self.facts.members(scope):
            for term in self.contracts.by_account.get(facts.account.account_id, []):
                if not first < term.end <= last or term.signed > last:
                    continue
                due += 1
                closing = self.facts.mrr(facts, month)
                score = self.contracts.score_at(term, last, closing, self.config)
                weight = self.contracts.own_mrr(term)
                if score is not None and weight is not None:
                    kept.append(weight * score)
                    weights.append(weight)
        if due < self.config.borrowed_renewals or not due:
            return Durability(None, due)
        return Durability(ratio(total(kept), total(weights)), due)

    def _margin(self, scope: Scope, month: date) -> Decimal | None:
        if (scope, month) not in self._margins:
            self._margins[scope, month] = self.costs.margin_ttm(month, scope)
        return self._margins[scope, month]

    # ── the verdict ──────────────────────────────────────────────────────────────────────────

    def _is_holding(self, scope: Scope, month: date) -> bool | None:
        """NRR did not fall in six months while margin did."""
        ago = shift(month, -6)
        nrr = change(self._nrr.get((month, scope)), self._nrr.get((ago, scope)))
        fell = change(self._margin(scope, month), self._margin(scope, ago))
        return both(
            None if nrr is None else at_least(nrr, 0),
            None if fell is None else at_most(fell, -self.config.borrowed_margin_drop),
        )

    def _is_raw(self, scope: Scope, month: date) -> bool | None:
        """Renewals got worse too; unknown where a part is, unless another says no."""
        now, ago = self.durability(scope, month), self.durability(scope, shift(month, -6))
        fell = change(now.score, ago.score)
        worse = None if fell is None else at_most(fell, -self.config.borrowed_durability_drop)
        return both(self._is_holding(scope, month), worse)

    def _judge(self, scope: Scope, month: date, row: Row) -> Finding:
        if self.facts.months.index(month) + 1 < self.config.borrowed_history_months:
            return Finding(UNKNOWN, "history_too_short")
        if row["nrr_ttm"] is None or row["nrr_ttm_6m_ago"] is None:
            return Finding(UNKNOWN, "nrr_missing")
        if row["gross_margin_ttm"] is None or row["gross_margin_ttm_6m_ago"] is None:
            return Finding(UNKNOWN, "margin_missing")
        if not self._is_holding(scope, month):
            return Finding(CLEAR, "not_borrowed")
        amount = total(self._expansion(facts, month) for facts in self._at_stake(scope, month))
        if row["is_raw"] and row["is_raw_3m_ago"]:
            return Finding(FLAGGED, "raw_twice", amount)
        return Finding(WATCH, "raw_once" if row["is_raw"] else "durability_unproven", amount)

    # ── what is at stake ─────────────────────────────────────────────────────────────────────

    def _expansion(self, facts: AccountFacts, month: date) -> Decimal:
        """Expansion MRR of the last twelve months."""
        return total(m.expansion for m in movements_of(facts, self.facts.last_year(month)))

    def _at_stake(self, scope: Scope, month: date) -> list[AccountFacts]:
        """Accounts that expanded, on a fallen margin or after a renewal on worse terms."""
        return [
            facts
            for facts in self.facts.members(scope)
            if self._expansion(facts, month) > 0
            and (self._margin_fell(facts, month) or self._renewed_badly(facts, month))
        ]

    def _margin_fell(self, facts: AccountFacts, month: date) -> bool:
        fell = difference(
            self._account_margin(facts, month), self._account_margin(facts, shift(month, -6))
        )
        return at_most(fell, -self.config.borrowed_account_margin_drop)

    def _account_margin(self, facts: AccountFacts, month: date) -> Decimal | None:
        key = (facts.account.account_id, month)
        if key not in self._account_margins:
            self._account_margins[key] = self.costs.account_margin_ttm(facts, month)
        return self._account_margins[key]

    def _renewed_badly(self, facts: AccountFacts, month: date) -> bool:
        day, closing = last_day(month), self.facts.mrr(facts, month)
        ended = [
            t
            for t in self.contracts.by_account.get(facts.account.account_id, [])
            if t.end <= day and t.signed <= day
        ]
        for term in sorted(ended, key=lambda t: (t.end, t.contract_id), reverse=True):
            if self.contracts.is_decided(term, day, closing):  # the last that is, known or not
                score = self.contracts.score_at(term, day, closing, self.config)
                return score is not None and score < 1
        return False

    # ── rows ─────────────────────────────────────────────────────────────────────────────────

    def _of(self, scope: Scope) -> list[Row]:
        months = [
            month
            for month in self.facts.months
            if (month, scope) in self._nrr or scope in self.facts.scopes_of(month)
        ]
        evidence = {month: self._evidence(scope, month) for month in months}
        findings = {month: self._judge(scope, month, evidence[month]) for month in months}
        grades = graded(findings, self.config)
        rows = []
        for month in months:
            accounts = named = None
            if grades[month]["severity"]:
                at_stake = self._at_stake(scope, month)
                accounts, named = len(at_stake), self._largest(at_stake, month)
            rows.append(
                {
                    "month": month,
                    "scope": scope[0],
                    "scope_value": scope[1],
                    **grades[month],
                    **evidence[month],
                    "accounts_at_stake": accounts,
                    "top_accounts": named,
                }
            )
        return rows

    def _largest(self, accounts: list[AccountFacts], month: date) -> str | None:
        """Those that expanded most, with their expansion in whole units; ties by id."""
        expanded = sorted(
            (-round(self._expansion(facts, month), 6), facts.account.account_id)
            for facts in accounts
        )
        return (
            ", ".join(
                f"{account} {(-amount).quantize(Decimal(1), ROUND_HALF_UP)}"
                for amount, account in expanded[:TOP_ACCOUNTS]
            )
            or None
        )

    def _evidence(self, scope: Scope, month: date) -> Row:
        ago, now = shift(month, -6), self.durability(scope, month)
        before = shift(month, -3)
        is_known = before in self.facts.months
        return {
            "nrr_ttm": self._nrr.get((month, scope)),
            "nrr_ttm_6m_ago": self._nrr.get((ago, scope)),
            "gross_margin_ttm": self._margin(scope, month),
            "gross_margin_ttm_6m_ago": self._margin(scope, ago),
            "renewal_durability": now.score,
            "renewal_durability_6m_ago": self.durability(scope, ago).score,
            "renewals_due": now.due,
            "is_raw": self._is_raw(scope, month),
            "is_raw_3m_ago": self._is_raw(scope, before) if is_known else None,
        }
