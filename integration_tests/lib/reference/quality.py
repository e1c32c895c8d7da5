"""plr_data_quality: what was rejected or noticed per relation, and what that does to trust."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from .activity import Roles
from .config import Config
from .contact import Contacts
from .contract import CRM, Row, money_of
from .ratios import ratio
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
    "link_cycle": "flag",
    "unknown_word": "flag",
    "dropped_value": "flag",
    "overlapping_period": "flag",
    "negative_account_mrr": "flag",
    "intra_month": "flag",
    "goodwill_credit": "flag",
    "backdated_activity": "flag",
    "stale_feed": "flag",
    "tracking_break": "flag",
    "rejected_money": "flag",
    "empty_feed": "flag",
    "revenue_break": "flag",
    "ends_look_inclusive": "flag",
    "no_mrr": "flag",
    "rows_look_doubled": "flag",
    "times_look_daily": "flag",
    "mrr_without_product_rows": "flag",
    "mrr_without_crm_rows": "flag",
    "empty_interval": "info",
    "future_dated": "info",
    "internal": "info",
}
# whose rows are looked for beside a payer's
UNLINKED = {
    "mrr_without_product_rows": ["product_events"],
    "mrr_without_crm_rows": ["crm_activities", "opportunities"],
}

SAID_OF_REVENUE = (
    *("account", "currency", "line_type", "mrr", "amount", "month"),
    *("valid_from", "valid_to", "service_start", "service_end"),
)


@dataclass(frozen=True)
class Trust:
    """data_confidence and confidence_reason."""

    level: str
    reason: str

    def of_month(self, untracked_share: Decimal | None, config: Config) -> Trust:
        """The worse of the run's and the month's own."""
        untracked = untracked_share or 0
        for level, limit in (
            ("low", config.untracked_low_share),
            ("medium", config.untracked_medium_share),
        ):
            if self.level == level:
                return self
            if untracked > limit:
                return Trust(
                    level, f"the month: more than {percent(limit)} of its MRR is untracked"
                )
        return self


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
        self.staged, self.config, self.revenue = staged, config, revenue
        self.counts: dict[str, Counter] = defaultdict(Counter)
        for row in staged.rejected:
            self.counts[row["relation"]][row["code"]] += row["rows"]

        for relation, rows in staged.valid.items():
            for code, mark in (
                ("unknown_word", "has_unknown_word"),
                ("dropped_value", "has_dropped_value"),
            ):
                self.counts[relation][code] = sum(bool(row.get(mark)) for row in rows)
        self.counts["account_links"]["link_cycle"] = len(staged.ignored_links)
        self.counts["revenue"].update(revenue.flags)
        self.counts["crm_activities"]["contact_unmatched"] = contacts.unmatched
        self.counts["crm_activities"]["backdated_activity"] = contacts.backdated
        self.counts["crm_activities"]["stale_feed"] = is_stale(crm_days(staged), config)
        self.counts["product_events"]["stale_feed"] = is_stale(event_days(staged), config)
        self.counts["product_events"]["tracking_break"] = len(
            find_tracking_breaks(staged, roles, config)
        )
        for relation in REQUIRED:
            self.counts[relation]["empty_feed"] = not staged.valid[relation]
        self.counts["product_events"]["times_look_daily"] = count_midnights(staged, roles, config)
        self.counts["revenue"]["rows_look_doubled"] = count_doubled(staged.valid["revenue"], config)
        if not any(mrr for months in revenue.closing.values() for mrr in months.values()):
            self.counts["revenue"]["no_mrr"] = len(staged.valid["revenue"])
        self._count_rejected_money()
        self.unlinked_share: dict[str, Decimal] = {}
        for code, feeds in UNLINKED.items():
            self._count_unlinked_mrr(code, [row for feed in feeds for row in staged.valid[feed]])
        for last in revenue.months[-1:]:
            before = revenue.company_mrr(shift(last, -1))
            fell = revenue.company_mrr(last) < before * config.revenue_break_share
            self.counts["revenue"]["revenue_break"] = int(fell)

    def _count_rejected_money(self) -> None:
        """Rows whose money is lost, and what part it is of all that may carry MRR."""
        usage = self.config.include_usage_in_mrr
        lost = [
            money_of(row, usage)
            for code, row in self.staged.rejected_revenue
            if KIND[code] in {"structural", "identity"} and money_of(row, usage)
        ]
        delivered = self.staged.valid["revenue"] + [r for _, r in self.staged.rejected_revenue]
        self.counts["revenue"]["rejected_money"] = len(lost)
        if lost:
            self.rejected_money = sum(lost) / sum(money_of(row, usage) for row in delivered)

    def _count_unlinked_mrr(self, code: str, rows: list[Row]) -> None:
        """Payers of the last month without a row in feeds that have some, and their part of MRR."""
        if not rows or not self.revenue.months:
            return
        last, known = self.revenue.months[-1], {row["account"] for row in rows}
        paid = {a: self.revenue.mrr(a, last) for a in self.staged.accounts}
        paid = {account: mrr for account, mrr in paid.items() if mrr > 0}
        if unlinked := {account: mrr for account, mrr in paid.items() if account not in known}:
            self.counts["revenue"][code] = len(unlinked)
            self.unlinked_share[code] = sum(unlinked.values()) / sum(paid.values())

    def share(self, relation: str, code: str) -> Decimal | None:
        """Rows with the code ÷ rows delivered; of money its own."""
        if code == "rejected_money":
            return self.rejected_money
        if code in UNLINKED:
            return self.unlinked_share.get(code)
        rows_in = self.staged.rows_in[relation]
        return Decimal(self.counts[relation][code]) / rows_in if rows_in else None

    @property
    def trust(self) -> Trust:
        """How far the run can be trusted, and the first reason that says so."""
        for level, reason, relations in self._triggers():
            if relations:
                return Trust(level, f"{min(relations)}: {reason}")
        return Trust("high", "nothing lowers it")

    def _triggers(self) -> Iterator[tuple[str, str, list[str]]]:
        """Level, reason and the relations concerned, the worst first."""
        config = self.config

        def having(code: str, above: Any = 0, among: Iterable[str] = ()) -> list[str]:
            return [
                relation
                for relation in among or self.staged.valid
                if self.counts[relation][code] and (self.share(relation, code) or 1) > above
            ]

        def broken(above: Any, among: Iterable[str] = ()) -> list[str]:
            among = among or self.staged.valid
            return [relation for relation in among if self._structural_share(relation) > above]

        crm = ["crm_activities"]
        all_later = [
            relation
            for relation in ("product_events", "revenue")
            if not self.staged.valid[relation] and self.counts[relation]["future_dated"]
        ]
        no_crm = [] if self.staged.valid["crm_activities"] else crm
        off = "off" if "crm_activities" in self.staged.feeds_off else "empty"
        identity, overlap = config.identity_low_share, config.overlap_low_share
        money, fail = config.rejected_money_low_share, config.structural_fail_share
        warn = config.structural_warn_share
        snapshots = ["revenue"] if config.revenue_shape == "snapshots" else []
        broken_rows = "of its rows are structurally broken"

        yield "low", "every valid row is dated after the as-of day", all_later
        yield "low", "it is required and has no valid row", having("empty_feed")
        yield "low", f"the feed is {off}, so nothing can be called product-driven", no_crm
        yield (
            "low",
            f"its newest row is more than {config.stale_feed_days} days behind the as-of day",
            having("stale_feed"),
        )
        yield (
            "low",
            f"closing MRR of the last month is under {percent(config.revenue_break_share)}"
            " of the month before",
            having("revenue_break"),
        )
        yield (
            "low",
            f"more than {percent(money)} of its money is in rejected rows",
            having("rejected_money", money),
        )
        yield (
            "low",
            f"more than {percent(overlap)} of its rows overlap another of their subscription",
            having("overlapping_period", overlap),
        )
        yield (
            "low",
            "its periods seem to end on their last day, where ends are exclusive",
            having("ends_look_inclusive"),
        )
        yield "low", "none of its rows carries MRR", having("no_mrr")
        yield (
            "low",
            "most of its rows are there under several subscriptions",
            having("rows_look_doubled"),
        )
        yield (
            "low",
            f"more than {percent(fail)} {broken_rows}",
            broken(fail, ["crm_activities", "opportunities"]),
        )
        yield (
            "low",
            f"more than {percent(identity)} of its rows lead to no account",
            having("unmapped_activity", identity, crm),
        )
        yield (
            "low",
            f"more than {percent(identity)} of its rows fit no contact rule",
            having("contact_unmatched", identity, crm),
        )
        yield (
            "low",
            "its value comes at midnight: days called instants",
            having("times_look_daily"),
        )
        yield "medium", f"more than {percent(warn)} {broken_rows}", broken(warn)
        words = config.unknown_word_share
        yield (
            "medium",
            f"more than {percent(words)} of its rows have a word nobody knows",
            having("unknown_word", words, CRM),
        )
        yield "medium", "it comes in snapshots", snapshots

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
                        "share": (
                            self.share(relation, code)
                            if code != "valid"
                            else ratio(valid_rows, rows_in)
                        ),
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
        config = self.config
        if kind == "structural" and relation in REQUIRED and part > config.structural_fail_share:
            return "fail"
        limit = {
            "structural": config.structural_warn_share,
            "identity": config.identity_low_share,
            "duplicate": config.identity_low_share,
        }.get(kind)
        if code == "anonymous_event":
            return "info"
        if kind == "flag":
            limit = {
                "stale_feed": -1,
                "tracking_break": -1,
                "empty_feed": -1,
                "revenue_break": -1,
                "ends_look_inclusive": -1,
                "no_mrr": -1,
                "rows_look_doubled": -1,
                "times_look_daily": -1,
                "rejected_money": config.rejected_money_warn_share,
                "mrr_without_product_rows": config.unlinked_mrr_share,
                "mrr_without_crm_rows": config.unlinked_mrr_share,
                "overlapping_period": config.overlap_low_share,
                "unknown_word": config.unknown_word_share,
            }.get(code)
        return "warn" if limit is not None and part > limit else "info"

    def _structural_share(self, relation: str) -> float:
        counts, rows_in = self.counts[relation], self.staged.rows_in[relation]
        bad = sum(count for code, count in counts.items() if KIND[code] == "structural")
        return bad / rows_in if rows_in else 0.0


def percent(share: Any) -> str:
    """A limit in words."""
    return f"{100 * float(share):g} %"


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


def most(part: int, of_all: int, config: Config) -> int:
    """A part, if there is enough to judge by and it is more than half or whatever is asked."""
    is_usual = of_all >= config.inclusive_end_pairs and part > of_all * config.inclusive_end_share
    return part if is_usual else 0


def count_midnights(staged: Staged, roles: Roles, config: Config) -> int:
    """Value events of people at midnight sharp, where most of them are."""
    value = [
        event["when"]
        for event in staged.valid["product_events"]
        if not event["is_automated"] and "value" in roles.of(event["event_name"])
    ]
    sharp = sum(when.lo == when.hi and when.lo.time() == time() for when in value)
    return most(sharp, len(value), config)


def count_doubled(revenue: list[Row], config: Config) -> int:
    """Rows with an amount that another subscription of the account has to the letter, if most."""
    subscriptions = defaultdict(set)
    alike: Counter = Counter()
    for row in revenue:
        if not (row.get("mrr") if row.get("mrr") is not None else row.get("amount")):
            continue
        said = tuple(row.get(name) for name in SAID_OF_REVENUE)
        alike[said] += 1
        if row["subscription_id"] is not None:
            subscriptions[said].add(row["subscription_id"])
    twins = sum(number for said, number in alike.items() if len(subscriptions[said]) > 1)
    return most(twins, sum(alike.values()), config)


def crm_days(staged: Staged) -> list[date]:
    """Delivered days of both CRM relations; opportunities alone are no feed that could be old."""
    if not staged.valid["crm_activities"]:
        return []
    activities = [row["occurred_at"].date() for row in staged.valid["crm_activities"]]
    return activities + [row["created_at"].date() for row in staged.valid["opportunities"]]


def event_days(staged: Staged) -> list[date]:
    """Delivered days of the product events."""
    return [event["occurred_at"].date() for event in staged.valid["product_events"]]
