"""plr_pipeline: deals by the month in which they were opened and what was true then."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import product

from .comparison import wilson
from .config import Config
from .contract import Row
from .facts import Facts
from .openings import Opening
from .ratios import nearest_rank, ratio, total

ALL = "all"


def pipeline_rows(openings: list[Opening], facts: Facts) -> list[Row]:
    """A row for every combination that has a deal; not covered ones whatever the sequence only."""
    config = facts.config
    groups: dict[tuple, list[Opening]] = defaultdict(list)
    for opening in openings:
        if opening.month > config.last_complete_month:
            continue
        sequences = {ALL, opening.sequence} if opening.is_covered else {ALL}
        types = {ALL, opening.deal["opportunity_type"]}
        segments = {ALL, facts[opening.deal["account"]].account.segment}
        for key in product([opening.month], sequences, types, segments):
            groups[key].append(opening)
    return [_row(key, groups, config) for key in sorted(groups)]


def _row(key: tuple, groups: dict[tuple, list[Opening]], config: Config) -> Row:
    month, sequence, kind, segment = key
    deals = [deal for deal in groups[key] if deal.is_covered]
    won = [deal for deal in deals if deal.outcome == "won"]
    lost = [deal for deal in deals if deal.outcome == "lost"]
    decided = len(won) + len(lost)
    of_month = [deal for deal in groups[month, ALL, ALL, ALL] if deal.is_covered]
    still_open = sum(deal.outcome == "open" for deal in of_month)
    is_ripe = still_open <= Decimal(str(config.pipeline_open_share)) * len(of_month)
    low, high = wilson(len(won), decided) if is_ripe else (None, None)
    days = [(deal.closed_at.date() - deal.deal["created_at"].date()).days for deal in won]
    known = [deal.amount for deal in won if deal.amount is not None]
    pipeline = total(deal.amount for deal in deals)
    first = total(deal.amount for deal in deals if deal.sequence == "product_first")
    return {
        "opened_month": month,
        "sequence_at_open": sequence,
        "opportunity_type": kind,
        "segment": segment,
        "opened": len(groups[key]),
        "not_covered": len(groups[key]) - len(deals),
        "won": len(won),
        "lost": len(lost),
        "still_open": len(deals) - decided,
        "decided": decided,
        "pipeline_mrr": pipeline,
        "won_mrr": total(known),
        "won_with_amount": len(known),
        "product_first_mrr": first if sequence == ALL else None,
        "is_decided": is_ripe,
        "win_rate": ratio(len(won), decided) if is_ripe else None,
        "win_rate_ci_low": low,
        "win_rate_ci_high": high,
        "days_to_close_median": nearest_rank(days, 1, 2, config.median_values),
        "mean_won_mrr": ratio(total(known), len(known)),
        "product_sourced_share": ratio(first, pipeline) if sequence == ALL else None,
        "confidence": config.confidence(decided),
    }
