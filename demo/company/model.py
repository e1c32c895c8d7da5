"""What the generator knows about one account before it writes any raw row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from company.when import last_day


@dataclass
class Version:
    """One priced state of a subscription: what was billed from `start` until before `end`."""

    start: date
    end: date | None
    seats: int
    price: float  # list price per seat and month
    discount: float = 0.0
    item: str = "seats"
    idle: int = 0  # seats bought beyond need
    trial: bool = False
    annual: bool = False
    currency: str = "USD"

    @property
    def mrr(self) -> float:
        """Money per month in the version's own currency, net of discount."""
        return 0.0 if self.trial else round(self.seats * self.price * (1 - self.discount), 2)

    def covers(self, day: date) -> bool:
        """Is the version in force on that day?"""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass
class Term:
    """One contract term."""

    start: date
    end: date
    mrr: float
    discount: float
    signed_on: date
    auto_renews: bool
    currency: str = "USD"


@dataclass
class Moment:
    """A turning point in billing that product and sales leave traces around."""

    day: date
    kind: str  # paid, expanded, contracted, churned, returned, renewed
    trigger: str = ""  # product, assisted, sales
    mrr: float = 0.0  # after it, in the account's currency
    delta_mrr: float = 0.0
    signed_on: date | None = None  # where a renewal was signed after it began


@dataclass
class Account:
    """One workspace of the product, one customer or prospect of the company."""

    rng: Random
    name: str
    segment: str
    motion: str  # self_serve, assisted, sales_led, purchase_only, unknown, free, prospect
    created_at: datetime
    channel: str = "organic"
    currency: str = "USD"
    plant: str = ""
    id: str = ""
    signed_up_at: datetime | None = None
    proven_at: datetime | None = None
    contacted_at: datetime | None = None
    lost_after: int | None = None  # days from the first contact to the lost deal's end
    paid_on: date | None = None
    quiet_from: int | None = None
    left_on: date | None = None
    seats: int = 5
    price: float = 29.0
    discount: float = 0.0
    annual: bool = False
    idle: int = 0
    # Scripted accounts keep their billing as it is, but for a last day or a smaller renewal.
    frozen: bool = False
    leaves_on: date | None = None
    renewal_factor: float = 1.0
    versions: list[Version] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    # Scripted accounts set these by month; everyone else follows the general rules.
    people: dict[int, int] = field(default_factory=dict)
    depth: dict[int, float] = field(default_factory=dict)
    value: dict[int, float] = field(default_factory=dict)
    # Usage: the share of seats that people sit on, how many used it by month, plans begun.
    used_share: float = 0.0
    active: dict[int, int] = field(default_factory=dict)
    plans_begun: float = -2.5  # three are needed to prove value, they count
    events: list[tuple[datetime, str, str]] = field(default_factory=list)
    touches: list[dict] = field(default_factory=list)

    @property
    def is_product_led(self) -> bool:
        """Did the product come first in this account's story?"""
        return self.motion in ("self_serve", "assisted", "purchase_only")

    def mrr_at(self, month: int) -> dict[str, float]:
        """Month-end MRR by currency."""
        totals: dict[str, float] = {}
        for version in self.versions:
            if version.covers(last_day(month)) and version.mrr:
                totals[version.currency] = totals.get(version.currency, 0.0) + version.mrr
        return totals

    def seats_at(self, month: int) -> int:
        """Seats paid for, or on trial, at month end; those bought beyond need left out."""
        return sum(
            v.seats - v.idle
            for v in self.versions
            if v.item == "seats" and v.covers(last_day(month))
        )
