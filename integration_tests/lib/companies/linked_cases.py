"""Which of the cases of linked ids are among the delivered rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .builds import Build
from .company import Row

OWNED = (
    "users",
    "product_events",
    "crm_activities",
    "opportunities",
    "revenue",
    "contracts",
    "account_costs",
    "entitlements",
)
LINKED_CASES = {
    "a link that an account's own merge gainsays",
    "a link beside a merge into nobody",
    "a merge into an id that has a link",
    "a merge into an id to which a link leads",
    "a link of an account to itself",
    "a link of an id to itself that accounts lacks",
    "a circle of links that loses the first delivered",
    "a circle of a merge and a link",
    "a circle of links as large as is seen",
    "a circle of links too large to be seen",
    "a chain of links as long as may be",
    "a chain of links too long",
    "an id to which several accounts lead, and accounts lacks it",
    "an id to which an account leads, and accounts lacks it",
    "a parent named by a linked id",
    "a link that leads to an internal account",
} | {f"{relation} under a linked id that accounts lacks" for relation in OWNED}


def linked_cases_of(inputs: dict[str, list[Row]], build: Build) -> set[str]:
    """The cases among the rows of one build."""
    return set(_found(inputs, build))


def _found(inputs: dict[str, list[Row]], build: Build) -> Iterator[str]:
    accounts = {row["account_id"]: row for row in inputs["accounts"] if row["account_id"]}
    links = {
        row["account_id"]: row["same_as_account_id"]
        for row in inputs.get("account_links", [])
        if (row["account_id"] or "").strip() and (row["same_as_account_id"] or "").strip()
    }
    targets = Counter(links.values())
    merges = {one: row.get("merged_into_account_id") for one, row in accounts.items()}
    for one, other in links.items():
        into = merges.get(one)
        if into in accounts.keys() - {one, other}:
            yield "a link that an account's own merge gainsays"
        if into and into not in accounts and into not in links.keys() | targets.keys():
            yield "a link beside a merge into nobody"
        if one == other:
            in_accounts = one in accounts
            yield f"a link of an {'account' if in_accounts else 'id'} to itself" + (
                "" if in_accounts else " that accounts lacks"
            )
        if merges.get(other) == one:
            yield "a circle of a merge and a link"
        if other in accounts and accounts[other].get("is_internal") and one not in accounts:
            yield "a link that leads to an internal account"
    yield from _lengths(accounts, links, build.settings.get("plr_max_merge_depth", 10))
    for into in merges.values():
        if into in links.keys() - accounts.keys():
            yield "a merge into an id that has a link"
        elif into in targets.keys() - accounts.keys():
            yield "a merge into an id to which a link leads"
    for home in targets.keys() - accounts.keys() - links.keys():
        leading = sum(1 for one, other in links.items() if other == home and one in accounts)
        if leading:
            several = "several accounts lead" if leading > 1 else "an account leads"
            yield f"an id to which {several}, and accounts lacks it"
    if {row.get("parent_account_id") for row in accounts.values()} & links.keys() - accounts.keys():
        yield "a parent named by a linked id"
    known = links.keys() | targets.keys()
    for relation in OWNED:
        if any(row["account_id"] in known - accounts.keys() for row in inputs.get(relation, [])):
            yield f"{relation} under a linked id that accounts lacks"


def _lengths(accounts: dict[str, Row], links: dict[str, str], depth: int) -> Iterator[str]:
    """Chains and circles of links alone, by the steps that they take."""
    order = {one: place for place, one in enumerate(links)}
    free = {one for one in links if not accounts.get(one, {}).get("merged_into_account_id")}
    for start in free:
        way = [start]
        while way[-1] in free and links[way[-1]] not in way:
            way.append(links[way[-1]])
        steps = len(way) - 1
        if way[-1] not in free:
            if steps in (depth, depth + 1) and way[-1] in accounts:
                yield f"a chain of links {'as long as may be' if steps == depth else 'too long'}"
        elif links[way[-1]] == start:
            if steps in (depth, depth + 1):
                seen = "as large as is seen" if steps == depth else "too large to be seen"
                yield f"a circle of links {seen}"
            if steps and max(way) == min(way, key=order.__getitem__):
                yield "a circle of links that loses the first delivered"
