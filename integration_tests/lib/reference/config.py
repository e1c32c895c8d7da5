"""Settings of one run: the package's vars with their defaults, and the default contact rules."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from .refusals import WORDS, InputError, word_of
from .timeline import Offsets, month_of, next_month, shift, to_date, to_timestamp
from .words import currency

Z = 1.96  # 95 % interval

INDEX_WEIGHTS = {"acquisition": 0.25, "conversion": 0.25, "expansion": 0.25, "retention": 0.25}
COST_TYPES = [
    "hosting",
    "support",
    "customer_success",
    "third_party",
    "payment_processing",
    "services",
]
QUICK_TEST_LIMITS = {  # per question: what earns one point, what earns two
    1: [0.2, 0.5],
    2: [0.5, 0.8],
    3: [0.5, 0.2],
    4: [0.2, 0.05],
    6: [1, 0],
    7: [0, 0.05],
}


def _stage_row(idx: int, stage: str, arr: int, human: str, arr_per_fte: int) -> dict[str, Any]:
    return {
        "stage_idx": idx,
        "stage": stage,
        "arr_from": arr,
        "max_human_started_share": human,
        "min_arr_per_fte": arr_per_fte,
    }


DEFAULT_STAGE_EXPECTATIONS: list[dict[str, Any]] = [
    _stage_row(0, "founder_led", 0, "1.00", 0),
    _stage_row(1, "early", 1_000_000, "0.95", 60_000),
    _stage_row(2, "growth", 5_000_000, "0.90", 110_000),
    _stage_row(3, "scale", 20_000_000, "0.80", 170_000),
    _stage_row(4, "expansion", 40_000_000, "0.70", 200_000),
    _stage_row(5, "late", 150_000_000, "0.60", 250_000),
]


def _rule(priority: int, team: str, automated: str, purpose: str, verdict: str) -> dict[str, Any]:
    """One row of the default contact table; verdict = sales contact, human touch, commercial."""
    sales, human, commercial = (digit == "1" for digit in verdict)
    return {
        "priority": priority,
        "activity_type": "any",
        "actor_team": team,
        "direction": "any",
        "is_automated": automated,
        "purpose": purpose,
        "min_duration_minutes": None,
        "is_sales_contact": sales,
        "is_human_touch": human,
        "is_commercial": commercial,
    }


# An activity none of these names is a sales contact, human and commercial: row 99, built in.
DEFAULT_CONTACT_RULES: list[dict[str, Any]] = [
    _rule(10, "marketing|system", "any", "any", "000"),
    _rule(20, "support", "any", "any", "000"),
    _rule(21, "any", "any", "support", "000"),
    _rule(30, "csm", "any", "expansion|renewal|negotiation", "011"),
    _rule(40, "csm", "any", "any", "010"),
    _rule(50, "sales|sdr|am|exec|partner", "any", "any", "111"),
    _rule(90, "unknown", "true", "any", "000"),
]


def _day_after(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(days=1)


@dataclass
class Config:
    """The vars that are not inputs; names without the `plr_` prefix."""

    revenue_shape: str = "periods"
    as_of_date: Any = None
    reporting_currency: str = "USD"
    tie_policy: str = "sales_first"
    contact_scope: str = "account"
    activity_scope: str = "account"
    event_tracking_start: Any = None
    crm_tracking_start: Any = None
    revenue_history_is_complete: bool | None = None
    opportunity_is_contact: bool = True
    crm_utc_offset_minutes: int | list[int] = 0  # or two, where clocks change
    overlap_policy: str = "sum"
    gap_grace_days: int = 15
    trial_max_days: int = 90
    clock_tolerance_hours: int = 2
    credit_tolerance: Decimal = Decimal("0.01")
    goodwill_ratio: Decimal = Decimal("1.11")
    include_usage_in_mrr: bool = False
    events_are_unique: bool = False
    structural_warn_share: float = 0.01
    structural_fail_share: float = 0.05
    identity_low_share: float = 0.05
    unknown_word_share: float = 0.05
    rejected_money_warn_share: Decimal = Decimal("0.01")
    rejected_money_low_share: Decimal = Decimal("0.05")
    unlinked_mrr_share: Decimal = Decimal("0.5")
    overlap_low_share: Decimal = Decimal("0.05")
    revenue_break_share: Decimal = Decimal("0.5")
    inclusive_end_pairs: int = 20
    inclusive_end_share: Decimal = Decimal("0.5")
    revenue_complete_through: Any = None
    untracked_medium_share: Decimal = Decimal("0.2")
    untracked_low_share: Decimal = Decimal("0.5")
    stale_feed_days: int = 7
    backdated_days: int = 7
    tracking_break_share: float = 0.5
    zero_mrr_band: Any = "0.005"  # nearer to 0 is 0; a change up to this keeps the label `none`
    max_merge_depth: int = 10
    purchase_days_before: int = 7
    purchase_days_after: int = 4
    small_group_very_low: int = 10
    small_group_low: int = 30

    # motion
    movement_min_share: Decimal = Decimal("0.01")
    conversion_window_days: int | None = None
    expansion_window_days: int = 90
    retention_window_days: int = 120
    reactivation_window_days: int = 90
    window_days_after: int = 3
    open_opportunity_days: int = 180
    assisted_weight: Decimal = Decimal("0.5")
    index_weights: dict[str, Any] = field(default_factory=lambda: dict(INDEX_WEIGHTS))
    index_min_stage_events: int = 10
    index_min_stages: int = 2
    index_min_coverage: Decimal = Decimal("0.6")

    # patterns
    high_severity_months: int = 3
    orphan_tenure_months: int = 3
    orphan_utilisation: Decimal = Decimal("0.8")
    orphan_limit_events: int = 3
    orphan_limit_active_days: int = 2
    orphan_limit_days: int = 30
    orphan_usage_ratio: Decimal = Decimal("1.3")
    orphan_usage_events: int = 20
    orphan_users_ratio: Decimal = Decimal("1.25")
    orphan_users_more: int = 3
    orphan_breadth_days: int = 90
    orphan_breadth_users: int = 2
    orphan_signals: int = 2
    orphan_ramp_months: int = 6
    orphan_months: int = 2
    orphan_quiet_days: int = 90
    orphan_rate_movements: int = 10
    orphan_default_rate: Decimal = Decimal("0.15")
    black_hole_wait_days: int = 30
    black_hole_value_days: int = 30
    black_hole_price_conversions: int = 5
    black_hole_segment_conversions: int = 10
    black_hole_segment_share: Decimal = Decimal("0.8")
    hollow_usage_events: int = 60
    hollow_usage_ratio: Decimal = Decimal("1.1")
    hollow_value_ratio: Decimal = Decimal("0.9")
    hollow_lag_ratio: Decimal = Decimal("0.8")
    hollow_unproven_days: int = 90
    hollow_contraction_share: Decimal = Decimal("0.05")
    hollow_renewal_days: int = 120
    deeper_discount: Decimal = Decimal("0.02")
    early_renewal_days: int = 90
    borrowed_renewals: int = 10
    borrowed_history_months: int = 22
    borrowed_margin_drop: Decimal = Decimal("0.01")
    borrowed_durability_drop: Decimal = Decimal("0.03")
    borrowed_account_margin_drop: Decimal = Decimal("0.05")
    renewal_horizon_days: int = 180
    renewal_notice_days: int = 120
    renewal_notice_part: int = 3
    renewal_value_days: int = 90
    designed_for_stage: str | None = None
    drift_months: int = 3
    drift_months_in_stage: int = 6
    passive_events: int = 20
    passive_coverage: Decimal = Decimal("0.6")
    passive_growth: Decimal = Decimal("0.1")
    passive_human_share: Decimal = Decimal("0.8")
    passive_value_share: Decimal = Decimal("0.5")
    passive_value_days: int = 30
    passive_headcount_pace: Decimal = Decimal("0.8")
    backtest_horizons: list[int] = field(default_factory=lambda: [3, 6, 12])

    # board
    efficiency_customers: int = 10
    cogs_cost_types: list[str] = field(default_factory=lambda: list(COST_TYPES))
    nrr_deadband: Decimal = Decimal("0.01")
    gross_margin_deadband: Decimal = Decimal("0.01")
    revenue_per_employee_deadband: Decimal = Decimal("0.03")
    quick_test_limits: dict[Any, Any] = field(default_factory=lambda: dict(QUICK_TEST_LIMITS))
    quick_test_answers: int = 5
    quick_test_population: int = 10
    quick_test_mixed: int = 34
    quick_test_strong: int = 67
    comparison_accounts: int = 10
    comparison_stratum_accounts: int = 5
    comparison_support: Decimal = Decimal("0.8")
    sensitivity_lead_days: list[int] = field(default_factory=lambda: [7, 14, 30])

    # demand
    deal_recent_days: int = 90
    pipeline_open_share: Decimal = Decimal("0.1")
    median_values: int = 5
    funnel_horizons: list[int] = field(default_factory=lambda: [30, 90, 180])
    find_value_events: bool = False
    value_event_min_events: list[int] = field(default_factory=lambda: [1, 3, 10])
    value_event_windows: list[int] = field(default_factory=lambda: [14, 30])
    value_event_horizon_days: int = 180
    value_event_accounts: int = 30
    value_event_conversions: int = 10

    def __post_init__(self) -> None:
        """Turn text into words and dates; fill the defaults that depend on another var."""
        for name in WORDS:
            setattr(self, name, word_of(name, getattr(self, name)))
        self.reporting_currency = currency(self.reporting_currency)
        yesterday = datetime.now(timezone.utc).date() - timedelta(days=1)
        self.zero_mrr_band = Decimal(str(self.zero_mrr_band))
        for share in fields(self):
            if isinstance(share.default, Decimal):
                setattr(self, share.name, Decimal(str(getattr(self, share.name))))
        self.as_of_date = to_date(self.as_of_date) or yesterday
        if self.as_of_date > yesterday + timedelta(days=1):
            raise InputError("var_value", f"plr_as_of_date is {self.as_of_date}, after today")
        through = to_date(self.revenue_complete_through) or self.as_of_date
        self.revenue_complete_through = min(through, self.as_of_date)
        self.event_tracking_start = to_timestamp(self.event_tracking_start)
        self.crm_tracking_start = to_timestamp(self.crm_tracking_start)
        if self.revenue_history_is_complete is None:
            self.revenue_history_is_complete = self.revenue_shape != "snapshots"

    @classmethod
    def of(cls, settings: dict[str, Any]) -> Config:
        """Read `plr_<name>` settings; vars the reference has no use for are ignored."""
        known = {field.name for field in fields(cls)}
        named = {key.removeprefix("plr_"): value for key, value in settings.items()}
        return cls(**{key: value for key, value in named.items() if key in known})

    @property
    def crm_offsets(self) -> Offsets:
        """The lesser and the greater offset of the CRM's clock."""
        given = self.crm_utc_offset_minutes
        known = given if isinstance(given, list) else [given]
        return min(known), max(known)

    @property
    def contacts_are_shared(self) -> bool:
        """Whether a contact anywhere in the family counts: with shared value it does, too."""
        return "family" in (self.contact_scope, self.activity_scope)

    @property
    def end_of_time(self) -> datetime:
        """The first instant that is no longer included."""
        return _day_after(self.as_of_date)

    @property
    def end_of_revenue(self) -> datetime:
        """The first instant of which revenue tells nothing yet."""
        return _day_after(self.revenue_complete_through)

    @property
    def last_complete_month(self) -> date:
        """The latest month whose last day is included."""
        return shift(month_of(self.end_of_time.date()), -1)

    @property
    def last_revenue_month(self) -> date:
        """The latest month whose last day revenue tells of."""
        return shift(month_of(self.end_of_revenue.date()), -1)

    def confidence(self, accounts: int) -> str:
        """Small groups keep their values and say so."""
        if accounts < self.small_group_very_low:
            return "very_low"
        return "low" if accounts < self.small_group_low else "ok"

    def is_complete(self, month: date) -> bool:
        """Whether every day of the month is included."""
        return next_month(month) <= self.end_of_time.date()
