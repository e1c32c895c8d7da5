"""Who the accounts are, when each signs up, proves value, is contacted and pays."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from company import names, planted
from company.model import Account
from company.when import AS_OF, LAST, SEASON, at_any_hour, first_day, in_office_hours, last_day


def plan_accounts() -> list[Account]:
    """Every account of the company, in the order in which they appeared."""
    words = [f"{a} {b}" for a in names.FIRST_WORDS for b in names.SECOND_WORDS]
    Random(names.SEED).shuffle(words)
    accounts = []
    for motion, segment, count in names.MIX:
        for number in range(count):
            rng = Random(f"{names.SEED}/{motion}/{segment}/{number}")
            month = first_month((number + rng.random()) / count, segment)
            accounts.append(new_account(rng, words.pop(), motion, segment, month))
    for plant in planted.PLANTS:
        rng = Random(f"{names.SEED}/{plant.key}")
        account = new_account(rng, words.pop(), plant.motion, plant.segment, plant.starts)
        account.plant = plant.key
        plant.shape(account)
        accounts.append(account)
    accounts.sort(key=lambda a: (a.created_at, a.name))
    for number, account in enumerate(accounts, start=1):
        account.id = f"ws_{number:04d}"
    return accounts


def first_month(position: float, segment: str) -> int:
    """The month at that position (0 to 1) of a kind's arrivals, which grow with the company."""
    slope = 0.0 if segment == "enterprise" else 0.02
    weights = [(1 + slope * m) * SEASON[m % 12] for m in range(LAST)]
    left = position * sum(weights)
    for month, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return month
    return LAST - 1


def new_account(rng: Random, name: str, motion: str, segment: str, month: int) -> Account:
    """One account with its first moments, by motion."""
    low, high = names.SEATS[segment]
    day = first_day(month) + timedelta(days=int(rng.random() * last_day(month).day))
    arrived = at_any_hour(rng, day)
    account = Account(rng, name, segment, motion, created_at=arrived)
    account.channel = rng.choice(names.CHANNELS[motion not in ("sales_led", "prospect")])
    account.currency = "EUR" if rng.random() < 0.26 else "USD"
    account.seats = low + int((high - low) * rng.random() ** 1.6)
    account.price = names.PRICE[segment] * rng.choice((0.8, 1.0, 1.0, 1.2))
    account.annual = segment == "enterprise" or (
        segment == "mid_market" and rng.random() < (0.35 if motion == "self_serve" else 0.75)
    )
    if account.annual:
        account.discount = rng.choice((0.05, 0.10, 0.10, 0.15))
    _FIRST_STEPS[motion](account, rng, arrived)
    if account.paid_on and account.paid_on > AS_OF - timedelta(days=4):
        account.paid_on = None
    return account


def _self_serve(account: Account, rng: Random, arrived: datetime) -> None:
    """Signs up, finds value, checks out by card; one in six pays before value is proven."""
    account.signed_up_at = arrived
    account.proven_at = later(rng, arrived, 3, 18)
    if rng.random() < 0.16:
        account.paid_on = (arrived + timedelta(days=int(rng.random() * 2))).date()
    else:
        account.paid_on = later(rng, account.proven_at, 2, 30).date()
    if rng.random() < 0.35:
        paid_at = datetime.combine(account.paid_on, time())
        account.contacted_at = office(rng, paid_at, 30, 300)


def _assisted(account: Account, rng: Random, arrived: datetime) -> None:
    """Signs up, finds value, then a person helps to buy."""
    account.signed_up_at = arrived
    account.proven_at = later(rng, arrived, 3, 24)
    account.contacted_at = office(rng, account.proven_at, 1, 14)
    account.paid_on = later(rng, account.contacted_at, 10, 45).date()


def _sales_led(account: Account, rng: Random, arrived: datetime) -> None:
    """A rep reaches out, runs a pilot and signs a contract; one in eight hardly uses it."""
    account.contacted_at = in_office_hours(rng, arrived.date())
    account.created_at = account.contacted_at - timedelta(days=int(rng.random() * 6), minutes=5)
    days = (40, 110) if account.segment == "enterprise" else (20, 75)
    account.paid_on = later(rng, account.contacted_at, *days).date()
    account.signed_up_at = later(rng, account.contacted_at, 9, 38)
    if rng.random() < 0.88:
        account.proven_at = later(rng, account.signed_up_at, 4, 30)


def _purchase_only(account: Account, _rng: Random, arrived: datetime) -> None:
    """Buys at sign-up and never does what counts as value."""
    account.signed_up_at = arrived
    account.paid_on = arrived.date()


def _unknown(account: Account, rng: Random, arrived: datetime) -> None:
    """Pays through a reseller: no checkout, no CRM; half of them find value months later."""
    account.paid_on = arrived.date()
    if rng.random() < 0.5:
        account.signed_up_at = arrived
        account.proven_at = later(rng, arrived, 40, 130)


def _free(account: Account, rng: Random, arrived: datetime) -> None:
    """Uses the free plan; every other one finds value, most go quiet within months."""
    account.signed_up_at = arrived
    if rng.random() < 0.5:
        account.proven_at = later(rng, arrived, 4, 40)
        if rng.random() < 0.4:
            account.contacted_at = office(rng, account.proven_at, 2, 20)
    account.seats = 3 + int(rng.random() * 4)
    account.quiet_from = (arrived.year - 2023) * 12 + arrived.month + int(rng.random() ** 2 * 9)


def _prospect(account: Account, rng: Random, arrived: datetime) -> None:
    """Is called and written to, and does not buy."""
    account.contacted_at = in_office_hours(rng, arrived.date())
    account.created_at = account.contacted_at - timedelta(minutes=20)


_FIRST_STEPS = {
    "self_serve": _self_serve,
    "assisted": _assisted,
    "sales_led": _sales_led,
    "purchase_only": _purchase_only,
    "unknown": _unknown,
    "free": _free,
    "prospect": _prospect,
}


def later(rng: Random, moment: datetime, low: int, high: int) -> datetime:
    """Some days later, at any hour."""
    return at_any_hour(rng, moment.date() + timedelta(days=low + int(rng.random() * (high - low))))


def office(rng: Random, moment: datetime, low: int, high: int) -> datetime:
    """Some days later, in office hours."""
    return in_office_hours(rng, later(rng, moment, low, high).date())
