"""Customers: accounts that pay long enough for motion and patterns, told price by price."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .accounts import FIRST_PAID
from .billing import last_snapshot
from .builds import Build
from .company import Company, Story
from .dice import DAY, SECOND, midnight, month_later

PRICES = [Decimal(text) for text in ("100", "100", "60", "250", "99.99", "1000")]
RISES = [Decimal(text) for text in ("1.2", "1.5", "2", "1.01", "1.2", "1.5", "1.005", "1.0099")]
FALLS = [Decimal(text) for text in ("0.95", "0.95", "0.9499", "0.9501", "0.5")]


@dataclass(frozen=True)
class Price:
    """What is paid from a day on; zero = nothing."""

    since: date
    mrr: Decimal
    seats: int | None = None


@dataclass(frozen=True)
class Turn:
    """A change of price: its stage (or churn), its day, and the churn it follows."""

    stage: str
    day: date
    churned: date | None = None


@dataclass
class Customer(Story):
    """An account whose prices are known."""

    currency: str = "USD"
    prices: list[Price] = field(default_factory=list)

    def mrr_on(self, day: date) -> Decimal:
        """What it pays on a day."""
        paid = [price.mrr for price in self.prices if price.since <= day]
        return paid[-1] if paid else Decimal(0)

    def seats_on(self, day: date) -> int | None:
        """How many seats it has on a day."""
        had = [price.seats for price in self.prices if price.since <= day]
        return had[-1] if had else None

    def user(self, number: int) -> str:
        """One of its users, as many as it takes."""
        return f"{self.account_id}_u{number}"

    def turns(self, build: Build) -> list[Turn]:
        """What its prices amount to, in order."""
        found, paid, churned = [], Decimal(0), None
        for price in self.prices:
            day = price.since
            if build.shape == "snapshots":
                day = month_end(day)
            if price.mrr > paid:
                stage = "expansion" if paid else "reactivation" if churned else "conversion"
                found.append(Turn(stage, day, churned))
            elif not price.mrr:
                churned = day
                found.append(Turn("churn", day))
            paid = price.mrr
        return found


def month_end(day: date) -> date:
    """The last day of its month."""
    return month_later(day.replace(day=1), 1) - DAY


def last_month(company: Company) -> date:
    """The last complete month."""
    return (company.build.as_of + DAY).replace(day=1) - DAY


def add_customer(
    company: Company, start: date, *, segment: str | None = None, mrr: Decimal | None = None
) -> Customer:
    """An account that begins to pay on a day, about when its value is proven."""
    dice = company.dice
    account_id = company.id("a")
    start = max(start, FIRST_PAID)
    proven = midnight(start) - dice.pick([20, 5, 0, -30]) * DAY + dice.number(0, 86_399) * SECOND
    company.add(
        "accounts",
        account_id=account_id,
        segment=segment or company.name,
        is_internal=False,
        signed_up_at=proven - 10 * DAY,
        created_at=proven - 12 * DAY,
        acquisition_channel=dice.pick(["referral", None]),
    )
    customer = Customer(
        account_id, proven - 10 * DAY, proven, start, currency=company.currency(start)
    )
    customer.users = [customer.user(number) for number in range(3)]
    seats = dice.pick([None, 5, 5, 5, 10])
    customer.prices.append(Price(start, mrr or dice.pick(PRICES), seats))
    for user in customer.users:
        company.add("users", user_id=user, account_id=account_id)
    return customer


# ── what becomes of the price ────────────────────────────────────────────────────────────────


def change_prices(company: Company, customer: Customer) -> None:
    """Up, down, out and back again, at distances that windows care about."""
    dice = company.dice
    for _ in range(dice.pick([0, 1, 2, 2, 3, 4])):
        last = customer.prices[-1]
        day = last.since + DAY * dice.pick(
            [3, 4, 30, 60, 90, 93, 94, 123, 180, dice.number(20, 400)]
        )
        if dice.chance(0.25):  # a window then opens at a month's last midnight
            day = month_end(day) + DAY * dice.pick([90, 90, 89, 91])
        if day > company.build.as_of:
            return
        if not last.mrr:
            first = customer.prices[0]
            mrr = dice.pick([first.mrr, first.mrr, *PRICES])
        elif dice.chance(0.15):
            mrr = Decimal(0)
        else:
            mrr = last.mrr * dice.pick(RISES + FALLS)
        seats = last.seats
        if seats and dice.chance(0.3):
            seats += dice.pick([5, 5, -1])
        add_price(company, customer, day, mrr, seats)
        if dice.chance(0.1) and mrr > last.mrr > 0 and day.day < 20:
            # two rises in a month, of one size or not
            mrr += dice.pick([mrr - last.mrr, Decimal(1)])
            add_price(company, customer, day + 7 * DAY, mrr, seats)


def add_price(
    company: Company, customer: Customer, day: date, mrr: Decimal, seats: int | None = None
) -> None:
    """A new price; invoices change only where a month of theirs begins."""
    if company.build.shape == "invoices":
        months = 1
        while month_later(customer.prices[0].since, months) < day:
            months += 1
        day = month_later(customer.prices[0].since, months)
    if day > customer.prices[-1].since:
        customer.prices.append(Price(day, mrr.quantize(Decimal("0.0001")), seats))


def bill(company: Company, customer: Customer) -> None:
    """The revenue rows of a customer in the build's shape, and its seats."""
    rest = [price.since for price in customer.prices[1:]]
    for price, until in zip(customer.prices, [*rest, None], strict=True):
        if price.mrr:
            {"periods": _in_periods, "invoices": _in_invoices, "snapshots": _in_snapshots}[
                company.build.shape
            ](company, customer, price, until)
    if company.build.shape == "snapshots" or company.dice.chance(0.3):
        _entitle(company, customer)


