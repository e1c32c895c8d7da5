"""Rows of every build that pin company-wide facts, so that a company alone behaves as among many:

where the feeds begin and end, the first data month, every snapshot month, the exchange rates.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from .accounts import FIRST_PAID
from .billing import last_snapshot
from .company import Company
from .dice import DAY, month_later
from .dirt import TOO_MUCH

# value events by month before other companies' events begin: half, less than half, one, none
VALUE_EVENTS = {2: 8, 3: 4, 4: 3, 5: 1}


def add_founders(company: Company) -> None:
    """One account with the earliest and the latest row of every feed."""
    build, account = company.build, company.id("a")
    company.add(
        "accounts",
        account_id=account,
        segment=company.name,
        is_internal=False,
        signed_up_at=datetime(2022, 2, 1),
        created_at=datetime(2022, 2, 1),
    )
    for month, count in VALUE_EVENTS.items():
        for index in range(count):
            _event(company, account, date(2022, month, 1 + index), "fix")
    _event(company, account, build.feeds_end or build.as_of, "login")
    for day in (build.crm_starts, build.feeds_end or build.as_of):
        _crm_row(company, account, build.founded_at(day), build.crm_bounds)
    if not build.is_clean:
        _reject_before_the_start(company)
    _add_revenue(company, account)
    _add_rates(company)


def _event(company: Company, account: str, day: date, name: str) -> None:
    company.add(
        "product_events",
        event_id=company.id("e"),
        account_id=account,
        event_name=name,
        user_id=None,
        occurred_at=datetime.combine(day, time(8)),
    )


def _crm_row(company: Company, account: str, at: datetime, relation: str) -> None:
    """A CRM row that is nobody's contact."""
    if relation == "opportunities":
        company.add(
            relation,
            opportunity_id=company.id("o"),
            account_id=account,
            created_at=at,
            opportunity_type="expansion",
            created_by_team="marketing",
        )
    else:
        company.add(
            relation,
            activity_id=company.id("c"),
            account_id=account,
            occurred_at=at,
            activity_type="email",
            actor_team="marketing",
        )


def _reject_before_the_start(company: Company) -> None:
    """Rows that are refused start no feed."""
    nobody = f"{company.name}_nobody"
    _event(company, nobody, date(2021, 1, 1), "login")
    for relation in ("crm_activities", "opportunities"):
        _crm_row(company, nobody, datetime(2021, 1, 1, 12), relation)


def _add_revenue(company: Company, account: str) -> None:
    common = {"account_id": account, "currency": "USD", "subscription_id": f"{account}_s1"}
    if company.build.shape == "periods":
        company.add(
            "revenue",
            subscription_period_id=company.id("p"),
            valid_from=FIRST_PAID,
            mrr=10,
            **common,
        )
    elif company.build.shape == "invoices":
        company.add(
            "revenue",
            invoice_line_id=company.id("l"),
            service_start=FIRST_PAID,
            service_end=month_later(FIRST_PAID, 36),
            amount=360,
            line_type="recurring",
            **common,
        )
        if company.build.dirt:  # which pays for no time
            company.add(
                "revenue",
                invoice_line_id=company.id("l"),
                service_start=FIRST_PAID,
                service_end=month_later(FIRST_PAID, 1),
                amount=10,
                line_type="recurring",
                service_months=0,
                **common,
            )
    else:
        month = FIRST_PAID
        while month <= last_snapshot(company):
            company.add("revenue", month=month, mrr=10, **common)
            month = month_later(month, 1)


def _add_rates(company: Company) -> None:
    """Rates that move every month; JPY starts late, SEK comes and goes, CHF has none."""
    dice = company.dice
    start = {"USD": "0.93", "EUR": "1.08", "GBP": "1.25", "JPY": "0.0071"}
    rates = {currency: Decimal(rate) for currency, rate in start.items()}
    month = date(2022, 1, 1)
    while month <= company.build.as_of:
        for currency in rates:
            rates[currency] *= Decimal(1000 + dice.number(-15, 15)) / 1000
            rates[currency] = rates[currency].quantize(Decimal("1e-8"))
            if currency != "JPY" or month >= date(2023, 10, 1):
                company.add(
                    "fx_rates",
                    month=month + DAY * dice.number(0, 27),
                    currency=currency,
                    rate=rates[currency],
                )
                if dice.chance(company.build.dirt / 4):  # once more, and not the same
                    company.add(
                        "fx_rates",
                        month=month,
                        currency=currency,
                        rate=rates[currency] * dice.pick([2, 1, Decimal("0.5")]),
                    )
        if month.month in (3, 9):
            company.add("fx_rates", month=month, currency="SEK", rate=Decimal("0.1"))
        month = month_later(month, 1)
    if company.build.dirt:
        _spoil_tables(company)


def _spoil_tables(company: Company) -> None:
    """Each code that a table without accounts can earn."""
    future = company.build.as_of + 40 * DAY
    april = date(2022, 4, 1)
    for change in (
        {"currency": None},
        {"rate": None},
        {"month": None},
        {"rate": 0},
        {"rate": -1},
        {"month": future},
        {"rate": Decimal("0.5")},
        {"rate": Decimal("0.5")},
        {"rate": TOO_MUCH},
        {"month": date(1989, 12, 31)},
    ):
        company.add("fx_rates", **{"month": april, "currency": "SEK", "rate": 1} | change)
    for change in (
        {"month": None},
        {"headcount_fte": 0},
        {"month": future},
        {"cogs": 5},
        {"month": date(1989, 12, 31)},
        {"cogs": TOO_MUCH},
    ):
        company.add("company_months", **{"month": april, "headcount_fte": 7} | change)
