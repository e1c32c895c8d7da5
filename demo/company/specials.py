"""Awkward but ordinary lives: ties, bare dates, bookings, late logging, duplicates, families."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from company import names
from company.crm import CrmLog
from company.model import Account, Version
from company.product import ProductLog
from company.when import AS_OF, text


def bend_timing(accounts: list[Account]) -> None:
    """Give a few product-led accounts a first contact that needs the fine print of the rules."""
    rng = Random(f"{names.SEED}/timing")
    usual = [a for a in accounts if not a.plant and a.proven_at and a.proven_at.date() < AS_OF]
    assisted = [a for a in usual if a.motion == "assisted"]
    rng.shuffle(assisted)
    for account in assisted[:2]:  # contacted in the very second value was proven
        account.contacted_at = account.proven_at
    for account in assisted[2:5]:  # a bare date on the day value was proven
        _early_touch(account, account.proven_at + timedelta(hours=1), date_only=True)
    for account in assisted[5:7]:  # a midnight stamp, which is a bare date in disguise
        _early_touch(account, datetime.combine(account.proven_at.date(), time()))
    for account in assisted[7:10]:  # a demo held after, booked before
        booked = account.proven_at - timedelta(days=1, hours=2)
        held = account.proven_at + timedelta(days=4)
        _early_touch(account, held, kind="Demo", logged_at=booked)
    for account in assisted[10:12]:  # a call before, written down two weeks later
        call = account.proven_at - timedelta(days=2)
        _early_touch(account, call, kind="Call", logged_at=call + timedelta(days=13))
    alone = [a for a in usual if a.motion == "self_serve"]
    rng.shuffle(alone)
    for account, state in zip(alone[:6], ("canceled", "no_show", "planned") * 2, strict=True):
        _early_touch(account, account.proven_at - timedelta(days=1), kind="Meeting", state=state)


def _early_touch(account: Account, moment: datetime, kind: str = "Email", **more) -> None:
    """A prospecting step outside the usual course of a sale."""
    account.touches.append(
        {"moment": moment, "kind": kind, "team": "SDR", "purpose": "prospecting", **more}
    )


def switch_currency(accounts: list[Account]) -> None:
    """One customer moves from dollars to euros at about the same value."""
    account = next(
        a
        for a in accounts
        if a.currency == "USD"
        and a.segment == "mid_market"
        and not a.plant
        and a.versions
        and a.versions[-1].end is None
        and a.versions[-1].start < date(2025, 3, 1)
    )
    old, day = account.versions[-1], date(2025, 6, 1)
    old.end = day
    price = round(old.price / 1.13, 2)
    account.versions.append(
        Version(day, None, old.seats, price, old.discount, currency="EUR", annual=old.annual)
    )


def add_extras(accounts: list[Account]) -> None:
    """A flat analytics add-on as a second subscription of some larger customers."""
    for account in accounts:
        if account.plant or account.segment == "smb" or account.left_on or not account.paid_on:
            continue
        start = account.paid_on + timedelta(days=150)
        if account.rng.random() < 0.15 and start < AS_OF:
            price = 240.0 if account.segment == "mid_market" else 900.0
            end = None
            if account.rng.random() < 0.3 and start + timedelta(days=180) < AS_OF:
                end = start + timedelta(days=180)
            account.versions.append(
                Version(start, end, 1, price, item="analytics", currency=account.currency)
            )


def families(accounts: list[Account]) -> dict[str, str]:
    """Child id to parent id: a few groups, one of them three levels deep."""
    rng = Random(f"{names.SEED}/families")
    large = [a.id for a in accounts if a.segment != "smb" and not a.plant]
    picked = rng.sample(large, 22)
    parents = {child: picked[n % 7] for n, child in enumerate(picked[7:21])}
    parents[picked[21]] = picked[7]
    return parents


def duplicates(accounts: list[Account], product: ProductLog, crm: CrmLog) -> list[dict]:
    """Second workspaces opened by colleagues and merged later; one chain of two."""
    rng = Random(f"{names.SEED}/merges")
    survivors = [a for a in accounts if a.signed_up_at and a.paid_on and not a.plant]
    rows: list[dict] = []
    picked = rng.sample(survivors, 5)
    for number, account in enumerate([*picked, picked[0]]):
        opened = account.signed_up_at + timedelta(days=int(rng.random() * 40), hours=2)
        into = account.id if number < 5 else rows[0]["workspace_id"]
        twin = Account(rng, account.name, account.segment, "free", opened)
        twin.id = f"ws_{9001 + number}"
        rows.append(
            {
                "workspace_id": twin.id,
                "name": account.name + " (old workspace)",
                "parent_workspace_id": None,
                "merged_into": into,
                "size_band": None,
                "source": "invite_loop",
                "signed_up": text(opened),
                "created": text(opened),
                "kind": "customer",
            }
        )
        product.add(twin, opened, "workspace_created")
        for days in (1, 3, 6):
            product.add(twin, opened + timedelta(days=days), "card_edited")
        crm.touch(twin, opened + timedelta(days=30), "Email", "Marketing", is_sequence=True)
    return rows


def own_workspaces(product: ProductLog) -> list[dict]:
    """The company's own workspaces, full of test events."""
    rows = []
    for number, name in enumerate(("Kestrel HQ", "Kestrel Sandbox", "Kestrel Sales Demos")):
        opened = datetime(2023, 1, 2, 9, number)
        own = Account(Random(f"{names.SEED}/{name}"), name, "smb", "free", opened)
        own.id = f"ws_{9501 + number}"
        rows.append(
            {
                "workspace_id": own.id,
                "name": name,
                "parent_workspace_id": None,
                "merged_into": None,
                "size_band": None,
                "source": None,
                "signed_up": text(opened),
                "created": text(opened),
                "kind": "internal",
            }
        )
        for day in range(0, 1080, 5):
            moment = opened + timedelta(days=day, minutes=int(own.rng.random() * 400))
            product.add(own, moment, own.rng.choice(("board_viewed", "plan_published")), day % 3)
    return rows
