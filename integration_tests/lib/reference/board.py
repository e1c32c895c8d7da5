"""plr_board_metrics: what a board looks at each month, and whether it moves together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .borrowed_nrr import BorrowedNrr
from .config import Config
from .contract import Row
from .costs import Costs, margin
from .facts import COMPANY, Facts
from .index import Index
from .passive_growth import human_touches
from .quality import Trust
from .ratios import at_least, at_most, difference, growth, ratio
from .renewal_outcomes import RenewalOutcomes
from .timeline import month_of, shift
from .verdict import CLEAR, FLAGGED, UNKNOWN, WATCH


class Board:
    """The rows, by month."""

    def __init__(
        self,
        facts: Facts,
        costs: Costs,
        index: Index,
        borrowed: BorrowedNrr,
        renewals: RenewalOutcomes,
        orphans: list[Row],
        retention: list[Row],
        product_driven: list[Row],
        trust: Trust,
    ) -> None:
        self.facts, self.costs, self.index, self.borrowed = facts, costs, index, borrowed
        self.config, self.trust, self.renewals = facts.config, trust, renewals
        self._streaks = earned_streaks(orphans, facts.config)
        self._retention = {row["month"]: row for row in retention if row["scope"] == "company"}
        totals = [row for row in product_driven if row["segment"] == row["origin"] == "all"]
        self._driven = {row["month"]: row["product_driven_share"] for row in totals}
        self._untracked = {row["month"]: row["untracked_share"] for row in totals}
        self.by_month: dict[date, Row] = {}
        for month in facts.months:
            self.by_month[month] = self._row(month)

    def rows(self) -> list[Row]:
        """plr_board_metrics."""
        return list(self.by_month.values())

    def _row(self, month: date) -> Row:
        costs, closing = self.costs, self.facts.company_mrr(month)
        revenue_ttm, cogs_ttm = costs.revenue_ttm(month), costs.cogs_ttm(month)
        to_serve, kept = costs.to_serve_ttm(month), self._retention.get(month, {})
        touches = human_touches(self.facts, COMPANY, month)
        year = costs.months_of_year(month)
        mean_customers = ratio(sum(self._customers(m) for m in year), len(year))
        begun = [streak for streak in self._streaks if streak.begun in year]
        caught = [s for s in begun if s.was_caught_by(month)]
        earned = [s for s in begun if s.was_flagged_by(month)] + caught
        index = self.index.row(month, COMPANY)
        row = {
            "month": month,
            "closing_mrr": closing,
            "arr": 12 * closing,
            "customers": self._customers(month),
            "nrr_ttm": kept.get("nrr_ttm"),
            "grr_ttm": kept.get("grr_ttm"),
            "revenue_ttm": revenue_ttm,
            "cogs_ttm": cogs_ttm,
            "gross_margin": margin(costs.revenue(month), costs.cogs(month)),
            "gross_margin_ttm": margin(revenue_ttm, cogs_ttm),
            "cost_to_serve_ttm": to_serve,
            "cost_to_serve_share": ratio(to_serve, revenue_ttm),
            "headcount_fte": costs.headcount(month),
            "revenue_per_employee": ratio(12 * closing, costs.headcount(month)),
            "human_touches_ttm": touches,
            "human_touches_per_account": ratio(touches, mean_customers),
            "earned_accounts": len({streak.account for streak in earned}),
            "earned_streaks": len(earned),
            "caught_streaks": len(caught),
            "expansion_caught_share": ratio(len(caught), len(earned)),
            "plr_index": index.get("plr_index"),
            "stages_weighed": index.get("stages_weighed"),
            "weighed_stages": index.get("weighed_stages"),
            "product_driven_share": self._driven.get(month),
            "renewal_durability": self.borrowed.durability(COMPANY, month).score,
            **self.renewals.shares(month),
        }
        trust = self.trust.of_month(self._untracked.get(month), self.config)
        return {
            **row,
            **self._co_movement(row),
            "data_confidence": trust.level,
            "confidence_reason": trust.reason,
        }

    def _customers(self, month: date) -> int:
        return sum(self.facts.mrr(facts, month) > 0 for facts in self.facts)

    def _co_movement(self, row: Row) -> Row:
        ago = self.by_month.get(shift(row["month"], -6), {})
        config = self.config
        changes = {
            "nrr": difference(row["nrr_ttm"], ago.get("nrr_ttm")),
            "gross_margin": difference(row["gross_margin_ttm"], ago.get("gross_margin_ttm")),
            "revenue_per_employee": growth(
                row["revenue_per_employee"], ago.get("revenue_per_employee")
            ),
        }
        bands = [
            config.nrr_deadband,
            config.gross_margin_deadband,
            config.revenue_per_employee_deadband,
        ]
        state, score = co_movement(
            [direction(change, band) for change, band in zip(changes.values(), bands, strict=True)]
        )
        return {
            **{f"delta_6m_{name}": change for name, change in changes.items()},
            "co_movement_state": state,
            "co_movement_score": score,
        }


@dataclass
class Streak:
    """An account's months of earned expansion running, and how they were answered."""

    account: str
    begun: date
    flagged: list[date] = field(default_factory=list)
    moved: list[date] = field(default_factory=list)

    def was_flagged_by(self, month: date) -> bool:
        """Whether it was ever flagged."""
        return any(flagged <= month for flagged in self.flagged)

    def was_caught_by(self, month: date) -> bool:
        """Whether something moved before it would have been flagged."""
        return any(moved <= month for moved in self.moved) and not self.was_flagged_by(month)


def earned_streaks(orphans: list[Row], config: Config) -> list[Streak]:
    """A streak's months from which it may be flagged, and the month that ended it."""
    by_key = {(row["account_id"], row["month"]): row for row in orphans}
    found: dict[tuple[str, date], Streak] = {}
    for (account, month), row in sorted(by_key.items()):
        own = row if row["is_earned"] else by_key.get((account, shift(month, -1)))
        if own is None or not own["is_earned"]:
            continue
        begun = month_of(own["earned_since"])
        streak = found.setdefault((account, begun), Streak(account, begun))
        if row["status"] == FLAGGED:
            streak.flagged.append(month)
        has_moved = row["days_since_motion"] is not None
        if (
            row["status"] in {CLEAR, WATCH}
            and has_moved
            and row["days_since_motion"] < config.orphan_quiet_days
            and (not row["is_earned"] or row["earned_streak"] >= config.orphan_months)
        ):
            streak.moved.append(month)
    return list(found.values())


def direction(change: Decimal | None, band: Decimal) -> int | None:
    """Up, down, or neither within the deadband."""
    if change is None:
        return None
    return int(at_least(change, band)) - int(at_most(change, -band))


def co_movement(directions: list[int | None]) -> tuple[str, Decimal | None]:
    """Whether three numbers rise or fall together, and the mean of their pairwise products."""
    if None in directions:
        return UNKNOWN, None
    up, down = directions.count(1), directions.count(-1)
    state = "steady"
    if not down and up >= 2:
        state = "rising_together"
    elif not up and down >= 2:
        state = "falling_together"
    elif up and down:
        state = "drifting_apart"
    a, b, c = directions
    return state, Decimal(a * b + b * c + a * c) / 3
