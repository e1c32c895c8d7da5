"""plr_data_quality: what was rejected or noticed per relation, and what that does to trust."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from .activity import Roles
from .config import Config
from .contact import Contacts
from .contract import CRM, Row
from .revenue import Revenue
from .staging import Staged
from .timeline import month_of, months_between, shift

REQUIRED = {"accounts", "product_events", "revenue"}
KIND = {
    "null_key": "structural",
    "null_time": "structural",
    "negative_mrr_row": "structural",
    "bad_interval": "structural",
    "bad_share": "structural",
    "nonpositive_rate": "structural",
    "implausible_time": "structural",
    "implausible_amount": "structural",
    "merge_cycle": "structural",
    "duplicate_key": "duplicate",
    "unmapped_account": "identity",
    "unmapped_user": "identity",
    "ambiguous_user": "identity",
    "unmapped_activity": "identity",
    "contact_unmatched": "identity",
    "anonymous_event": "identity",
    "unknown_word": "flag",
    "dropped_value": "flag",
    "overlapping_period": "flag",
    "negative_account_mrr": "flag",
    "intra_month": "flag",
    "goodwill_credit": "flag",
    "backdated_activity": "flag",
    "stale_feed": "flag",
    "tracking_break": "flag",
    "empty_interval": "info",
    "future_dated": "info",
    "internal": "info",
}


class Quality:
    """Counts per relation and code, and the confidence they leave."""

    def __init__(
        self,
        staged: Staged,
        revenue: Revenue,
        contacts: Contacts,
        roles: Roles,
        config: Config,
    ) -> None:
        self.staged, self.config = staged, config
        self.counts: dict[str, Counter] = defaultdict(Counter)
        for row in staged.rejected:
            self.counts[row["relation"]][row["code"]] += row["rows"]

        for relation, rows in staged.valid.items():
            for code, mark in (
                ("unknown_word", "has_unknown_word"),
                ("dropped_value", "has_dropped_value"),
            ):
                self.counts[relation][code] = sum(bool(row.get(mark)) for row in rows)
        self.counts["revenue"].update(revenue.flags)
        self.counts["crm_activities"]["contact_unmatched"] = contacts.unmatched
        self.counts["crm_activities"]["backdated_activity"] = contacts.backdated
        self.counts["crm_activities"]["stale_feed"] = is_stale(crm_days(staged), config)
        self.counts["product_events"]["stale_feed"] = is_stale(event_days(staged), config)
        self.counts["product_events"]["tracking_break"] = len(
            find_tracking_breaks(staged, roles, config)
        )

    def share(self, relation: str, code: str) -> Decimal | None:
        """Rows with the code ÷ rows delivered."""
        rows_in = self.staged.rows_in[relation]
        return Decimal(self.counts[relation][code]) / rows_in if rows_in else None

    @property
    def data_confidence(self) -> str:
        """low, medium or high, as of the run."""
        crm = ("unmapped_activity", "contact_unmatched")
        stale = any(self.counts[r]["stale_feed"] for r in ("crm_activities", "product_events"))
        if stale or any(
            (self.share("crm_activities", code) or 0) > self.config.identity_low_share
            for code in crm
        ):
            return "low"
        worst = max(self._structural_share(relation) for relation in self.staged.valid)
        words = max(self.share(relation, "unknown_word") or 0 for relation in CRM)
        if words > self.config.unknown_word_share:
            return "medium"
        if self.config.revenue_shape == "snapshots" or worst > self.config.structural_warn_share:
            return "medium"
        return "high"

    def rows(self) -> list[Row]:
        """One row per relation for what is valid, and one per code that occurs."""
        rows = []
        for relation in sorted(self.staged.valid):
            valid_rows = len(self.staged.valid[relation])
            rows_in = self.staged.rows_in[relation]
            found = {c: n for c, n in sorted(self.counts[relation].items()) if n}
            for code, count in {"valid": valid_rows, **found}.items():
                rows.append(
                    {
                        "relation": relation,
                        "code": code,
                        "kind": KIND.get(code, "valid"),
                        "rows_in": rows_in,
                        "valid_rows": valid_rows,
                        "rows": int(count),
                        "share": Decimal(count) / rows_in if rows_in else None,
                        "severity": self._severity(relation, code),
                    }
                )
        return rows

    def _severity(self, relation: str, code: str) -> str:
        kind, part = KIND.get(code), self.share(relation, code) or 0
        if kind is None:
            return "ok"
        if code == "merge_cycle":
            return "fail"
        if kind == "structural" and relation in REQUIRED:
            if part > self.config.structural_fail_share:
                return "fail"
            return "warn" if part > self.config.structural_warn_share else "info"
        if code == "unknown_word":
            return "warn" if part > self.config.unknown_word_share else "info"
        if code == "anonymous_event":
            return "info"
        if kind in {"identity", "duplicate"}:
            return "warn" if part > self.config.identity_low_share else "info"
        return "warn" if code in {"stale_feed", "tracking_break"} else "info"

    def _structural_share(self, relation: str) -> float:
        counts, rows_in = self.counts[relation], self.staged.rows_in[relation]
        bad = sum(count for code, count in counts.items() if KIND[code] == "structural")
        return bad / rows_in if rows_in else 0.0


def is_stale(days: list[date], config: Config) -> bool:
    """A feed without rows has nothing that could be old."""
    return bool(days) and (config.as_of_date - max(days)).days > config.stale_feed_days


def find_tracking_breaks(staged: Staged, roles: Roles, config: Config) -> set[date]:
    """Complete months in which the company's value events halved."""
    value: Counter = Counter()
    for event in staged.valid["product_events"]:
        if not event["is_automated"] and "value" in roles.of(event["event_name"]):
            value[month_of(event["when"].lo.date())] += event["event_count"] or 1
    if not value:
        return set()
    return {
        month
        for month in months_between(min(value), config.last_complete_month)
        if value[shift(month, -1)] > 0
        and value[month] <= value[shift(month, -1)] * (1 - config.tracking_break_share)
    }


def crm_days(staged: Staged) -> list[date]:
    """Delivered days of both CRM relations."""
    activities = [row["occurred_at"].date() for row in staged.valid["crm_activities"]]
    return activities + [row["created_at"].date() for row in staged.valid["opportunities"]]


def event_days(staged: Staged) -> list[date]:
    """Delivered days of the product events."""
    return [event["occurred_at"].date() for event in staged.valid["product_events"]]
