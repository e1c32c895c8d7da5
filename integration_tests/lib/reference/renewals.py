"""Contract terms, what followed them, and what a renewal was worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .config import Config
from .contract import Row
from .ratios import ZERO
from .revenue import Rates
from .timeline import month_of


@dataclass(frozen=True)
class Term:
    """One contract term."""

    contract_id: str
    account: str
    previous: str | None
    start: date
    end: date
    local_mrr: Decimal
    currency: str
    discount: Decimal
    signed: date
    auto_renew: bool

    @property
    def months(self) -> int:
        """Length in calendar months."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month


@dataclass(frozen=True)
class Renewal:
    """An expiring term and the one that follows it, MRR at the expiring term's rates."""

    expiring: Term
    successor: Term
    mrr_before: Decimal | None
    mrr_after: Decimal | None

    @property
    def amount(self) -> Decimal | None:
        """The MRR that was carried over."""
        if self.mrr_before is None or self.mrr_after is None:
            return None
        return min(self.mrr_before, self.mrr_after)

    @property
    def is_mrr_lower(self) -> bool | None:
        """Unknown when a rate is missing."""
        if self.mrr_before is None or self.mrr_after is None:
            return None
        return round(self.mrr_after, 6) < round(self.mrr_before, 6)

    @property
    def is_shorter(self) -> bool:
        """Fewer calendar months."""
        return self.successor.months < self.expiring.months

    def is_deeper(self, config: Config) -> bool:
        """A discount deeper by more than two points."""
        return self.successor.discount - self.expiring.discount > config.deeper_discount

    def is_bought_early(self, config: Config) -> bool:
        """Signed long before the end, for a deeper discount."""
        early = self.expiring.end - timedelta(days=config.early_renewal_days)
        return self.successor.signed < early and self.is_deeper(config)

    def is_worse(self, config: Config) -> bool:
        """Lower, more discounted or shorter."""
        return bool(self.is_mrr_lower) or self.is_deeper(config) or self.is_shorter

    def score(self, config: Config) -> Decimal | None:
        """A quarter for each thing that did not get worse; unknown while the MRR is."""
        if self.is_mrr_lower is None:
            return None
        failed = (
            self.is_deeper(config)
            + self.is_shorter
            + self.is_mrr_lower
            + self.is_bought_early(config)
        )
        return Decimal(4 - failed) / 4


class Contracts:
    """All valid terms by account, and each one's renewal."""

    def __init__(self, rows: list[Row], rates: Rates) -> None:
        self.rates = rates
        self.terms = sorted((_term(row) for row in rows), key=lambda t: t.contract_id)
        self.by_account: dict[str, list[Term]] = defaultdict(list)
        followers: dict[str, list[Term]] = defaultdict(list)
        for term in self.terms:
            self.by_account[term.account].append(term)
            if term.previous and term.previous != term.contract_id:
                followers[term.previous].append(term)
        self.renewal: dict[str, Renewal] = {}
        for term in self.terms:
            if followers[term.contract_id]:
                self.renewal[term.contract_id] = self._renewal(term, followers[term.contract_id])

    def mrr(self, term: Term, month: date) -> Decimal | None:
        """The term's MRR at the month's rate, or the latest earlier one."""
        rate = self.rates.at_or_before(term.currency, month)
        return None if rate is None else term.local_mrr * rate

    def own_mrr(self, term: Term) -> Decimal | None:
        """The term's MRR at its own start."""
        return self.mrr(term, month_of(term.start))

    def renewals_of(self, account: str) -> Iterable[Renewal]:
        """The renewals of the account's own terms."""
        for term in self.by_account.get(account, []):
            if term.contract_id in self.renewal:
                yield self.renewal[term.contract_id]

    def renewal_date(self, account: str, day: date) -> date | None:
        """The next end of a signed term that is not renewed yet, as known that day."""
        return min(
            (
                term.end
                for term in self.by_account.get(account, [])
                if term.end > day and term.signed <= day and not self._is_renewed(term, day)
            ),
            default=None,
        )

    def _is_renewed(self, term: Term, day: date) -> bool:
        """Whether a successor is signed by that day."""
        renewal = self.renewal.get(term.contract_id)
        return bool(renewal and renewal.successor.signed <= day)

    def is_decided(self, term: Term, day: date, closing: Decimal) -> bool:
        """Whether an ended term was renewed, or its account left."""
        return self._is_renewed(term, day) or not closing

    def score_at(self, term: Term, day: date, closing: Decimal, config: Config) -> Decimal | None:
        """How well an ended term was kept: renewed, churned (0), or still open (NULL)."""
        renewal = self.renewal.get(term.contract_id)
        if renewal and renewal.successor.signed <= day:
            return renewal.score(config)
        return None if closing else ZERO

    def _renewal(self, term: Term, followers: list[Term]) -> Renewal:
        first = min(followers, key=lambda t: (t.signed, t.start, t.contract_id))
        month = month_of(term.start)
        return Renewal(term, first, self.mrr(term, month), self.mrr(first, month))


def _term(row: Row) -> Term:
    signed = row["signed_at"]
    return Term(
        contract_id=row["contract_id"],
        account=row["account"],
        previous=row["previous_contract_id"],
        start=row["term_start"],
        end=row["term_end"],
        local_mrr=row["contract_mrr"],
        currency=row["currency"],
        discount=row["discount_share"] or ZERO,
        signed=signed.date() if signed else row["term_start"],
        auto_renew=bool(row["auto_renew"]),
    )
