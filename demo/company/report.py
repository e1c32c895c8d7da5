"""What the company does with its usage report each month: whoever grows hears from it soon."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from company.billing import Fate
from company.crm import CrmLog
from company.model import Account
from company.product import ProductLog
from company.when import LAST, first_day, in_office_hours, month_of

MISSED = 0.10  # share of reports nobody acted on
PAUSE = 3  # months before the next offer


def act(account: Account, product: ProductLog, crm: CrmLog, fate: Fate) -> None:
    """An offer in the product, or a call by account management, in the month after the report."""
    if account.paid_on is None or account.plant:
        return
    month = month_of(account.paid_on) + 3
    while month < LAST:
        if not _grew(account, month):
            month += 1
            continue
        if not fate.strikes(account, "miss", MISSED):
            day = first_day(month + 1) + timedelta(days=int(1 + account.rng.random() * 8))
            if account.is_product_led and not account.annual:
                shown = datetime.combine(day, time(10)) + timedelta(minutes=day.day * 7)
                product.add(account, shown, "upgrade_prompt_shown")
            else:
                call = in_office_hours(account.rng, day)
                crm.touch(account, call, "Call", "Account Management", "expansion", minutes=20)
        month += PAUSE


def _grew(account: Account, month: int) -> bool:
    """Does it pay, and are its seats nearly all in use, or its people a fifth more?"""
    people = [account.active.get(m, 0) for m in range(month - 5, month + 1)]
    before, now = sum(people[:3]), sum(people[3:])
    is_full = people[5] >= max(1, 0.8 * account.seats_at(month))
    return bool(account.mrr_at(month)) and (is_full or now >= max(1.2 * before, before + 6))
