"""plr_pql_funnel: from sign-up to value, before any contact or after, and to payment."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from .comparison import wilson
from .contract import Row
from .facts import AccountFacts, Facts
from .openings import is_covered
from .ratios import nearest_rank, ratio, total
from .timeline import DAY, Interval, last_day, midnight, month_of, separately

ALL = "all"


@dataclass(frozen=True)
class SignUp:
    """What became of an account within some days of its sign-up."""

    signed_up: date
    had_paid: bool
    is_covered: bool
    value: Interval | None
    contact: Interval | None
    paid: date | None
    new_mrr: Decimal

    @property
    def is_value_first(self) -> bool:
        """A product-qualified account: value was proven before any contact."""
        if self.value is None:
            return False
        return self.contact is None or self.value.hi < self.contact.lo

    @property
    def is_contact_first(self) -> bool:
        """Contacted, and value was not proven before; ties go here."""
        return self.contact is not None and not self.is_value_first

    @property
    def paid_after(self) -> str | None:
        """Value or contact, if it came by the end of the first paid day; else neither."""
        if self.paid is None:
            return None
        end = midnight(self.paid) + DAY
        if self.is_value_first and self.value.hi < end:
            return "value"
        if self.is_contact_first and self.contact.lo < end:
            return "contact"
        return "neither"


def funnel_rows(facts: Facts) -> list[Row]:
    """A row for every month, segment and channel with a sign-up, for each horizon."""
    groups: dict[tuple, list[SignUp]] = defaultdict(list)
    for account in facts:
        signed_up = account.account.signed_up_at
        if signed_up is None or month_of(signed_up.date()) > facts.config.last_complete_month:
            continue
        segments = {ALL, account.account.segment}
        channels = {ALL, account.account.channel}
        for days in _horizons(facts):
            sign_up = _sign_up(facts, account, days)
            for key in product([month_of(signed_up.date())], segments, channels, [days]):
                groups[key].append(sign_up)
    return [_row(key, groups[key], facts) for key in sorted(groups)]


def _horizons(facts: Facts) -> list[int]:
    """A snapshot tells of its month's end alone: nothing of less than a month."""
    days = facts.config.funnel_horizons
    return [d for d in days if d > 30 or facts.config.revenue_shape != "snapshots"]


def _sign_up(facts: Facts, account: AccountFacts, days: int) -> SignUp:
    signed_up = account.account.signed_up_at
    until = signed_up + timedelta(days=days)
    value = account.activity if account.activity and account.activity.lo < until else None
    contact = separately([c.when for c in account.contacts if c.when.lo < until])
    revenue, account_id = facts.revenue, account.account.account_id
    first_month, paid = revenue.first_paid_month.get(account_id), account.found.paid
    had_paid = first_month is not None and (paid is None or paid < signed_up.date())
    is_paid = paid is not None and midnight(paid) < until
    return SignUp(
        signed_up=signed_up.date(),
        had_paid=had_paid,
        is_covered=is_covered(account, facts.origins, value, contact),
        value=value,
        contact=contact,
        paid=paid if is_paid else None,
        new_mrr=revenue.mrr(account_id, first_month) if is_paid else Decimal(0),
    )


def _row(key: tuple, members: list[SignUp], facts: Facts) -> Row:
    month, segment, channel, days = key
    config, months = facts.config, facts.months
    end = month_of(last_day(month) + timedelta(days=days))
    is_over = bool(months) and end <= months[-1]
    asked = [m for m in members if not m.had_paid]
    covered = [m for m in asked if m.is_covered]
    reached = [m for m in covered if m.value]
    value_first = [m for m in covered if m.is_value_first]
    contact_first = [m for m in covered if m.is_contact_first]
    paid = [m for m in covered if m.paid]
    after = {how: sum(m.paid_after == how for m in paid) for how in ("value", "contact", "neither")}
    row = {
        "signed_up_month": month,
        "segment": segment,
        "acquisition_channel": channel,
        "horizon_days": days,
        "is_horizon_over": is_over,
        "signed_up": len(asked),
        "paid_before_signup": len(members) - len(asked),
        "not_covered": len(asked) - len(covered),
        "covered": len(covered),
        "reached_value": len(reached),
        "value_before_contact": len(value_first),
        "contacted": sum(m.contact is not None for m in covered),
        "contacted_before_value": len(contact_first),
        "paid": len(paid),
        "paid_after_value": after["value"],
        "paid_after_contact": after["contact"],
        "paid_before_value": after["neither"],
        "new_mrr": total(m.new_mrr for m in paid),
        "confidence": config.confidence(len(covered)),
        "pql_to_paid_confidence": config.confidence(len(value_first)),
        "contact_first_confidence": config.confidence(len(contact_first)),
    }
    for name, part, whole in (
        ("activation", len(reached), len(covered)),
        ("pql", len(value_first), len(covered)),
        ("pql_to_paid", after["value"], len(value_first)),
        ("contact_first_to_paid", after["contact"], len(contact_first)),
    ):
        low, high = wilson(part, whole) if is_over else (None, None)
        row[f"{name}_rate"] = ratio(part, whole) if is_over else None
        row[f"{name}_ci_low"], row[f"{name}_ci_high"] = low, high
    waits = {
        "value": [(m.value.lo.date() - m.signed_up).days for m in reached],
        "paid": [(m.paid - m.signed_up).days for m in paid],
    }
    for name, values in waits.items():
        values = values if is_over else []
        least = config.median_values
        row[f"days_to_{name}_median"] = nearest_rank(values, 1, 2, least)
        row[f"days_to_{name}_p90"] = nearest_rank(values, 9, 10, least)
    return row
