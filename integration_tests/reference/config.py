"""Settings of one run: the package's vars with their defaults, and the default contact rules."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from .timeline import month_of, next_month, shift, to_date, to_timestamp

Z = 1.96  # 95 % interval

TEAMS = {"sales", "sdr", "am", "exec", "partner", "csm", "support", "marketing", "system"}


class InputError(Exception):
    """An input the package refuses to build on; carries the code and what is wrong."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


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


@dataclass
class Config:
    """The vars that are not inputs; names without the `plr_` prefix."""

    revenue_shape: str = "periods"
    as_of_date: Any = None
    reporting_currency: str = "USD"
    tie_policy: str = "sales_first"
    contact_scope: str = "account"
    event_tracking_start: Any = None
    crm_tracking_start: Any = None
    revenue_history_is_complete: bool | None = None
    opportunity_is_contact: bool = True
    crm_utc_offset_minutes: int = 0
    overlap_policy: str = "sum"
    gap_grace_days: int = 15
    include_usage_in_mrr: bool = False
    events_are_unique: bool = False
    structural_warn_share: float = 0.01
    structural_fail_share: float = 0.05
    identity_low_share: float = 0.05
    stale_feed_days: int = 7
    backdated_days: int = 7
    tracking_break_share: float = 0.5
    zero_mrr_band: Any = "0.005"  # nearer to 0 is 0; a change up to this keeps the label `none`
    max_merge_depth: int = 10
    purchase_days_before: int = 7
    purchase_days_after: int = 4
    small_group_very_low: int = 10
    small_group_low: int = 30

    def __post_init__(self) -> None:
        """Turn text into dates and fill the defaults that depend on another var."""
        yesterday = datetime.now(timezone.utc).date() - timedelta(days=1)
        self.zero_mrr_band = Decimal(str(self.zero_mrr_band))
        self.as_of_date = to_date(self.as_of_date) or yesterday
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
    def end_of_time(self) -> datetime:
        """The first instant that is no longer included."""
        return datetime.combine(self.as_of_date, datetime.min.time()) + timedelta(days=1)

    @property
    def last_complete_month(self) -> date:
        """The latest month whose last day is included."""
        return shift(month_of(self.end_of_time.date()), -1)

    def confidence(self, accounts: int) -> str:
        """Small groups keep their values and say so."""
        if accounts < self.small_group_very_low:
            return "very_low"
        return "low" if accounts < self.small_group_low else "ok"

    def is_complete(self, month: date) -> bool:
        """Whether every day of the month is included."""
        return next_month(month) <= self.end_of_time.date()
