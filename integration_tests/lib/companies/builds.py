"""The builds to compare: one set of company-wide settings each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from harness import INPUT_TYPES

from .rules import (
    BY_NAME,
    CONTACTS,
    EVENT_ROLES,
    PLAIN,
    STAGES,
    TEAMWORK,
    RuleSet,
    as_written,
    roles_without,
)

REQUIRED = ("accounts", "product_events", "revenue")
OPTIONAL = tuple(relation for relation in INPUT_TYPES if relation not in REQUIRED)
ALL_CROWDS = ("crowd_product", "crowd_people", "crowd_mixed")


@dataclass(frozen=True)
class Build:
    """Settings of one run of the package, and what its companies are like."""

    name: str
    as_of: date = date(2024, 9, 30)
    shape: str = "periods"
    rules: RuleSet = PLAIN
    roles: list[dict[str, Any]] = field(default_factory=lambda: EVENT_ROLES)
    contact_rules: list[dict[str, Any]] | None = None  # None = the package's seed
    stages: list[dict[str, Any]] | None = None  # None = the package's seed
    settings: dict[str, Any] = field(default_factory=dict)
    feeds_off: tuple[str, ...] = ()
    feeds_empty: tuple[str, ...] = ()
    has_times: bool = True  # of revenue rows within the day
    dirt: float = 0.15  # share of companies with a spoilt row, for each relation
    crm_starts: date = date(2022, 1, 5)
    crm_opens: time = time(12)
    feeds_end: date | None = None  # of events and CRM; None = the as-of day
    crm_bounds: str = "crm_activities"  # the relation of the CRM's first and last row
    last_snapshot: date | None = None
    crowds: tuple[str, ...] = ALL_CROWDS  # the larger companies
    crowd_price: float = 1.0
    answered: float = 0.4  # share of the prospects that somebody talks to once they found value
    cost_level: float = 1.0  # of the shared costs
    productivity: float = 1.0  # revenue per head
    swing: float = 1.0  # how much costs and headcount go up and down
    phase: int = 0  # by how many quarters its costs and headcount are ahead of other builds
    overrides: float = 0.0  # share of the months with a stated cogs and recognised revenue
    months_without_costs: tuple[date, ...] = ()

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
    def rule_tables(self) -> dict[str, list[dict[str, Any]]]:
        """The rule tables that replace the package's."""
        tables = {
            "plr_event_roles": self.roles,
            "plr_activity_rules": self.rules.rows,
            "plr_contact_rules": self.contact_rules,
            "plr_stage_expectations": self.stages,
        }
        return {name: as_written(name, rows) for name, rows in tables.items() if rows is not None}

    @property
    def offset_minutes(self) -> int:
        """The CRM's local time minus UTC; of two the greater."""
        offset = self.settings.get("plr_crm_utc_offset_minutes", 0)
        return max(offset) if isinstance(offset, list) else offset

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
        return datetime.combine(day, time(0) if self.offset_minutes else self.crm_opens)

    @property
    def relations(self) -> tuple[str, ...]:
        """The feeds that are on."""
        return tuple(r for r in REQUIRED + OPTIONAL if r not in self.feeds_off)


