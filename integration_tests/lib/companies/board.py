"""What a board looks at: costs, margins and headcount that rise and fall over the months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from .accounts import FIRST_PAID
from .builds import Build
from .company import Company, Row
from .customers import Customer, last_month, month_end
from .dice import DAY, Dice, day_of, month_later
from .dirt import TOO_MUCH

TYPES = ["hosting", "support", "customer_success", "third_party", "payment_processing", "services"]
# of revenue, quarter by quarter from the first paid month on; then from the start again
COSTS = [0.3, 0.25, 0.2, 0.22, 0.2, 0.25, 0.35, 0.45, 0.5, 0.5]
REVENUE_PER_HEAD = [60, 80, 110, 130, 90, 60, 75, 100, 140, 130]  # thousands a year


def add_costs(company: Company, customer: Customer, types: int = 2) -> None:
    """Costs of its own, a share of what it pays that moves with the times."""
    dice = company.dice
    drift = dice.pick([0, 0, 2, 5]) * company.build.swing  # percent of the price a quarter
    kinds = [dice.pick(TYPES) for _ in range(types)]
    month, last = customer.prices[0].since.replace(day=1), last_month(company)
    while month <= last:
        paid = customer.mrr_on(month_end(month))
        quarter = _quarter(month)
        for kind in dict.fromkeys(kinds):
            share = _at(COSTS, company.build, month) / 4 + Decimal(str(drift * quarter)) / 100
            amount = (paid * share).quantize(Decimal("0.01"))
            if not dice.chance(0.05):
                company.add(
                    "account_costs",
                    account_id=customer.account_id,
                    cost_type=kind,
                    month=month + DAY * dice.pick([0, 14]),
                    amount=amount,
                    currency=dice.pick([customer.currency] * 5 + ["USD"]),
                )
        month = month_later(month, 1)


def _quarter(month: date) -> int:
    """Which one of the companies' paid life."""
    return max((month.year - FIRST_PAID.year) * 12 + month.month - FIRST_PAID.month, 0) // 3


def _at(wave: list[float], build: Build, month: date) -> Decimal:
    """How high a wave is, which begins again when it is over."""
    usual = sum(wave) / len(wave)
    height = wave[(_quarter(month) + build.phase) % len(wave)]
    return Decimal(str(round(usual + (height - usual) * build.swing, 4)))


def company_wide(build: Build, delivered: dict[str, list[Row]]) -> None:
    """Shared costs and the company's months, in proportion to what all companies earn."""
    dice = Dice(f"{build.name}/board")
    earned = _earned(build, delivered["revenue"])
    month = date(2022, 1, 1)
    while month <= build.as_of.replace(day=1):
        revenue = round(earned.get(month, Decimal(0)), 2)
        costs = _at(COSTS, build, month)
        if month not in build.months_without_costs:
            for kind in ("hosting", "support"):
                share = costs * Decimal(str(build.cost_level)) / 2
                delivered["account_costs"].append(
                    {
                        "account_id": None,
                        "month": month,
                        "cost_type": kind,
                        "amount": round(revenue * share, 2),
                        "currency": "USD",
                    }
                )
        per_head = 1000 * _at(REVENUE_PER_HEAD, build, month) * Decimal(str(build.productivity))
        if not dice.chance(0.04):  # a month that nobody filled in
            company_month = {
                "month": month,
                "headcount_fte": max(round(revenue * 12 / per_head, 2), Decimal("0.5")),
                "cogs": None,
                "recognized_revenue": None,
            }
            if dice.chance(build.overrides):
                company_month["cogs"] = round(revenue * costs, 2)
            if dice.chance(build.overrides):
                company_month["recognized_revenue"] = round(revenue * Decimal("0.98"), 2)
            if dice.chance(0.04):
                company_month["headcount_fte"] = None
            delivered["company_months"].append(company_month)
            if dice.chance(build.dirt / 2):  # once more, and different in a column or two
                again = {
                    name: dice.pick([company_month[name], revenue + 1, None])
                    for name in ("headcount_fte", "cogs", "recognized_revenue")
                }
                delivered["company_months"].append({"month": month, **again})
        month = month_later(month, 1)
    delivered["account_costs"] = [
        row
        for row in delivered["account_costs"]
        if row["month"] is None or row["month"].replace(day=1) not in build.months_without_costs
    ]


def _earned(build: Build, rows: Iterable[Row]) -> dict[date, Decimal]:
    """About the revenue of each month, with every large currency taken for the same."""
    earned: dict[date, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["currency"] == "JPY" or abs(row.get("mrr") or row.get("amount") or 0) >= TOO_MUCH:
            continue
        if build.shape == "snapshots":
            if row["month"] and row["mrr"]:
                earned[row["month"].replace(day=1)] += Decimal(row["mrr"])
            continue
        since = row.get("valid_from") or row.get("service_start")
        until = row.get("valid_to") or row.get("service_end") or build.as_of
        since, until = day_of(since), day_of(until)
        amount = row.get("mrr") or row.get("amount") or 0
        if since is None or until is None or (row.get("line_type") or "") in ("one_time", "refund"):
            continue
        days = (until - since).days
        month = since.replace(day=1)
        while month <= min(until, build.as_of):
            if since <= month_end(month) < until:
                share = Decimal(1) if build.shape == "periods" else Decimal(30) / max(days, 28)
                earned[month] += Decimal(amount) * share
            month = month_later(month, 1)
    return earned
