"""Larger companies, so that segments have enough accounts, events and renewals for a verdict."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .accounts import FIRST_PAID
from .board import add_costs
from .company import Company
from .customers import Customer, add_customer, add_price, bill, last_month, month_end
from .dice import DAY, HOUR, INSTANT, midnight, month_later
from .motion import COMMERCIAL, SIGNALS, deal, open_window, signal, touch
from .usage import log, prove

ACCOUNTS = 42
PROSPECTS = 8
# how often a product signal starts an event, and how often a person does
STYLES = {
    "crowd_product": (0.9, 0.1),
    "crowd_people": (0.05, 0.95),
    "crowd_mixed": (0.55, 0.55),
}


def add_crowd(company: Company) -> None:
    """Some forty customers, and a few that found value and never paid."""
    for index in range(ACCOUNTS):
        _add_member(company, index)
    for index in range(PROSPECTS):
        _add_prospect(company, index)


def _add_member(company: Company, index: int) -> None:
    """A customer of the first year and a half; prices go up with the number."""
    dice = company.dice
    apart, alike = (6, 4) if company.name == "crowd_mixed" else (12, 1)  # so many at one price
    start = FIRST_PAID + DAY * (20 + apart * index)
    customer = add_customer(
        company,
        dice.pick([start, start, start.replace(day=1)]),
        mrr=(200 + 40 * (index - index % alike)) * Decimal(str(company.build.crowd_price)),
    )
    is_product = dice.chance(STYLES[company.name][0])
    if company.name == "crowd_mixed":
        is_product = index % 2 == 0  # so that both groups have every price
    _convert(company, customer, is_product)
    _change(company, customer)
    bill(company, customer)
    previous = None
    for turn in customer.turns(company.build):
        if turn.stage in ("expansion", "reactivation"):
            _start(company, customer, turn.stage, turn.day, previous)
        previous = turn.day
    _renew(company, customer)
    _use(company, customer, index)
    if index % 3 == 0:
        add_costs(company, customer, types=1)


def _convert(company: Company, customer: Customer, is_product: bool) -> None:
    dice, paid = company.dice, midnight(customer.prices[0].since)
    if is_product:
        prove(company, customer, paid - 3 * DAY)
        if dice.chance(0.5):
            signal(company, customer, paid + 9 * HOUR, "conversion", "checkout")
        if dice.chance(0.35):
            touch(company, customer, paid - DAY, [("sales", None)])
    else:
        row = company.rows["accounts"][-1]
        row["signed_up_at"], row["created_at"] = paid - 5 * DAY, paid - 25 * DAY
        touch(company, customer, paid - 20 * DAY, [("sales", None)])
        if dice.chance(0.6):
            prove(company, customer, paid + 10 * DAY)
        if dice.chance(0.3):
            deal(
                company,
                customer,
                paid - 15 * DAY,
                paid + 9 * HOUR,
                is_won=True,
                opportunity_type="new_business",
            )


def _change(company: Company, customer: Customer) -> None:
    """Expansions in waves, a few contractions, and some that leave."""
    dice, first = company.dice, customer.prices[0]
    day = first.since
    for _ in range(dice.pick([1, 2, 2])):
        day = day + DAY * dice.pick([130, 200, 260, 93])
        if day <= company.build.as_of:
            rise = Decimal(dice.pick(["1.1", "1.2", "1.35", "1.05", "0.93"]))
            seats = dice.pick([first.seats, first.seats, 20])
            add_price(company, customer, day, customer.mrr_on(day) * rise, seats)
    surge = date(2024, 1, 10) + DAY * dice.number(0, 220)
    if company.name == "crowd_people" and surge > day and dice.chance(0.7):
        day = surge
        add_price(company, customer, day, customer.mrr_on(day) * Decimal("1.3"), first.seats)
    fate = dice.number(0, 19)
    if fate < 3:
        day = day + DAY * 100
        if day <= company.build.as_of:
            add_price(company, customer, day, Decimal(0))
            if fate == 0 and day + 90 * DAY <= company.build.as_of:
                add_price(company, customer, day + 90 * DAY, first.mrr)


def _start(
    company: Company, customer: Customer, stage: str, day: date, previous: date | None
) -> None:
    """A signal, a touch, both, or neither."""
    dice = company.dice
    product, people = STYLES[company.name]
    window = open_window(company, stage, day, previous)
    at = window.opens + (window.closes - window.opens) / 2
    if dice.chance(product):
        signal(company, customer, at, stage, dice.pick(SIGNALS[stage]))
    if dice.chance(people):
        touch(company, customer, at + dice.pick([-1, 1, 1]) * dice.pick([DAY, INSTANT]), COMMERCIAL)


def _renew(company: Company, customer: Customer) -> None:
    """Yearly terms; the later they end, the dearer their renewals were bought."""
    dice = company.dice
    start, contract, share, is_first = customer.prices[0].since, None, Decimal("0.1"), True
    months = dice.pick([12, 12, 6])
    while start <= company.build.as_of + 30 * DAY:
        end = month_later(start, months)
        is_hard = start > date(2023, 12, 1) if company.name != "crowd_mixed" else dice.chance(0.3)
        signed = midnight(start) - DAY * dice.pick([20, 0])
        if is_hard and not is_first and dice.chance(0.8):
            share += Decimal("0.1")
            signed = midnight(start) - DAY * dice.pick([20, 100])
        successor = company.id("k")
        company.add(
            "contracts",
            contract_id=successor,
            account_id=customer.account_id,
            previous_contract_id=contract,
            term_start=start,
            term_end=end,
            contract_mrr=customer.mrr_on(start) or customer.prices[0].mrr,
            currency=customer.currency,
            discount_share=share,
            signed_at=signed,
            auto_renew=dice.chance(0.3),
        )
        if not is_first:
            _start(company, customer, "retention", start, None)
        if customer.prices[-1].mrr == 0 and customer.prices[-1].since <= end:
            return
        start, contract, is_first = end, successor, False


def _use(company: Company, customer: Customer, index: int) -> None:
    """Value for some months; a few hit limits, and for a few usage and value part ways."""
    dice = company.dice
    month = month_later(customer.prices[0].since.replace(day=1), 1)
    last = last_month(company)
    is_hollow = index % 7 == 2
    busy = 8 if company.name == "crowd_people" else 14  # months of every fourteen
    number = 0
    while month <= last:
        at = midnight(month) + DAY * dice.number(0, 26)
        if index % 2 == 0 and number < busy:
            log(
                company,
                customer,
                at,
                "fix",
                max(24 - 2 * number, 2) if is_hollow else 24,
                customer.user(number % 2),
            )
            if is_hollow:
                log(company, customer, at, "login", 10 + 8 * number, customer.user(0))
        elif number % 4 == index % 4 or index % 3 == 0:
            log(company, customer, at, "fix", user=customer.user(0))
        if index % 5 == 1 and number % 12 >= 3:
            end = midnight(month_end(month))
            log(company, customer, end - 12 * DAY, "quota", 2)
            log(company, customer, end - 2 * DAY, "quota", dice.pick([1, 1, 1, 2]))
        number = (number + 1) % 14
        month = month_later(month, 1)


def _add_prospect(company: Company, index: int) -> None:
    """Value month after month, whether somebody answers or not."""
    account_id = company.id("a")
    proven = midnight(month_later(date(2022, 9, 12), 3 * index))
    if index == 0 and company.build.crm_starts > FIRST_PAID:
        proven = company.build.crm_starts_at
    company.add(
        "accounts",
        account_id=account_id,
        segment=company.name,
        is_internal=None,
        signed_up_at=proven - 5 * DAY,
        created_at=proven - 5 * DAY,
    )
    prospect = Customer(account_id, proven - 5 * DAY, proven, None)
    prove(company, prospect, proven)
    if company.dice.chance(company.build.answered):
        touch(company, prospect, proven + DAY * company.dice.pick([40, 10, 20, -10]), COMMERCIAL)
    month, last = month_later(proven.date().replace(day=1), 1), last_month(company)
    while month <= last and index != 4:
        log(company, prospect, midnight(month) + 15 * DAY, "fix", user=prospect.user(0))
        month = month_later(month, 1)