BUILDS = [
    Build(
        "periods",
        settings={"plr_find_value_events": True},
        productivity=0.6,
        answered=0.9,
    ),
    Build(
        "periods_every_switch",
        phase=3,
        as_of=date(2024, 10, 17),
        rules=TEAMWORK,
        contact_rules=CONTACTS,
        settings={
            "plr_overlap_policy": "Truncate",  # words and currencies, as people write them
            "plr_tie_policy": " Product First",
            "plr_activity_scope": "FAMILY",  # and contacts with it
            "plr_deal_recent_days": 45,
            "plr_pipeline_open_share": 0.4,
            "plr_funnel_horizons": [14, 60, 365],
            "plr_median_values": 2,
            "plr_event_tracking_start": "2022-06-15",
            "plr_crm_tracking_start": "2022-03-01",
            "plr_opportunity_is_contact": False,
            "plr_crm_utc_offset_minutes": -330,
            "plr_backdated_days": 3,
            "plr_tracking_break_share": 0.25,
            "plr_stale_feed_days": 1,
            "plr_max_merge_depth": 3,
            "plr_zero_mrr_band": 0.5,
            "plr_overlap_low_share": 0.5,
            "plr_purchase_days_before": 2,
            "plr_purchase_days_after": 1,
            "plr_small_group_very_low": 2,
            "plr_small_group_low": 5,
            "plr_find_value_events": True,
            "plr_value_event_min_events": [2, 4],
            "plr_value_event_windows": [45, 7],
            "plr_value_event_horizon_days": 90,
            "plr_value_event_accounts": 2,
            "plr_value_event_conversions": 1,
        },
        answered=0.8,
        overrides=0.3,
    ),
    Build(
        "invoices",
        shape="invoices",
        as_of=date(2024, 9, 29),
        settings={
            "plr_revenue_complete_through": "2024-09-20",
            "plr_inclusive_end_share": 0.001,
            "plr_find_value_events": True,
        },
        rules=TEAMWORK,
        feeds_off=("entitlements",),
        crowds=("crowd_people",),
        crowd_price=6,
        stages=STAGES,
        productivity=0.5,
        answered=0.9,
    ),
    Build(
        "invoices_with_usage",
        phase=6,
        shape="invoices",
        settings={
            "plr_include_usage_in_mrr": True,
            "plr_gap_grace_days": 5,
            "plr_revenue_break_share": 0.98,
            "plr_crm_utc_offset_minutes": [120, 60],
            "plr_reporting_currency": " eur",
        },
        dirt=0.03,
        crowds=("crowd_mixed", "crowd_people"),
        crowd_price=4,
        cost_level=0.6,
        months_without_costs=(date(2022, 12, 1), date(2024, 8, 1)),
    ),
    Build(
        "snapshots",
        shape="snapshots",
        as_of=date(2024, 10, 31),
        settings={
            "plr_untracked_low_share": 0.03,
            "plr_structural_warn_share": 0.5,
            "plr_unknown_word_share": 0.5,
        },
        crowds=("crowd_mixed",),
        crowd_price=8,
        swing=0.05,
        answered=0.7,
    ),
    Build(
        "snapshots_complete",
        phase=7,
        shape="snapshots",
        settings={
            "plr_revenue_history_is_complete": True,
            "plr_contact_scope": "family",
            "plr_structural_warn_share": 0.5,
        },
        last_snapshot=date(2024, 7, 1),
        dirt=0.03,
        feeds_off=("contracts",),
        crowds=("crowd_product", "crowd_mixed"),
        stages=STAGES,
    ),
    Build(
        "periods_incomplete_history",
        phase=2,
        as_of=date(2024, 9, 12),
        settings={
            "plr_revenue_history_is_complete": False,
            "plr_tie_policy": "product_first",
            "plr_structural_fail_share": 0.5,
            "plr_overlap_low_share": 0.5,
            "plr_rejected_money_low_share": 0.02,
        },
        feeds_end=date(2024, 9, 5),  # seven days: not yet stale
        crm_bounds="opportunities",
        crowd_price=0.05,
        productivity=0.2,
    ),
    Build(
        "crm_starts_late",
        phase=5,
        crm_starts=date(2023, 6, 3),  # just when the quiet days up to the end of August begin
        crm_opens=time(0),
        crm_bounds="opportunities",
        feeds_end=date(2024, 9, 22),  # eight days: stale
        dirt=0.0,
    ),
    Build(
        "crm_off",
        phase=8,
        feeds_off=("crm_activities", "users"),
        productivity=0.4,
        rules=TEAMWORK,
        settings={"plr_crm_tracking_start": "2020-01-01"},  # vouching for nothing helps nobody
    ),
    Build(
        "crm_empty",
        shape="snapshots",
        as_of=date(2024, 10, 17),
        feeds_empty=("crm_activities", "opportunities"),
        feeds_off=("account_costs",),
        overrides=0.8,
    ),
    Build(
        "events_empty",
        phase=9,
        shape="invoices",
        has_times=False,
        feeds_empty=("product_events",),
        settings={"plr_event_tracking_start": "2020-01-01", "plr_gap_grace_days": 0},
        feeds_off=("company_months",),
    ),
    Build("revenue_empty", shape="invoices", feeds_empty=("revenue",)),
    Build("before_all_data", as_of=date(2020, 6, 30), dirt=0.0, crowds=()),
    Build("optional_inputs_off", feeds_off=OPTIONAL),
    Build(
        "events_are_unique",
        phase=2,
        settings={
            "plr_events_are_unique": True,
            "plr_crm_utc_offset_minutes": 345,
            "plr_overlap_low_share": 0.5,
            "plr_untracked_medium_share": 0.08,
        },
        dirt=0.0,  # no duplicates either
        crowds=("crowd_product",),
        stages=STAGES,
        productivity=1.5,
    ),
    Build(
        "motion_every_switch",
        as_of=date(2024, 10, 5),
        rules=TEAMWORK,
        settings={
            "plr_conversion_window_days": 180,
            "plr_expansion_window_days": 60,
            "plr_retention_window_days": 90,
            "plr_reactivation_window_days": 45,
            "plr_window_days_after": 5,
            "plr_movement_min_share": 0.02,
            "plr_open_opportunity_days": 120,
            "plr_assisted_weight": 0.25,
            "plr_index_weights": {
                "acquisition": 0.1,
                "conversion": 0.2,
                "expansion": 0.3,
                "retention": 0.4,
            },
            "plr_index_min_stage_events": 40,
            "plr_index_min_stages": 3,
            "plr_index_min_coverage": 0.4,
            "plr_high_severity_months": 2,
            "plr_orphan_tenure_months": 1,
            "plr_orphan_utilisation": 0.6,
            "plr_orphan_limit_events": 2,
            "plr_orphan_limit_active_days": 1,
            "plr_orphan_limit_days": 20,
            "plr_orphan_usage_ratio": 1.1,
            "plr_orphan_usage_events": 60,
            "plr_orphan_users_ratio": 1.5,
            "plr_orphan_users_more": 2,
            "plr_orphan_breadth_days": 60,
            "plr_orphan_breadth_users": 1,
            "plr_orphan_signals": 1,
            "plr_orphan_months": 3,
            "plr_orphan_quiet_days": 60,
            "plr_orphan_rate_movements": 3,
            "plr_orphan_default_rate": 0.4,
            "plr_black_hole_wait_days": 45,
            "plr_black_hole_value_days": 40,
            "plr_black_hole_price_conversions": 3,
            "plr_black_hole_segment_conversions": 2,
            "plr_black_hole_segment_share": 0.5,
            "plr_hollow_usage_events": 20,
            "plr_hollow_usage_ratio": 1.3,
            "plr_hollow_value_ratio": 0.8,
            "plr_hollow_lag_ratio": 0.5,
            "plr_hollow_unproven_days": 30,
            "plr_hollow_contraction_share": 0.5,
            "plr_hollow_renewal_days": 60,
            "plr_deeper_discount": 0.01,
            "plr_early_renewal_days": 30,
            "plr_borrowed_renewals": 5,
            "plr_borrowed_history_months": 19,
            "plr_borrowed_margin_drop": 0.005,
            "plr_borrowed_durability_drop": 0.01,
            "plr_borrowed_account_margin_drop": 0.1,
            "plr_renewal_horizon_days": 60,
            "plr_renewal_notice_days": 45,
            "plr_renewal_notice_part": 2,
            "plr_renewal_value_days": 30,
            "plr_designed_for_stage": "early",
            "plr_drift_months": 2,
            "plr_drift_months_in_stage": 3,
            "plr_passive_events": 8,
            "plr_passive_coverage": 0.4,
            "plr_passive_growth": 0.03,
            "plr_passive_human_share": 0.44,
            "plr_passive_value_share": 0.3,
            "plr_passive_value_days": 45,
            "plr_passive_headcount_pace": 0.5,
            "plr_backtest_horizons": [1, 4, 60],  # nothing is over after 60
            "plr_cogs_cost_types": ["hosting", "third_party"],
            "plr_nrr_deadband": 0.05,
            "plr_gross_margin_deadband": 0.03,
            "plr_revenue_per_employee_deadband": 0.1,
            "plr_quick_test_limits": {
                "1": [0.4, 0.6],
                "2": [0.6, 0.7],
                "3": [0.6, 0.4],
                "4": [0.03, 0.01],
                "6": [2, 1],
                "7": [0.1, 0.4],
            },
            "plr_quick_test_answers": 6,
            "plr_quick_test_mixed": 50,
            "plr_quick_test_strong": 60,
            "plr_comparison_accounts": 25,
            "plr_comparison_stratum_accounts": 3,
            "plr_comparison_support": 0.3,
            "plr_sensitivity_lead_days": [2],
        },
        stages=STAGES,
        overrides=0.1,
    ),
    Build(
        "no_roles",
        phase=4,
        rules=BY_NAME,
        roles=roles_without("value", "breadth", "limit"),
        settings={
            "plr_expansion_window_days": 120,
            "plr_overlap_low_share": 0.5,
            "plr_revenue_complete_through": "2025-01-31",  # later than the as-of day
        },
        crowds=("crowd_mixed",),
        crowd_price=6,
        cost_level=0.3,
        productivity=0.7,
    ),
    Build(
        "no_limit_role",
        phase=8,
        shape="snapshots",
        roles=roles_without("breadth", "limit"),
        feeds_off=("entitlements", "fx_rates"),
        settings={"plr_revenue_history_is_complete": True, "plr_structural_fail_share": 0.001},
        crowds=("crowd_people", "crowd_product"),
        crowd_price=0.3,
    ),
    Build(
        "small_companies_only",
        has_times=False,
        settings={
            "plr_revenue_complete_through": "2024-08-15",
            "plr_overlap_low_share": 0.5,
        },
        feeds_off=("opportunities", "account_costs", "company_months"),
        crowds=(),
        dirt=0.03,
    ),
]
