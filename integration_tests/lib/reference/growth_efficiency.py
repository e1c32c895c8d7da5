"""plr_growth_efficiency: what a customer costs, and when it has paid for itself."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from .contract import Row
from .costs import Costs
from .facts import AccountFacts, Facts
from .ratios import ratio, total
from .timeline import DAY, midnight
from .words import read

GROUPS = ("company", "product_led", "sales_led")


class GrowthEfficiency:
    """The rows, of twelve months each; none without any spend."""

    def __init__(self, facts: Facts, costs: Costs) -> None:
        self.facts, self.costs, self.config = facts, costs, facts.config
        self._spent: dict[date, list[Row]] = defaultdict(list)
        for row in facts.staged.valid["acquisition_costs"]:
            rate = facts.revenue.rates.at_or_before(row["currency"], row["month"])
            self._spent[row["month"]].append(
                {
                    "on": read("acquisition_costs", "spent_on", row["spent_on"]) or "shared",
                    "channel": row["acquisition_channel"],
                    "amount": None if rate is None else row["amount"] * rate,
                }
            )
        spent = [row for rows in self._spent.values() for row in rows]
        channels = sorted({row["channel"] for row in spent if row["channel"]})
        self.rows = [
            self._row(month, group, channel)
            for month in facts.months
            if self._spent and month >= min(self._spent)
            for group in GROUPS
            for channel in [None, *channels]
        ]

    def _row(self, month: date, group: str, channel: str | None) -> Row:
        year = self.costs.months_of_year(month)
        spent = [row for m in year for row in self._spent.get(m, [])]
        spend = total(
            row["amount"]
            for row in spent
            if group in ("company", row["on"]) and channel in (None, row["channel"])
        )
        won = [
            facts.movements[m].new
            for facts in self.facts
            for m in year
            if m in facts.movements
            and facts.movements[m].new > 0
            and channel in (None, facts.account.acquisition_channel)
            and self._belongs(facts, group)
        ]
        missing = sum(self._is_missing(m) for m in year)
        # no spend of a group or channel is none that was given, not a customer for nothing
        is_told = not missing and spend > 0 and len(won) >= self.config.efficiency_customers
        margin = self.costs.margin_ttm(month)
        return {
            "month": month,
            "growth_group": group,
            "acquisition_channel": channel or "all",
            "spend": spend,
            "customers_won": len(won),
            "new_mrr": total(won),
            "months_without_cost": missing,
            "gross_margin_ttm": margin,
            "cac": ratio(spend, len(won)) if is_told else None,
            "payback_months": _payback(spend, total(won), margin) if is_told else None,
            "new_arr_per_spend": ratio(12 * total(won), spend) if is_told else None,
        }

    def _is_missing(self, month: date) -> bool:
        """No row, or one without a value."""
        rows = self._spent.get(month)
        return not rows or any(row["amount"] is None for row in rows)

    def _belongs(self, facts: AccountFacts, group: str) -> bool:
        if group == "product_led":
            return bool(facts.found.verdict.is_product_driven)
        if group == "sales_led":
            paid = self.facts.revenue.first_paid_date.get(facts.account.account_id)
            first = min((contact.when.lo for contact in facts.contacts), default=None)
            return bool(paid and first and first < midnight(paid) + DAY)
        return True


def _payback(spend: Decimal, new_mrr: Decimal, margin: Decimal | None) -> Decimal | None:
    """Never, where nothing is left of revenue."""
    return ratio(spend, new_mrr * margin) if margin and margin > 0 else None
