"""What each account pays, and why it changes: subscription versions, contract terms, moments."""

from __future__ import annotations

from datetime import date, timedelta

from company import names
from company.model import Account, Moment, Term, Version
from company.when import AS_OF, plus_months

# From here on enterprise renewals are bought with discounts, short terms and early signatures.
SWEETENED_FROM = date(2025, 3, 1)
# Months for which seats stay as they are: at first, after growing, after shrinking.
AT_FIRST, GROWN, SHRUNK = 3, 4, 7

BOUGHT_BY = {
    "self_serve": "product",
    "purchase_only": "product",
    "unknown": "",
    "assisted": "assisted",
    "sales_led": "sales",
}


class Fate:
    """Chances that even out: of ten renewals with a chance of 0.2, two are lost, never six."""

    def __init__(self) -> None:
        self.owed: dict[tuple, float] = {}

    def strikes(self, account: Account, what: str, chance: float) -> bool:
        """Does it happen this time? Owed chances add up within a segment and motion."""
        key = what, account.segment, account.is_product_led
        self.owed[key] = self.owed.get(key, account.rng.random()) + chance
        if self.owed[key] < 1:
            return False
        self.owed[key] -= 1
        return True


def bill(account: Account, fate: Fate) -> None:
    """Fill versions, terms and moments of a paying account."""
    if account.paid_on is None:
        return
    if account.motion == "self_serve" and not account.plant and account.rng.random() < 0.5:
        trial_start = max(account.signed_up_at.date(), account.paid_on - timedelta(days=14))
        if trial_start < account.paid_on:
            trial = _version(account, trial_start, account.seats, trial=True)
            trial.end = account.paid_on
            account.versions.append(trial)
    first = _version(account, account.paid_on, account.seats)
    account.versions.append(first)
    account.moments.append(Moment(first.start, "paid", BOUGHT_BY[account.motion], first.mrr))
    if account.annual:
        _bill_by_term(account, fate)
    else:
        _bill_by_month(account)


def _version(account: Account, start: date, seats: int, trial: bool = False) -> Version:
    """The account's seats at its present price and discount, from that day on."""
    return Version(
        start=start,
        end=None,
        seats=seats,
        price=account.price,
        discount=account.discount,
        idle=account.idle,
        trial=trial,
        annual=account.annual,
        currency=account.currency,
    )


def change(account: Account, day: date, seats: int, kind: str, trigger: str = "") -> None:
    """Close the running version and open one with other seats, price or discount."""
    running = account.versions[-1]
    running.end = day
    account.versions.append(_version(account, day, seats))
    mrr = account.versions[-1].mrr
    account.moments.append(Moment(day, kind, trigger, mrr, mrr - running.mrr))


def leave(account: Account, day: date) -> None:
    """Service ends on that day."""
    account.versions[-1].end = day
    account.left_on = day
    account.moments.append(Moment(day, "churned", delta_mrr=-account.versions[-1].mrr))


def _trigger(account: Account) -> str:
    """What made this account grow: the product alone, product and a person, or a person."""
    chance = account.rng.random()
    if account.segment == "enterprise":
        return "assisted" if account.is_product_led and chance < 0.5 else "sales"
    if account.is_product_led:
        return "product" if chance < (0.45 if account.annual else 0.7) else "assisted"
    return "sales" if chance < 0.85 else "assisted"


