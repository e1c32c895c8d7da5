"""plr_origin_changes by a plain program: each run's verdicts beside those of the run before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Row = Mapping[str, Any]
EVIDENCE = ("first_meaningful_activity_at", "first_sales_contact_at", "first_paid_date")
GONE = dict.fromkeys(("origin", "origin_evidence", *EVIDENCE))


@dataclass(frozen=True)
class Run:
    """What one run found: plr_account_origin by account, and into which account each merged."""

    as_of: date
    settings: Any  # all that decides over every account: rules, and vars of origin
    verdicts: Mapping[str, Row]
    survivors: Mapping[str, str]

    @property
    def merged(self) -> Counter[str]:
        """How many accounts each one holds."""
        return Counter(self.survivors.values())


class History:
    """The runs so far, and a row for each verdict that one of them changed."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.last: Run | None = None
        self.ever_paid: set[str] = set()

    def note(self, run: Run) -> None:
        """Compare a run with the one before it."""
        if self.last:
            for account in sorted({*self.last.verdicts, *run.verdicts} & self.ever_paid):
                self._compare(account, self.last, run)
        for account, verdict in run.verdicts.items():
            if verdict["origin"]:
                self.ever_paid.add(account)
        self.last = run

    def _compare(self, account: str, last: Run, run: Run) -> None:
        before, after = (r.verdicts.get(account, GONE) for r in (last, run))
        if all(before[name] == after[name] for name in ("origin", "origin_evidence")):
            return
        told = {
            f"{name}_{when}": verdict[name]
            for when, verdict in (("before", before), ("after", after))
            for name in ("origin", "origin_evidence", *EVIDENCE[:2])
        }
        self.rows.append(
            {
                "account_id": account,
                "as_of_date": run.as_of,
                "closing_mrr": after.get("current_mrr", 0),
                "cause": _cause(account, last, run, before, after),
                **told,
            }
        )


def _cause(account: str, last: Run, run: Run, before: Row, after: Row) -> str:
    if run.settings != last.settings:
        return "rules_or_settings_changed"
    is_merged_away = run.survivors.get(account, account) != account
    stays = account in run.verdicts and account in last.verdicts
    if is_merged_away or (stays and run.merged[account] != last.merged[account]):
        return "merge"
    if any(_is_new(after[name], before[name], last.as_of) for name in EVIDENCE):
        return "evidence_added"
    if account not in run.verdicts:
        return "evidence_gone"
    if any(_is_new(before[name], after[name], run.as_of) for name in EVIDENCE):
        return "evidence_gone"
    if run.as_of != last.as_of:
        return "as_of_moved"
    return "evidence_gone" if after["origin"] in (None, "untracked") else "evidence_added"


def _is_new(value: date | None, other: date | None, until: date) -> bool:
    """Whether a time is there that is earlier than the other, and dated by a day."""
    if value is None or _day(value) > until:
        return False
    return other is None or value < other


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
