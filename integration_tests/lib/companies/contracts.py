"""Contracts: chains of terms, renewed early, late, cheaper, shorter, twice or not at all."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from .company import Company
from .customers import Customer, month_end
from .dice import DAY, midnight, month_later
from .motion import CASES, open_window

SHARES = [Decimal(text) for text in ("0", "0.1", "0.12", "0.1201", "0.13", "0.3")]


def sign(company: Company, customer: Customer) -> None:
    """Terms end to end for as long as it pays; each renewal is worse in a way, or in none."""
    dice, build = company.dice, company.build
    months = dice.pick([12, 12, 6, 3])
    term = {
        "contract_id": company.id("k"),
        "term_start": customer.prices[0].since,
        "term_end": month_later(customer.prices[0].since, months),
        "contract_mrr": customer.mrr_on(customer.prices[0].since),
        "discount_share": dice.pick([None, Decimal("0.1"), Decimal("0.1")]),
        "signed_at": None,
        "auto_renew": dice.pick([True, True, False, None]),
        "currency": customer.currency,
    }
    if dice.chance(0.25):  # ends when somebody looks: 120 days after a month's end, or 121
        end = month_end(term["term_end"]) + DAY * dice.pick([120, 121])
        term["term_end"] = end
    _deliver(company, customer, term)
    while term["term_end"] <= build.as_of + 60 * DAY and dice.chance(0.85):
        successor = _renew(company, customer, term)
        if dice.chance(0.15):
            twin = _renew(company, customer, term)
            if dice.chance(0.6):  # signed together, and perhaps beginning together
                twin["signed_at"] = successor["signed_at"]
                twin["term_start"] = dice.pick([successor, successor, twin])["term_start"]
                if dice.chance(0.5):
                    twin["contract_id"], successor["contract_id"] = (
                        successor["contract_id"],
                        twin["contract_id"],
                    )
            _deliver(company, customer, twin)
        _deliver(company, customer, successor)
        window = open_window(company, "retention", successor["term_start"], term["term_start"])
        dice.pick(CASES)(company, customer, window)
        if dice.chance(0.2):
            _find_value(company, customer, successor["term_start"])
        term = successor


def _renew(company: Company, customer: Customer, term: dict[str, Any]) -> dict[str, Any]:
    dice = company.dice
    start, end = term["term_start"], term["term_end"]
    months = max((end.year - start.year) * 12 + end.month - start.month, 1)
    begins = end + DAY * dice.pick([0] * 8 + [5, -5])
    ends = month_later(begins, dice.pick([months, months, months, 12, max(months - 1, 1)]))
    mrr = dice.pick(
        [term["contract_mrr"]] * 2
        + [
            customer.mrr_on(begins) or term["contract_mrr"],
            term["contract_mrr"] - Decimal("0.01"),
            term["contract_mrr"] * 2,
        ]
    )
    currency = term["currency"]
    if dice.chance(0.12):  # to one with few rates or none
        currency = dice.pick(["SEK", "CHF", "JPY", "USD", "EUR"])
    day = midnight(end)
    return {
        "contract_id": company.id("k"),
        "previous_contract_id": term["contract_id"],
        "term_start": begins,
        "term_end": ends,
        "contract_mrr": mrr,
        "discount_share": dice.pick([term["discount_share"]] * 3 + [None, *SHARES]),
        "signed_at": dice.pick(
            [
                None,
                day,
                day - 30 * DAY,
                day - 30 * DAY,
                day - 90 * DAY,
                day - 91 * DAY,
                day - 91 * DAY,
                day + 40 * DAY,  # after it began
                datetime.combine(company.build.as_of + dice.pick([0, 0, 1]) * DAY, time(23, 59)),
            ]
        ),
        "auto_renew": dice.pick([True, True, False, None]),
        "currency": currency,
    }


def _deliver(company: Company, customer: Customer, term: dict[str, Any]) -> None:
    account = customer.account_id
    if company.dice.chance(0.04):  # a renewal by an affiliate
        account = company.dice.pick(company.rows["accounts"])["account_id"]
    subscription = company.dice.pick([None, None, account])
    company.add("contracts", account_id=account, subscription_id=subscription, **term)


def _find_value(company: Company, customer: Customer, day: date) -> None:
    """Value shortly before a renewal that nobody talks about."""
    company.add(
        "product_events",
        event_id=company.id("e"),
        account_id=customer.account_id,
        event_name="fix",
        occurred_at=midnight(day) - DAY * company.dice.pick([5, 60, 120]),
    )