def _in_periods(company: Company, customer: Customer, price: Price, until: date | None) -> None:
    """One row, or two halves that nothing but their ids tells apart."""
    parts = 2 if company.dice.chance(0.12) else 1
    for part in range(parts):
        company.add(
            "revenue",
            subscription_period_id=company.id("p"),
            account_id=customer.account_id,
            subscription_id=f"{customer.account_id}_{part}",
            valid_from=price.since,
            valid_to=until,
            mrr=price.mrr / parts,
            currency=customer.currency,
            seats=price.seats if parts == 1 else company.dice.pick([price.seats, None]),
        )


def _in_invoices(company: Company, customer: Customer, price: Price, until: date | None) -> None:
    first = customer.prices[0].since
    stop = until or company.build.as_of + DAY
    months = 0
    while (begins := month_later(first, months)) < stop:
        months += 1
        if begins >= price.since:
            company.add(
                "revenue",
                invoice_line_id=company.id("l"),
                account_id=customer.account_id,
                subscription_id=customer.account_id,
                service_start=begins,
                service_end=month_later(first, months),
                amount=price.mrr,
                currency=customer.currency,
                line_type="recurring",
                seats=price.seats,
            )


def _in_snapshots(company: Company, customer: Customer, price: Price, until: date | None) -> None:
    month = price.since.replace(day=1)
    last = last_snapshot(company)
    while month <= last and (until is None or month_end(month) < until):
        company.add(
            "revenue",
            account_id=customer.account_id,
            month=month,
            mrr=price.mrr,
            currency=customer.currency,
        )
        month = month_later(month, 1)
    as_of = company.build.as_of
    if until is None and (as_of + DAY).day > 1:  # a month whose end is yet to come
        company.add(
            "revenue",
            account_id=customer.account_id,
            month=as_of,
            mrr=price.mrr * 2,
            currency=customer.currency,
        )


def _entitle(company: Company, customer: Customer) -> None:
    """Seats as entitlements, which win over those of periods; sometimes two at once."""
    dice = company.dice
    for price in customer.prices:
        seats = price.seats or dice.pick([None, 5])
        if seats:
            since = dice.pick([price.since, price.since, month_end(price.since)])
            company.add(
                "entitlements",
                account_id=customer.account_id,
                limit_quantity=seats,
                metric=dice.pick(["seats"] * 9 + ["projects"]),
                valid_from=since,
                valid_to=dice.pick([None, None, None, month_end(since + 200 * DAY)]),
            )
