"""What every pattern shares: status, severity, streak and the amount at stake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .config import Config
from .contract import Row
from .timeline import shift

NOT_ELIGIBLE, UNKNOWN = "not_eligible", "insufficient_data"
CLEAR, WATCH, FLAGGED = "clear", "watch", "flagged"


@dataclass(frozen=True)
class Finding:
    """A pattern's verdict on one entity in one month."""

    status: str
    reason: str | None = None
    amount: Decimal | None = None  # what would be at stake
    is_high: bool = False  # by the pattern's own rule


def graded(
    findings: dict[date, Finding], config: Config, amount_column: str = "mrr_at_stake"
) -> dict[date, Row]:
    """One entity's findings as columns, with the streak up to each month."""
    rows: dict[date, Row] = {}
    for month, finding in sorted(findings.items()):
        before = rows.get(shift(month, -1))
        streak, severity = 0, None
        if finding.status == FLAGGED:
            streak = 1 + (before["months_flagged_streak"] if before else 0)
            lasting = streak >= config.high_severity_months
            severity = "high" if finding.is_high or lasting else "medium"
        elif finding.status == WATCH:
            severity = "low"
        rows[month] = {
            "status": finding.status,
            "severity": severity,
            "reason": finding.reason,
            amount_column: finding.amount if severity else None,
            "months_flagged_streak": streak,
        }
    return rows
