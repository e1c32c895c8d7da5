"""Those who came and did not buy: sign-ups that only looked, value that was never paid for, and
deals that were lost or are still open. Each has dice of its own, so customers' lives stay as they
are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from company import crm, names, plan
from company.model import Account
from company.when import AS_OF, MONTHS, in_office_hours, month_of

FIRST_NUMBER = 1001  # workspaces of customers and of the first free teams are numbered below
TIME_TO_SAY_NO = {"smb": (18, 60), "mid_market": (30, 110), "enterprise": (50, 190)}  # days


def plan_demand() -> list[Account]:
    """Every account that came and did not buy, in the order in which they appeared."""
    words = [f"{a} {b}" for a in names.OTHER_WORDS for b in names.SECOND_WORDS]
    Random(f"{names.SEED}/demand").shuffle(words)
    accounts = []
    for kind, segment, count in names.DEMAND:
        is_sold = kind in ("lost_sales", "pilot")
        for number in range(count):
            rng = Random(f"{names.SEED}/demand/{kind}/{segment}/{number}")
            month = plan.first_month((number + rng.random()) / count, segment)
            motion = "prospect" if is_sold else "free"
            account = plan.new_account(rng, words.pop(), motion, segment, month)
            _LIVES[kind](account, rng)
            accounts.append(account)
    return [account for account in accounts if account.created_at.date() <= AS_OF]


def number(accounts: list[Account]) -> None:
    """Give them ids in the order in which they appeared."""
    accounts.sort(key=lambda a: (a.created_at, a.name))
    for place, account in enumerate(accounts, start=FIRST_NUMBER):
        account.id = f"ws_{place:04d}"


def pursue(account: Account, log: crm.CrmLog) -> None:
    """A welcome by marketing, then what sales did; one lost deal in eight is tried again."""
    rng = account.rng
    if account.signed_up_at and rng.random() < 0.6:
        welcome = account.signed_up_at + timedelta(hours=2)
        log.touch(account, welcome, "Email", "Marketing", "newsletter", is_sequence=True)
    if account.contacted_at is None:
        return
    if account.lost_after is None:  # a note to someone who had just signed up, no answer
        log.touch(account, account.contacted_at, "Email", "SDR", "prospecting", is_sequence=True)
        return
    crm.sell(account, log)
    if rng.random() < 0.12:
        pause = timedelta(days=account.lost_after + 120 + int(rng.random() * 150))
        again = in_office_hours(rng, (account.contacted_at + pause).date())
        crm.sell(replace(account, contacted_at=again, lost_after=20 + int(rng.random() * 50)), log)


def _looked(account: Account, rng: Random) -> None:
    """Signs up, looks around for days or weeks, publishes one plan at most."""
    _sign_up(account, rng, "looked")
    account.seats = 1 + int(rng.random() * 3)
    account.quiet_from = month_of(account.signed_up_at.date()) + 1 + int(rng.random() ** 3 * 4)
    if rng.random() < 0.3:
        tried = account.signed_up_at + timedelta(minutes=30 + int(rng.random() * 4000))
        account.events.append((tried, "plan_published", "app"))
    if rng.random() < 0.12:
        account.contacted_at = plan.office(rng, account.signed_up_at, 1, 8)
    _click_around(account, Random(f"{names.SEED}/demand/clicks/{account.name}"))


def _click_around(account: Account, rng: Random) -> None:
    """Try every button in the first days, as those who come to buy do, too."""
    if rng.random() < 0.6:
        for _ in range(6 + int(rng.random() * 44)):
            clicked = account.signed_up_at + timedelta(minutes=5 + int(rng.random() ** 2 * 30000))
            account.events.append((clicked, rng.choice(names.USAGE_EVENTS), "app"))


def _lapsed(account: Account, rng: Random) -> None:
    """Meets value, is shown the paid plan, and is soon gone; few stay on the free plan."""
    _sign_up(account, rng, "lapsed")
    account.seats = 3 + int(rng.random() * 5)
    account.proven_at = plan.later(rng, account.signed_up_at, 3, 45)
    account.quiet_from = month_of(account.proven_at.date()) + 1 + int(rng.random() ** 10 * 6)


def _lost_product(account: Account, rng: Random) -> None:
    """Meets value, is then helped to buy, and does not: too small, too early, no budget."""
    account.signed_up_at = account.created_at
    account.proven_at = plan.later(rng, account.signed_up_at, 3, 30)
    account.contacted_at = plan.office(rng, account.proven_at, 1, 25)
    account.lost_after = 14 + int(rng.random() ** 1.5 * 60)
    low, high = names.SEATS[account.segment]
    account.seats = low + int((high - low) * 0.7 * rng.random() ** 1.6)
    lost = account.contacted_at.date() + timedelta(days=account.lost_after)
    account.quiet_from = month_of(lost) + 1 + int(rng.random() ** 8 * 4)
    _try_out(account, max(3, account.seats // 2))


def _pilot(account: Account, rng: Random) -> None:
    """Is called first, then tries the product; half of them find value, none buys."""
    _meet(account, rng)
    account.lost_after = max(45, account.lost_after)
    account.signed_up_at = plan.later(rng, account.contacted_at, 7, 20)
    if rng.random() < 0.5:
        account.proven_at = plan.later(rng, account.signed_up_at, 4, 12)
    lost = account.contacted_at.date() + timedelta(days=account.lost_after)
    account.quiet_from = month_of(lost)
    _try_out(account, max(4, account.seats // 4))


def _sign_up(account: Account, rng: Random, kind: str) -> None:
    """A sign-up of its own accord, from the places that such sign-ups come from."""
    account.signed_up_at, account.proven_at, account.contacted_at = account.created_at, None, None
    channels = names.SIGN_UPS[kind]
    account.channel = rng.choices(list(channels), list(channels.values()))[0]


def _try_out(account: Account, people: int) -> None:
    """Part of the team uses the product while the rest wait for the decision."""
    for month in range(month_of(account.signed_up_at.date()), MONTHS):
        account.people[month] = people


def _meet(account: Account, rng: Random) -> None:
    """Is called and shown a demo; the larger the company, the longer it takes to say no."""
    account.signed_up_at = account.proven_at = None
    least, most = TIME_TO_SAY_NO[account.segment]
    account.lost_after = least + int(rng.random() ** 1.3 * (most - least))


_LIVES = {
    "looked": _looked,
    "lapsed": _lapsed,
    "lost_product": _lost_product,
    "lost_sales": _meet,
    "pilot": _pilot,
}