def _bill_by_month(account: Account) -> None:
    """Month-to-month plans: every billing day is a chance to leave, grow or shrink."""
    rng, led = account.rng, 0 if account.is_product_led else 1
    if account.frozen:
        if account.leaves_on:
            leave(account, account.leaves_on)
        return
    leaves, grows, shrinks = (
        table[account.segment][led] / 12 for table in (names.LEAVE, names.GROW, names.SHRINK)
    )
    step, settled = 0, AT_FIRST
    while True:
        step += 1
        day = plus_months(account.paid_on, step)
        if day > AS_OF:
            return
        seats, chance = account.versions[-1].seats, rng.random()
        if chance < leaves:
            leave(account, day)
            step += 2 + int(rng.random() * 5)
            back = plus_months(account.paid_on, step)
            if rng.random() > 0.45 or back > AS_OF:
                return
            account.left_on = None
            account.versions.append(_version(account, back, max(2, int(seats * 0.8))))
            mrr = account.versions[-1].mrr
            account.moments.append(Moment(back, "returned", _trigger(account), mrr, mrr))
        elif step <= settled:
            continue
        elif chance < leaves + grows:
            settled = step + GROWN
            more = max(seats + 1, round(seats * (1.15 + 0.35 * rng.random())))
            change(account, day, more, "expanded", _trigger(account))
        elif chance < leaves + grows + shrinks and seats > 3:
            settled = step + SHRUNK
            change(account, day, max(2, int(seats * (0.65 + 0.25 * rng.random()))), "contracted")


def _bill_by_term(account: Account, fate: Fate) -> None:
    """Contracts: seats may be added inside a term; leaving and shrinking wait for its end."""
    rng, led = account.rng, 0 if account.is_product_led else 1
    start, seats = account.paid_on, account.seats
    two_years = account.segment == "enterprise" and not account.frozen and rng.random() < 0.2
    length = 24 if two_years else 12
    signed_on = start - timedelta(days=int(1 + rng.random() * 9))
    settled = 2
    while True:
        end = plus_months(start, length)
        renews_itself = account.is_product_led and rng.random() < 0.6
        account.terms.append(
            Term(
                start=start,
                end=end,
                mrr=account.versions[-1].mrr,
                discount=account.discount,
                signed_on=signed_on,
                auto_renews=renews_itself,
                currency=account.currency,
            )
        )
        grows = names.GROW[account.segment][led] * length / 12
        if not account.frozen and fate.strikes(account, "grow", grows):
            day = plus_months(start, settled + int(rng.random() * max(1, length - settled - 2)))
            if day <= AS_OF:
                seats = round(seats * (1.12 + 0.22 * rng.random()))
                change(account, day, seats, "expanded", _trigger(account))
        sweetened = account.segment == "enterprise" and end >= SWEETENED_FROM
        signed_on = end - timedelta(days=int(20 + rng.random() * 40))
        if sweetened and rng.random() < 0.35:
            signed_on = end - timedelta(days=int(100 + rng.random() * 30))
        if signed_on > AS_OF:
            account.versions[-1].end = end
            return
        leaves = names.LEAVE[account.segment][led] * length / 12
        if sweetened:
            leaves *= 0.25
        if not account.frozen and fate.strikes(account, "leave", leaves):
            if end <= AS_OF:
                leave(account, end)
            else:
                account.versions[-1].end = end
            return
        start, before = end, seats
        seats, length = _renew(account, seats, length, sweetened)
        settled = SHRUNK if seats < before else 2
        change(account, start, seats, "renewed", "" if renews_itself else "sales")


def _renew(account: Account, seats: int, length: int, sweetened: bool) -> tuple[int, int]:
    """The next term's seats and length; sets the account's price and discount."""
    rng = account.rng
    if account.frozen:
        return round(seats * account.renewal_factor), length
    if sweetened:
        account.discount = round(min(0.45, account.discount + 0.05 + 0.06 * rng.random()), 3)
        if rng.random() < 0.6:
            length = max(6, length // 2)
        more = round(seats * (1.11 + 0.13 * rng.random()))
        account.idle += more - seats  # thrown in to close the deal
        return more, length
    account.price = round(account.price * 1.03, 2)
    chance = rng.random()
    if chance < names.SHRINK[account.segment][0 if account.is_product_led else 1]:
        return max(3, int(seats * (0.75 + 0.15 * rng.random()))), length
    if chance < 0.45:
        return round(seats * (1.06 + 0.14 * rng.random())), length
    return seats, length
