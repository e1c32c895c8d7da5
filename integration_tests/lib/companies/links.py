"""Ids of other systems, and the links that say whose they are: chains, circles, ids nobody has.

It comes last and has dice of its own, so that it changes whose some rows are and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

from .company import Company
from .dice import Dice
from .dirt import COPIED_KEYS

MATCHES = ["metadata", "crm_id", "domain", None, " "]


def add_links(company: Company) -> None:
    """In most companies one situation, in some two."""
    dice = Dice(f"{company.build.name}/{company.name}/links")
    Links(company, dice).add()


class Links:
    """The links of a company; an id of another system ends in z and a number."""

    def __init__(self, company: Company, dice: Dice) -> None:
        self.company, self.dice = company, dice
        ids = [row["account_id"] for row in company.rows["accounts"]]
        self.accounts = [account_id for account_id in ids if account_id and account_id.strip()]
        self.stories = [story.account_id for story in company.stories]
        self.depth = company.build.settings.get("plr_max_merge_depth", 10)
        self.others = 0

    def add(self) -> None:
        """Links as they should be, or not."""
        ways: list[Callable[[], None]] = [
            self._alias,
            self._alias,
            self._alias,
            self._chain,
            self._merge_by_link,
            self._outvoted,
            self._dangling,
            self._merge_into_linked,
            self._circle,
            self._circle_with_merge,
            self._to_itself,
            self._elsewhere,
            self._parent,
        ]
        if not self.company.build.is_clean:
            ways += [self._deep, self._deep, self._large_circle]
        for _ in range(self.dice.pick([0, 1, 1, 2])):
            self.dice.pick(ways)()
        links = self.company.rows["account_links"]
        if links and not self.company.build.is_clean and self.dice.chance(0.3):
            row = dict(self.dice.pick(links))
            change = self.dice.pick(
                [
                    {"account_id": None},
                    {"account_id": " "},
                    {"same_as_account_id": None},
                    {"same_as_account_id": self._account()},
                    {"same_as_account_id": self._account()},
                    {"matched_by": self.dice.pick(["email", "zip", None])},
                    {},
                ]
            )
            links.append(row | change)

    # ── ways ─────────────────────────────────────────────────────────────────────────────────

    def _alias(self) -> None:
        """Some of an account's rows name it by another system's id."""
        self._carry(account := self._account(), other := self._other())
        self._link(other, account)

    def _chain(self) -> None:
        account = self._account()
        one, other = self._other(), self._other()
        self._carry(account, one)
        self._carry(account, other)
        self._link(one, other)
        self._link(other, account)

    def _merge_by_link(self) -> None:
        one, other = self._two()
        self._link(one, other)

    def _outvoted(self) -> None:
        """A link that an account's own merge gainsays."""
        one, other = self._two()
        self._merge(one, self.dice.pick([other, other, one]))
        self._link(one, self._account())

    def _dangling(self) -> None:
        """A merge into nobody, beside which a link counts."""
        one, other = self._two()
        self._merge(one, f"{self.company.name}_nobody")
        self._link(one, other)

    def _merge_into_linked(self) -> None:
        """A merge into an id that only links know, on either side of one."""
        one, other = self._two()
        there = self._other()
        self._merge(one, there)
        self._link(*self.dice.pick([(there, other), (self._other(), there)]))

    def _circle(self) -> None:
        ids = [*self._two(), self._other(), self._other()][: self.dice.pick([2, 3, 4])]
        self.dice.shuffle(ids)
        self._carry(self._account(), self.dice.pick(ids))
        for one, other in zip(ids, ids[1:] + ids[:1], strict=True):
            self._link(one, other)

    def _circle_with_merge(self) -> None:
        one, other = self._two()
        self._merge(one, other)
        there = self._other()
        self._link(*self.dice.pick([(other, one), (other, there)]))
        self._link(there, one)

    def _to_itself(self) -> None:
        one = self.dice.pick([self._account(), self._other()])
        self._link(one, one)

    def _elsewhere(self) -> None:
        """To an id that accounts lacks lead one account, or two, or none."""
        home = self._other()
        one, other = self._two()
        self._carry(one, home)
        for account in self.dice.pick([[one], [one, other], [one, other], []]):
            self._link(account, home)
        if self.dice.chance(0.5):
            self._link(self._other(), home)

    def _parent(self) -> None:
        """A parent that is named by another system's id."""
        one, other = self._two()
        there = self._other()
        self._link(there, other)
        for row in self.company.rows["accounts"]:
            if row["account_id"] == one:
                row["parent_account_id"] = there

    def _deep(self) -> None:
        """A chain of links about as long as may be."""
        account = self._account()
        there, target = account, account
        for _ in range(self.depth + self.dice.pick([-1, 0, 1, 1])):
            there = self._other()
            self._link(there, target)
            target = there
        self._carry(account, there)

    def _large_circle(self) -> None:
        """A circle about as large as is seen."""
        first = target = self._account()
        for _ in range(self.depth + self.dice.pick([0, 1])):
            there = self._other()
            self._link(there, target)
            target = there
        self._carry(first, target)
        self._link(first, target)

    # ── rows ─────────────────────────────────────────────────────────────────────────────────

    def _account(self) -> str:
        return self.dice.pick(self.stories)

    def _two(self) -> tuple[str, str]:
        one = self._account()
        rest = [account for account in self.accounts if account != one]
        return one, self.dice.pick(rest)

    def _other(self) -> str:
        """An id before or after all accounts' of the company."""
        self.others += 1
        return f"{self.company.name}_{self.dice.pick(['0', 'Z', 'z'])}{self.others:02d}"

    def _link(self, one: str, other: str) -> None:
        if all(row["account_id"] != one for row in self.company.rows["account_links"]):
            self.company.add(
                "account_links",
                account_id=one,
                same_as_account_id=other,
                matched_by=self.dice.pick(MATCHES),
            )

    def _merge(self, one: str, other: str) -> None:
        for row in self.company.rows["accounts"]:
            if row["account_id"] == one:
                row["merged_into_account_id"] = other

    def _carry(self, account: str, other: str) -> None:
        """Rows of the account, copies of one record together, name it by the other id."""
        for relation, rows in self.company.rows.items():
            kind = self.company.build.shape if relation == "revenue" else relation
            if relation in ("accounts", "account_links") or kind not in COPIED_KEYS:
                continue
            key = COPIED_KEYS[kind][0]
            own = [row for row in rows if row.get("account_id") == account]
            records = sorted({str(row[key]) for row in own})
            moved = {record for record in records if self.dice.chance(0.5)}
            for row in own:
                if str(row[key]) in moved:
                    row["account_id"] = other
