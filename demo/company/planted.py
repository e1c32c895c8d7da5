"""The planted cases: accounts and months where a pattern of the package is known to hold.

Each account below is scripted so that the raw data satisfy the pattern's condition from month
`since` to month `month`, and not in the month before. Cases with status `clear` are near misses.
Three patterns live above the account, see `GROUP_CASES`. What else the package flags, and why, is
listed in unplanned.csv.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from company.model import Account
from company.when import LAST, first_day, last_day

Shape = Callable[[Account], None]
EARLY = 16  # scripted usage starts here at the latest, free of seasons


@dataclass(frozen=True)
class Plant:
    """One scripted account: which pattern, from which month to which, and why."""

    key: str
    pattern: str
    status: str
    motion: str
    segment: str
    starts: int
    since: int
    month: int
    why: str
    shape: Shape


GROUP_CASES = (
    # pattern, entity type, entity, since, month, why
    (
        "borrowed_nrr",
        "segment",
        "enterprise",
        31,
        35,
        "NRR holds while renewals get deeper discounts and shorter terms and cost to serve rises",
    ),
    (
        "architecture_drift",
        "company",
        "all",
        31,
        35,
        "ARR reached the growth stage, ARR per head stayed at the early stage's",
    ),
    (
        "product_passive_growth",
        "segment",
        "enterprise",
        14,
        35,
        "ARR grows and the product is used, yet people start nearly every revenue event",
    ),
)


def _pay_steadily(account: Account, paid_on: date, seats: int) -> None:
    """A paying account whose billing does not change by itself."""
    account.paid_on, account.seats, account.frozen = paid_on, seats, True
    account.annual, account.discount = False, 0.0
    account.currency = "USD"


def _self_serve(account: Account, paid_on: date, seats: int) -> None:
    """Signed up five weeks before paying, proved value in the second week, never contacted."""
    _pay_steadily(account, paid_on, seats)
    account.signed_up_at = datetime.combine(paid_on - timedelta(days=35), time(9))
    account.created_at = account.signed_up_at
    account.proven_at = account.signed_up_at + timedelta(days=9, hours=3)
    account.contacted_at = None


def sold(account: Account, paid_on: date, seats: int) -> None:
    """Contacted ten weeks before paying, on the product from the third week."""
    _pay_steadily(account, paid_on, seats)
    account.contacted_at = datetime.combine(paid_on - timedelta(days=70), time(10))
    account.created_at = account.contacted_at - timedelta(days=1)
    account.signed_up_at = account.contacted_at + timedelta(days=18)
    account.proven_at = account.signed_up_at + timedelta(days=8, hours=2)


def _set(target: dict, start: int, values: list[float] | list[int]) -> None:
    """Give consecutive months their values."""
    target.update(dict(enumerate(values, start=start)))


def level(account: Account, people: int, start: int = EARLY) -> None:
    """Even usage, month after month, from `start` on."""
    for month in range(start, LAST + 1):
        account.people[month] = people
        account.depth[month] = 1.0
        account.value[month] = 1.0


def _orphan_full_seats(account: Account) -> None:
    _self_serve(account, date(2024, 9, 10), 40)
    level(account, 25, start=21)
    _set(account.people, 31, [34, 35, 36, 37, 38])


def _orphan_limit_hits(account: Account) -> None:
    _self_serve(account, date(2024, 11, 18), 12)
    level(account, 8, start=23)
    for month in (33, 34, 35):
        for back in (3, 8, 8, 14):
            noon = datetime.combine(last_day(month), time(12))
            account.events.append(
                (noon - timedelta(days=back, minutes=back), "board_limit_reached", "app")
            )


def _orphan_more_people(account: Account) -> None:
    sold(account, date(2024, 10, 14), 34)
    level(account, 10, start=22)
    _set(account.people, 32, [13, 16, 19, 22])
    _set(account.depth, 32, [1.1, 1.15, 1.15, 1.15])


def _orphan_check_ins_only(account: Account) -> None:
    sold(account, date(2024, 3, 12), 80)
    account.annual, account.discount = True, 0.10
    level(account, 50)
    _set(account.people, 16, [66, 68, 70, 72, 73, 73, 74])


def _orphan_then_left(account: Account) -> None:
    _self_serve(account, date(2023, 12, 5), 8)
    account.leaves_on = date(2025, 1, 5)
    level(account, 5, start=12)
    _set(account.people, 18, [7, 7, 8, 8, 8, 8])


def _orphan_prompted(account: Account) -> None:
    _self_serve(account, date(2024, 8, 6), 30)
    level(account, 18, start=20)
    _set(account.people, 31, [26, 27, 27, 28, 28])
    for month in range(31, LAST + 1):
        shown = datetime.combine(last_day(month) - timedelta(days=9), time(11))
        account.events.append((shown, "upgrade_prompt_shown", "app"))


def waiting(account: Account, proven_at: datetime, people: int) -> None:
    """Free, proved value, and goes on using it."""
    account.signed_up_at = proven_at - timedelta(days=7)
    account.created_at = account.signed_up_at
    account.proven_at, account.contacted_at, account.quiet_from = proven_at, None, None
    account.seats = people
    account.channel = "organic"
    level(account, people, start=(proven_at.year - 2023) * 12 + proven_at.month - 1)


def _hole_untouched(account: Account) -> None:
    waiting(account, datetime(2025, 7, 22, 14, 5), 6)


def _hole_newsletter_only(account: Account) -> None:
    waiting(account, datetime(2025, 8, 12, 10, 40), 14)
    for month in (32, 33, 34, 35):
        sent = datetime.combine(first_day(month) + timedelta(days=6), time(9))
        account.touches.append(
            {
                "moment": sent,
                "kind": "Email",
                "team": "Marketing",
                "purpose": "newsletter",
                "is_sequence": True,
            }
        )


def _hole_called_too_early(account: Account) -> None:
    waiting(account, datetime(2025, 6, 16, 15, 20), 11)
    account.touches.append(
        {
            "moment": datetime(2025, 6, 6, 10, 30),
            "kind": "Call",
            "team": "SDR",
            "purpose": "prospecting",
        }
    )


def _hole_support_only(account: Account) -> None:
    waiting(account, datetime(2024, 12, 10, 11, 15), 5)
    for moment in (datetime(2025, 3, 4, 13, 0), datetime(2025, 9, 18, 9, 30)):
        account.touches.append(
            {
                "moment": moment,
                "kind": "Email",
                "team": "Support",
                "purpose": "support",
                "direction": "Inbound",
            }
        )


def _hole_large_team(account: Account) -> None:
    waiting(account, datetime(2025, 9, 24, 16, 45), 28)


def _hole_found_late(account: Account) -> None:
    waiting(account, datetime(2024, 4, 18, 12, 10), 9)
    account.contacted_at = datetime(2024, 10, 8, 10, 0)
    account.paid_on, account.seats = date(2024, 11, 6), 16
    account.annual, account.frozen, account.currency = False, True, "USD"
    for month in range(22, LAST + 1):
        account.people[month] = 10


def _hole_lapsed(account: Account) -> None:
    waiting(account, datetime(2025, 5, 13, 9, 50), 5)
    account.quiet_from = 32


def _hollow_busy_screens(account: Account) -> None:
    sold(account, date(2024, 6, 18), 36)
    level(account, 24, start=18)
    _set(account.depth, 30, [1.05, 1.2, 1.35, 1.5, 1.65, 1.8])
    _set(account.value, 30, [0.9, 0.8, 0.7, 0.6, 0.5, 0.4])


def _hollow_before_renewal(account: Account) -> None:
    sold(account, date(2024, 4, 10), 110)
    account.annual, account.discount = True, 0.10
    level(account, 62)
    _set(account.depth, 31, [1.1, 1.25, 1.4, 1.5, 1.6])
    _set(account.value, 31, [0.85, 0.75, 0.6, 0.5, 0.45])


def _hollow_then_left(account: Account) -> None:
    _self_serve(account, date(2024, 4, 22), 16)
    account.leaves_on = date(2025, 7, 22)
    level(account, 11)
    _set(account.depth, 25, [1.2, 1.4, 1.55, 1.7, 1.8])
    _set(account.value, 25, [0.8, 0.7, 0.55, 0.45, 0.35])


def _hollow_smaller_renewal(account: Account) -> None:
    sold(account, date(2024, 10, 8), 50)
    account.annual, account.renewal_factor = True, 0.88
    account.discount = 0.05
    level(account, 27, start=22)
    _set(account.depth, 31, [1.05, 1.15, 1.3, 1.45, 1.6])
    _set(account.value, 31, [1.05, 1.15, 1.3, 1.45, 1.6])


def _hollow_bots(account: Account) -> None:
    sold(account, date(2024, 7, 16), 32)
    level(account, 20, start=19)
    for month in (33, 34, 35):
        for hour in range(150):
            start = datetime.combine(first_day(month), time())
            account.events.append((start + timedelta(hours=hour * 4), "board_viewed", "scheduler"))


ORPHAN, HOLE, HOLLOW = "expansion_orphans", "conversion_black_holes", "hollow_usage"

# a table, two lines an account; one cell a line would be 217 lines
# fmt: off
PLANTS = (
    Plant("orphan_full_seats", ORPHAN, "flagged", "self_serve", "mid_market", 18, 33, 35,
          "over 85 % of the seats active since 2025-08 and nobody ever called", _orphan_full_seats),
    Plant("orphan_limit_hits", ORPHAN, "flagged", "self_serve", "smb", 21, 34, 35,
          "four limit hits on three days in each of three months, no motion", _orphan_limit_hits),
    Plant("orphan_more_people", ORPHAN, "flagged", "sales_led", "mid_market", 19, 34, 35,
          "usage and users up by a third or more, last motion a year ago", _orphan_more_people),
    Plant("orphan_check_ins_only", ORPHAN, "flagged", "sales_led", "enterprise", 12, 18, 22,
          "seats full, only success check-ins until the renewal talk", _orphan_check_ins_only),
    Plant("orphan_then_left", ORPHAN, "flagged", "self_serve", "smb", 10, 20, 23,
          "seats full for half a year, no motion, gone in 2025-01", _orphan_then_left),
    Plant("orphan_prompted", ORPHAN, "clear", "self_serve", "mid_market", 18, 33, 35,
          "seats full, but the product shows an offer each month", _orphan_prompted),
    Plant("hole_untouched", HOLE, "flagged", "free", "smb", 30, 31, 35,
          "value since 2025-07, never offered anything", _hole_untouched),
    Plant("hole_newsletter_only", HOLE, "flagged", "free", "mid_market", 31, 32, 35,
          "value since 2025-08, only newsletters", _hole_newsletter_only),
    Plant("hole_called_too_early", HOLE, "flagged", "free", "mid_market", 29, 30, 35,
          "called ten days before value was proven, never again", _hole_called_too_early),
    Plant("hole_support_only", HOLE, "flagged", "free", "smb", 23, 24, 35,
          "value all year, only support answered", _hole_support_only),
    Plant("hole_large_team", HOLE, "flagged", "free", "enterprise", 32, 33, 35,
          "28 people on the free plan since 2025-09, no offer", _hole_large_team),
    Plant("hole_found_late", HOLE, "flagged", "assisted", "mid_market", 15, 16, 20,
          "waited from 2024-04 until the call of 2024-10, then bought", _hole_found_late),
    Plant("hole_lapsed", HOLE, "clear", "free", "smb", 28, 32, 35,
          "value in 2025-05, quiet since 2025-09", _hole_lapsed),
    Plant("hollow_busy_screens", HOLLOW, "flagged", "sales_led", "mid_market", 15, 32, 35,
          "views climb every month while plans published fall", _hollow_busy_screens),
    Plant("hollow_before_renewal", HOLLOW, "flagged", "sales_led", "enterprise", 13, 32, 35,
          "views up, value down, term ends 2026-04", _hollow_before_renewal),
    Plant("hollow_then_left", HOLLOW, "flagged", "self_serve", "smb", 14, 26, 29,
          "views up, value down through spring 2025, gone in 2025-07", _hollow_then_left),
    Plant("hollow_smaller_renewal", HOLLOW, "flagged", "sales_led", "mid_market", 19, 33, 35,
          "usage and value up, yet renewed with fewer seats in 2025-10", _hollow_smaller_renewal),
    Plant("hollow_bots", HOLLOW, "clear", "sales_led", "mid_market", 16, 33, 35,
          "only scheduled views rise, people's usage is level", _hollow_bots),
)
# fmt: on
