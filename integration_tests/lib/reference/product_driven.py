"""plr_product_driven_revenue: month × segment × origin, with totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from .config import Config
from .contract import Row
from .origin import PRODUCT_DRIVEN, AccountOrigin
from .quality import Trust
from .revenue import Movement
from .timeline import month_end, shift

ZERO = Decimal(0)


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """A fraction; undefined is NULL, never 0."""
    return part / whole if whole else None


def product_driven_rows(
    movements: list[Movement],
    found: dict[str, AccountOrigin],
    qualified: set[tuple[str, date]],
    unmapped_activity_share: Decimal | None,
    trust: Trust,
    config: Config,
) -> list[Row]:
    """A row wherever an account-month exists; the product started the `qualified` expansions."""
    groups: dict[tuple[date, str, str], list[Movement]] = defaultdict(list)
    for move in movements:
        segment, origin = found[move.account].account.segment, found[move.account].verdict.origin
        for a in (segment, "all"):
            for b in (origin, "all"):
                groups[move.month, a, b].append(move)

    product_driven = {
        key: _closing(moves, lambda f: f.verdict.origin in PRODUCT_DRIVEN, found)
        for key, moves in groups.items()
    }
    trust_of = {
        month: trust.of_month(
            share(
                _closing(moves, lambda f: f.verdict.origin == "untracked", found),
                _closing(moves, lambda f: True, found),
            ),
            config,
        )
        for (month, segment, origin), moves in groups.items()
        if segment == origin == "all"
    }
    rows = []
    for (month, segment, origin), moves in sorted(groups.items()):
        is_total, end = origin == "all", month_end(month)
        closing = _closing(moves, lambda f: True, found)
        mine = product_driven[month, segment, origin]
        untracked = _closing(moves, lambda f: f.verdict.origin == "untracked", found)
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for move in moves:
            for column, amount in move.amounts().items():
                sums[column] += amount
        rows.append(
            {
                "month": month,
                "segment": segment,
                "origin": origin,
                "is_total": is_total,
                "customers": sum(move.closing > 0 for move in moves),
                **sums,
                "arr": 12 * closing,
                "product_driven_mrr": mine,
                "product_driven_strict_mrr": _closing(moves, lambda f: f.is_strict, found),
                "purchase_only_mrr": _closing(
                    moves, lambda f: f.verdict.evidence == "self_serve_purchase", found
                ),
                "product_qualified_expansion_mrr": sum(
                    (m.expansion for m in moves if (m.account, m.month) in qualified), ZERO
                ),
                "untracked_mrr": untracked,
                "tracked_mrr": closing - untracked,
                "product_driven_share": share(mine, closing) if is_total else None,
                "product_driven_share_of_tracked": (
                    share(mine, closing - untracked) if is_total else None
                ),
                "untracked_share": share(untracked, closing) if is_total else None,
                "product_driven_revenue_ttm": sum(
                    (
                        product_driven.get((shift(month, -k), segment, origin), ZERO)
                        for k in range(12)
                    ),
                    ZERO,
                ),
                "restated_mrr": _closing(
                    moves,
                    lambda f, end=end: bool(f.verdict.decided_at and f.verdict.decided_at > end),
                    found,
                ),
                "unmapped_activity_share": unmapped_activity_share,
                "data_confidence": trust_of[month].level,
                "confidence_reason": trust_of[month].reason,
            }
        )
    return rows


def _closing(
    moves: list[Movement],
    wanted: Callable[[AccountOrigin], bool | None],
    found: dict[str, AccountOrigin],
) -> Decimal:
    """Closing MRR of the accounts that qualify."""
    return sum((m.closing for m in moves if wanted(found[m.account])), ZERO)
