"""Accounts: their stories, merges, parents, and who is internal."""

from __future__ import annotations

from datetime import date

from .company import Company, Story
from .dice import DAY, HOUR, INSTANT

FIRST_PAID = date(2022, 7, 1)  # the first data month, where an incomplete history begins
FIRST_DAY, LAST_DAY = date(2022, 8, 1), date(2024, 8, 20)


def add_accounts(company: Company) -> None:
    """A few accounts that lead lives of their own, then their ties to each other."""
    dice = company.dice
    for _ in range(dice.number(3, 6)):
        _add_account(company)
    if dice.chance(0.45):
        _merge(company)
    if dice.chance(0.5):
        _adopt(company)
    for row in company.rows["accounts"]:
        if dice.chance(0.06):
            row["is_internal"] = True


def _add_account(company: Company) -> None:
    dice = company.dice
    account_id = company.id("a")
    proven = dice.moment(dice.day(FIRST_DAY, LAST_DAY))
    signed_up = proven - dice.pick(
        [
            0 * DAY,
            HOUR,
            DAY,
            3 * DAY,
            7 * DAY,
            7 * DAY - INSTANT,
            30 * DAY,
            30 * DAY + INSTANT,
            dice.number(0, 60) * DAY,
            -DAY,
            dice.pick([2, 900]) * DAY,
        ]
    )
    created = signed_up + dice.pick([0 * DAY, 0 * DAY, DAY, -DAY, -40 * DAY, -900 * DAY])
    pays = None
    if dice.chance(0.85):
        pays = proven.date() + DAY * dice.pick([-45, -4, -1, 0, 0, 1, 2, 7, 20, 35, 90])
        if dice.chance(0.1):
            pays = dice.day(FIRST_PAID, FIRST_PAID + 30 * DAY)
        elif dice.chance(0.2):
            pays = pays.replace(day=1) - dice.pick([0, 1]) * DAY
        pays = max(pays, FIRST_PAID)
    company.add(
        "accounts",
        account_id=account_id,
        account_name=dice.pick([f"Name of {account_id}", None]),
        parent_account_id=None,
        merged_into_account_id=None,
        segment=None if dice.chance(0.02) else company.name,
        acquisition_channel=dice.pick(["referral", "search", None]),
        signed_up_at=None if dice.chance(0.2) else signed_up,
        created_at=None if dice.chance(0.15) else created,
        is_internal=dice.pick([False, None]),
    )
    row = company.rows["accounts"][-1]
    if dice.chance(0.08):  # as old as the tracking itself
        row["created_at"] = dice.at_edge(company.build.crm_starts_at)
        row["signed_up_at"] = dice.pick([row["signed_up_at"], None, row["created_at"]])
    elif dice.chance(0.08):
        row["signed_up_at"] = dice.at_edge(company.build.events_start_at)
    company.stories.append(Story(account_id, row["signed_up_at"], proven, pays))


def _merge(company: Company) -> None:
    """Pointers to a survivor, in chains, in cycles, to oneself and to nobody."""
    dice, accounts = company.dice, company.rows["accounts"]
    kinds = ["pair", "pair", "pair", "chain", "self", "dangling"]
    kind = dice.pick(kinds if company.build.is_clean else [*kinds, "cycle", "deep"])
    one, other, third = accounts[0], accounts[1], accounts[2]
    if kind == "self":
        one["merged_into_account_id"] = one["account_id"]
    elif kind == "dangling":
        one["merged_into_account_id"] = f"{company.name}_nobody"
    elif kind == "deep":
        deepest = company.build.settings.get("plr_max_merge_depth", 10)
        _chain(company, deepest + dice.pick([-1, 0, 1]))
    else:
        one["merged_into_account_id"] = other["account_id"]
        if kind in ("chain", "cycle"):
            other["merged_into_account_id"] = third["account_id"]
        if kind == "cycle":  # one leads into it
            third["merged_into_account_id"] = other["account_id"]


def _chain(company: Company, hops: int) -> None:
    """A chain of so many merges; ten are followed."""
    target = company.rows["accounts"][0]["account_id"]
    for _ in range(hops):
        link = company.add(
            "accounts",
            account_id=company.id("link"),
            segment="elsewhere",
            merged_into_account_id=target,
            signed_up_at=company.dice.pick([None, company.stories[0].proven_at - 90 * DAY]),
            created_at=None,
            is_internal=False,
        )
        target = link["account_id"]
    company.stories[0].account_id = target  # its rows hang on the last link


def _adopt(company: Company) -> None:
    """Parents: trees, loops, oneself, somebody unknown."""
    dice, accounts = company.dice, company.rows["accounts"]
    for row in accounts:
        if dice.chance(0.5):
            others = [other["account_id"] for other in accounts] + [f"{company.name}_nobody"]
            row["parent_account_id"] = dice.pick(others)
