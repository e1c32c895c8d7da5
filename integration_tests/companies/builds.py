"""The builds to compare: one set of company-wide settings each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from .rules import CONTACTS, PLAIN, TEAMWORK, RuleSet

REQUIRED = ("accounts", "product_events", "revenue")
OPTIONAL = (
    "users", "crm_activities", "opportunities", "contracts", "account_costs", "company_months",
    "fx_rates", "entitlements",
)


@dataclass(frozen=True)
class Build:
    """Settings of one run of the package, and what its companies are like."""

    name: str
    as_of: date = date(2024, 9, 30)
    shape: str = "periods"
    rules: RuleSet = PLAIN
    contact_rules: list[dict[str, Any]] | None = None  # None = the package's seed
    settings: dict[str, Any] = field(default_factory=dict)
    feeds_off: tuple[str, ...] = ()
    feeds_empty: tuple[str, ...] = ()
    dirt: float = 0.15  # share of companies with a spoilt row, for each relation
    crm_starts: date = date(2022, 1, 5)
    feeds_end: date | None = None  # of events and CRM; None = the as-of day
    crm_bounds: str = "crm_activities"  # the relation of the CRM's first and last row
    last_snapshot: date | None = None

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong with the rows, so that they can be fully trusted."""
        return not self.dirt

    @property
    def vars(self) -> dict[str, Any]:
        """The package's vars."""
        return {
            "plr_as_of_date": self.as_of.isoformat(),
            "plr_revenue_shape": self.shape,
            **self.settings,
        }

    @property
    def offset_minutes(self) -> int:
        """The CRM's local time minus UTC."""
        return self.settings.get("plr_crm_utc_offset_minutes", 0)

    @property
    def crm_starts_at(self) -> datetime:
        """The first instant the CRM feed covers."""
        stated = self.settings.get("plr_crm_tracking_start")
        if stated:
            return datetime.fromisoformat(stated)
        # where local time is not UTC, the founders' first CRM row is a mere date
        return self.founded_at(self.crm_starts) - timedelta(minutes=self.offset_minutes)

    @property
    def events_start_at(self) -> datetime:
        """The first instant the event feed covers."""
        stated = self.settings.get("plr_event_tracking_start")
        return datetime.fromisoformat(stated) if stated else datetime(2022, 2, 1, 8)

    def founded_at(self, day: date) -> datetime:
        """The stamp on a CRM row of the founders."""
        return datetime.combine(day, time(0 if self.offset_minutes else 12))

    @property
    def relations(self) -> tuple[str, ...]:
        """The feeds that are on."""
        return tuple(r for r in REQUIRED + OPTIONAL if r not in self.feeds_off)


BUILDS = [
    Build("periods"),
    Build(
        "periods_every_switch",
        as_of=date(2024, 10, 17),
        rules=TEAMWORK,
        contact_rules=CONTACTS,
        settings={
            "plr_overlap_policy": "truncate",
            "plr_tie_policy": "product_first",
            "plr_contact_scope": "family",
            "plr_event_tracking_start": "2022-06-15",
            "plr_crm_tracking_start": "2022-03-01",
            "plr_opportunity_is_contact": False,
            "plr_crm_utc_offset_minutes": -330,
            "plr_backdated_days": 3,
            "plr_tracking_break_share": 0.25,
            "plr_stale_feed_days": 1,
            "plr_max_merge_depth": 3,
            "plr_zero_mrr_band": 0.5,
            "plr_purchase_days_before": 2,
            "plr_purchase_days_after": 1,
            "plr_small_group_very_low": 2,
            "plr_small_group_low": 5,
        },
    ),
    Build("invoices", shape="invoices", as_of=date(2024, 9, 29), rules=TEAMWORK),
    Build(
        "invoices_with_usage",
        shape="invoices",
        settings={
            "plr_include_usage_in_mrr": True,
            "plr_gap_grace_days": 5,
            "plr_crm_utc_offset_minutes": 120,
            "plr_reporting_currency": "EUR",
        },
        dirt=0.03,
    ),
    Build("snapshots", shape="snapshots", as_of=date(2024, 10, 31)),
    Build(
        "snapshots_complete",
        shape="snapshots",
        settings={"plr_revenue_history_is_complete": True, "plr_contact_scope": "family"},
        last_snapshot=date(2024, 7, 1),
        dirt=0.03,
    ),
    Build(
        "periods_incomplete_history",
        as_of=date(2024, 9, 12),
        settings={
            "plr_revenue_history_is_complete": False,
            "plr_tie_policy": "product_first",
            "plr_structural_fail_share": 0.5,
        },
        feeds_end=date(2024, 9, 5),  # seven days: not yet stale
        crm_bounds="opportunities",
    ),
    Build(
        "crm_starts_late",
        crm_starts=date(2023, 6, 1),
        crm_bounds="opportunities",
        feeds_end=date(2024, 9, 22),  # eight days: stale
        dirt=0.0,
    ),
    Build(
        "crm_off",
        feeds_off=("crm_activities",),
        rules=TEAMWORK,
        settings={"plr_crm_tracking_start": "2020-01-01"},  # vouching for nothing helps nobody
    ),
    Build(
        "crm_empty",
        shape="snapshots",
        as_of=date(2024, 10, 17),
        feeds_empty=("crm_activities", "opportunities"),
    ),
    Build(
        "events_empty",
        shape="invoices",
        feeds_empty=("product_events",),
        settings={"plr_event_tracking_start": "2020-01-01", "plr_gap_grace_days": 0},
    ),
    Build("revenue_empty", shape="invoices", feeds_empty=("revenue",)),
    Build("optional_inputs_off", feeds_off=OPTIONAL),
    Build(
        "events_are_unique",
        settings={"plr_events_are_unique": True, "plr_crm_utc_offset_minutes": 345},
        dirt=0.0,  # no duplicates either
    ),
]
