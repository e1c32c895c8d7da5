"""Which account an id belongs to: merges of accounts, links between ids of several systems."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from .contract import Row


@dataclass(frozen=True)
class Merging:
    """Where every known id ends, and the links that were not followed."""

    survivor: dict[str, str]
    ignored_links: set[str]


def merge(accounts: dict[str, Row], links: list[Row], max_depth: int) -> Merging:
    """Merges first, then link by link in the order of their ids."""
    linked = {row[c] for row in links for c in ("account_id", "same_as_account_id")}
    ids = accounts.keys() | linked
    pointers = {
        account_id: row["merged_into_account_id"]
        for account_id, row in accounts.items()
        if row["merged_into_account_id"] in ids - {account_id}
    }
    merged, ignored = set(pointers), set()
    for link in sorted(links, key=lambda row: row["account_id"]):
        one, other = link["account_id"], link["same_as_account_id"]
        if one in merged:  # the account's own word counts
            continue
        if one in _walk(other, pointers, max_depth):
            ignored.add(one)
        else:
            pointers[one] = other

    ending: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for one in ids:
        way = _walk(one, pointers, max_depth)
        if way[-1] not in pointers:
            ending[way[-1]].append((len(way) - 1, one))
    survivor = {}
    for those in ending.values():
        # an id that accounts lacks is stood for by the account nearest to it
        known = sorted((steps, one) for steps, one in those if one in accounts)
        survivor.update((one, known[0][1]) for _, one in those if known)
    return Merging(survivor, ignored)


def _walk(start: str, pointers: dict[str, str], steps: int) -> list[str]:
    """Where the pointers lead, up to so many steps."""
    way = [start]
    while way[-1] in pointers and len(way) <= steps:
        way.append(pointers[way[-1]])
    return way
